"""Conflicts of interest: declared by whoever has one, ended by a senior reviewer."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from organizations import permissions
from organizations.actions.assignment import set_assignee
from organizations.models import ConflictOfInterest, Organization, User


@transaction.atomic
def declare(organization: Organization, *, by: User, reason: str) -> ConflictOfInterest:
    """Note why this reviewer has no part in the organization's cases any more.

    Its due diligence is taken off them. Cases of the apps above are theirs to take off, in the
    same transaction. Raises ActionRefused where they have no part in it already.
    """
    organization = _locked(organization)
    if not reason.strip():
        raise ActionRefused(_("Say in a sentence why."))
    if not permissions.can_review_organization(by, organization):
        raise ActionRefused(_("You have no part in the cases of this organization as it is."))
    conflict = ConflictOfInterest.objects.create(
        person=by, organization=organization, reason=reason.strip()
    )
    audit.record(
        "conflict.declared", by=by, about=organization, internal=True, conflict=conflict.pk
    )
    for cycle in organization.due_diligence_cycles.filter(assignee=by):
        set_assignee(cycle, None, by=by)
    return conflict


@transaction.atomic
def end(conflict: ConflictOfInterest, *, by: User, reason: str) -> ConflictOfInterest:
    """Let the person work on the organization's cases again; a senior colleague's to do."""
    _locked(conflict.organization)
    conflict = ConflictOfInterest.objects.select_related("organization", "ended_by").get(
        pk=conflict.pk
    )
    if not conflict.is_open:
        raise ActionRefused(
            _("%(person)s has ended it already.") % {"person": conflict.ended_by or _("Somebody")}
        )
    if not permissions.can_end_conflict(by, conflict):
        raise ActionRefused(_("A senior reviewer ends it, and nobody their own."))
    if not reason.strip():
        raise ActionRefused(_("Say in a sentence why."))
    conflict.ended_at, conflict.ended_by = timezone.now(), by
    conflict.ended_reason = reason.strip()
    conflict.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    audit.record(
        "conflict.ended",
        by=by,
        about=conflict.organization,
        internal=True,
        conflict=conflict.pk,
        person=conflict.person_id,
    )
    return conflict


def _locked(organization: Organization) -> Organization:
    """The row as it is now, held: so that nobody is given a case of it meanwhile."""
    return Organization.objects.locked().get(pk=organization.pk)
