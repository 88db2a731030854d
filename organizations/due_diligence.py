"""Rules of due diligence: which cycle counts, what level it needs, what clearing takes."""

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy as _

from alliance.models import Term
from alliance.text import Text
from organizations.models import DueDiligence, Membership, Organization

# Months a clearance holds.
VALID_MONTHS = 24

# Partner categories by their risk track: states answer for themselves, those whose money has
# private or mixed sources are looked at most closely.
_LEVEL_OF_TRACK = {
    "state": DueDiligence.Level.BASIC,
    "non-state": DueDiligence.Level.STANDARD,
    "full": DueDiligence.Level.ENHANCED,
}


def propose_level(category: Term | None) -> DueDiligence.Level:
    """The level that a partner category asks for; staff raise or lower it with a reason.

    Without a known category nothing can be said yet, so the middle one.
    """
    track = str(category.data.get("track", "")) if category else ""
    return _LEVEL_OF_TRACK.get(track, DueDiligence.Level.STANDARD)


def current_cycle(organization: Organization) -> DueDiligence | None:
    """The cycle that counts: the newest."""
    return organization.due_diligence_cycles.order_by("-number").first()


def is_cleared(organization: Organization) -> bool:
    cycle = current_cycle(organization)
    return cycle is not None and cycle.is_cleared


def missing_for_clearance(organization: Organization) -> list[Text]:
    """What stands in the way of clearing, in words for the reviewer; empty when nothing does."""
    missing: list[Text] = []
    owners = organization.memberships.filter(role=Membership.Role.OWNER).values("user")
    if not EmailAddress.objects.filter(user__in=owners, verified=True).exists():
        missing.append(_("No owner of the organization has a verified email address."))
    if not is_profile_complete(organization):
        missing.append(_("The organization's profile is not complete."))
    return missing


def is_profile_complete(organization: Organization) -> bool:
    """Everything that the registration asks for is there."""
    return bool(organization.name and organization.logo and organization.type_id)
