"""Rules of due diligence: which cycle counts, and what clearing takes."""

from collections.abc import Iterator
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance.text import Text
from organizations.checks import BY_CODE, CheckKind, checks_of
from organizations.completeness import missing_in_profile
from organizations.levels import propose_level
from organizations.models import (
    Check,
    DueDiligence,
    Hit,
    Membership,
    Organization,
    SanctionsSnapshot,
    User,
)
from organizations.screening.runs import is_screened_now

__all__ = [
    "current_cycle",
    "is_cleared",
    "missing_for_clearance",
    "propose_level",
]

# Months a clearance holds.
VALID_MONTHS = 24
# How long before its end a clearance is shown to the secretariat as ending.
ENDING_WITHIN = timedelta(days=60)


def current_cycle(organization: Organization) -> DueDiligence | None:
    """The cycle that counts: the newest."""
    return organization.due_diligence_cycles.order_by("-number").first()


def is_cleared(organization: Organization) -> bool:
    cycle = current_cycle(organization)
    return (
        cycle is not None
        and cycle.is_cleared
        and cycle.valid_until is not None
        and cycle.valid_until >= timezone.localdate()
    )


def missing_for_clearance(organization: Organization) -> list[Text]:
    """What stands in the way of clearing, in words for the reviewer; empty when nothing does."""
    cycle = current_cycle(organization)
    return [
        *_missing_of_applicant(organization),
        *(_missing_checks(cycle) if cycle else ()),
        *_missing_of_screening(organization),
    ]


def _missing_of_applicant(organization: Organization) -> Iterator[Text]:
    owners = organization.memberships.filter(role=Membership.Role.OWNER).values("user")
    if not EmailAddress.objects.filter(user__in=owners, verified=True).exists():
        yield _("No owner of the organization has a verified email address.")
    if lacking := missing_in_profile(organization):
        names = ", ".join(str(item.label) for item in lacking)
        yield _("The organization's profile is not complete: %(names)s.") % {"names": names}


def _missing_checks(cycle: DueDiligence) -> Iterator[Text]:
    asked, answers = checks_of(cycle.level), answers_of(cycle)
    unanswered = len([check for check in asked if check.code not in answers])
    if unanswered:
        yield ngettext(
            "%(count)d of %(all)d checks is not answered.",
            "%(count)d of %(all)d checks are not answered.",
            unanswered,
        ) % {"count": unanswered, "all": len(asked)}


def _missing_of_screening(organization: Organization) -> Iterator[Text]:
    if not SanctionsSnapshot.objects.filter(is_current=True).exists():
        yield _("No sanctions list has been taken yet, so nothing can be compared.")
    elif not is_screened_now(organization):
        yield _("The names as they are now have not been compared with the current list.")
    hits = Hit.objects.filter(organization=organization)
    if count := hits.open().count():
        yield ngettext(
            "%(count)d hit of the screening is open.",
            "%(count)d hits of the screening are open.",
            count,
        ) % {"count": count}
    if hits.confirmed().exists():
        yield _("A hit is confirmed: whoever is on the list cannot be cleared.")


def answers_of(cycle: DueDiligence) -> dict[str, Check]:
    return {check.code: check for check in cycle.checks.select_related("answered_by")}


def stopping_checks(cycle: DueDiligence) -> list[CheckKind]:
    """The checks answered with no that call for a second person."""
    refused = cycle.checks.filter(answer=Check.Answer.NO).values_list("code", flat=True)
    kinds = [BY_CODE[code] for code in refused if code in BY_CODE]
    return [kind for kind in kinds if kind.stops]


def needs_second_person(cycle: DueDiligence) -> bool:
    """Whether clearing is recommended by one person and done by another."""
    return cycle.level == DueDiligence.Level.ENHANCED or bool(stopping_checks(cycle))


def missing_second_person(cycle: DueDiligence, user: User) -> Text:
    """Why this person may not clear the cycle alone; empty where they may."""
    if not needs_second_person(cycle):
        return ""
    if cycle.recommended_at is None:
        return _("Two people clear this one: somebody has to recommend it first.")
    if cycle.recommended_by_id == user.pk:
        return _("You have recommended to clear it; a second person has to do it.")
    return ""
