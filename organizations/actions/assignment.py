"""Whose due diligence it is, and who is away."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from organizations import permissions
from organizations.actions.due_diligence_moves import locked, record
from organizations.emails import due_diligence as emails
from organizations.models import Absence, DueDiligence, User


@transaction.atomic
def assign_cycle(cycle: DueDiligence, *, to: User | None, by: User) -> DueDiligence:
    """Give the due diligence to a reviewer, or to nobody; who gets it is told by mail.

    Raises ActionRefused where it is settled, is a colleague's and `by` is not senior, or where
    `to` may not review the organization.
    """
    cycle = locked(cycle)
    if not permissions.can_review_organization(by, cycle.organization):
        raise ActionRefused(_("Only reviewers of this organization say whose it is."))
    if not cycle.state.is_open:
        raise ActionRefused(_("This due diligence is settled: nobody has to work on it."))
    if not permissions.can_assign_cycle(by, cycle):
        raise ActionRefused(
            _("It is now with %(person)s. Only they, or a senior reviewer, give it to somebody.")
            % {"person": cycle.assignee}
        )
    # Roles are read anew: what the caller holds may be older than the lock.
    to = None if to is None else User.objects.get(pk=to.pk)
    if to is not None and not permissions.can_review_organization(to, cycle.organization):
        raise ActionRefused(
            _("%(person)s may not review this organization, so it cannot be theirs.")
            % {"person": to}
        )
    if to != cycle.assignee:
        set_assignee(cycle, to, by=by)
        if to is not None and to != by:
            emails.due_diligence_assigned(cycle, by=by)
    return cycle


def set_assignee(cycle: DueDiligence, to: User | None, *, by: User) -> None:
    """Write down whose a locked cycle is from now on, with its event."""
    before = cycle.assignee_id
    cycle.assignee = to
    cycle.save(update_fields=["assignee"])
    after = to.pk if to else None
    record("due_diligence.assigned", cycle, by=by, internal=True, before=before, after=after)


@transaction.atomic
def set_absence(person: User, *, by: User, starts_on: date | None, ends_on: date | None) -> None:
    """Note the days on which the person is away, in place of those noted before; None: none."""
    if by != person or not permissions.is_reviewer(by):
        raise ActionRefused(_("Reviewers say themselves when they are away."))
    if starts_on is None or ends_on is None:
        Absence.objects.filter(person=person).delete()
    else:
        days = {"starts_on": starts_on, "ends_on": ends_on}
        Absence.objects.update_or_create(person=person, defaults=days)
    audit.record(
        "person.absence_noted",
        by=by,
        about=person,
        internal=True,
        starts=starts_on.isoformat() if starts_on else None,
        ends=ends_on.isoformat() if ends_on else None,
    )
