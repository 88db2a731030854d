"""Whether an organization agrees to be named in the public directory.

It says so first in the declaration of its application, which counts once that is approved. Later
its owners say otherwise, or agree again, on its page. Whoever spoke last is right.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from organizations.models import Organization, User
from organizations.permissions import can_say_listing

_SAID = ("may_be_listed", "listing_said_at", "listing_said_by")


@transaction.atomic
def say_listing(organization: Organization, *, by: User, agrees: bool) -> Organization:
    """Agree, or no longer; the same answer again changes nothing."""
    organization = Organization.objects.locked().get(pk=organization.pk)
    if not can_say_listing(by, organization):
        raise ActionRefused(_("Only an owner of the organization can do this."))
    if organization.may_be_listed == agrees:
        return organization
    _save(organization, agrees=agrees, at=timezone.now(), by=by)
    name = "organization.listing_agreed" if agrees else "organization.listing_taken_back"
    audit.record(name, by=by, about=organization)
    return organization


@transaction.atomic
def take_declared_listing(
    organization: Organization, *, by: User | None, agrees: bool, at: datetime
) -> Organization:
    """What the declaration of an approved application said, unless an owner has spoken since.

    `at` is when it was declared, and `by` who did; None where they have erased their account.
    """
    organization = Organization.objects.locked().get(pk=organization.pk)
    if organization.listing_said_at is not None and organization.listing_said_at >= at:
        return organization
    _save(organization, agrees=agrees, at=at, by=by)
    audit.record("organization.listing_declared", by=by, about=organization, agrees=agrees)
    return organization


def _save(organization: Organization, *, agrees: bool, at: datetime, by: User | None) -> None:
    organization.may_be_listed = agrees
    organization.listing_said_at = at
    organization.listing_said_by = by
    organization.save(update_fields=_SAID)
