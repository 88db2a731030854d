"""Whose case it is: one reviewer's, or nobody's yet."""

from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from organizations.actions.assignment import set_assignee as set_cycle_assignee
from organizations.models import DueDiligence, Organization, User
from organizations.models.due_diligence import DueDiligenceQuerySet
from organizations.permissions import can_hand_over_for_others, is_reviewer
from submissions import emails, permissions
from submissions.actions.moves import locked
from submissions.models import Submission
from submissions.models.submission_queryset import SubmissionQuerySet


@transaction.atomic
def assign(submission: Submission, *, to: User | None, by: User) -> Submission:
    """Give the case to a reviewer, or to nobody; who gets it is told, unless they took it.

    Raises ActionRefused where the case is closed, is a colleague's and `by` is not senior, or
    where `to` may not review it. Nothing happens where it is theirs already.
    """
    submission = locked(submission)
    _check_may_assign(submission, by=by)
    # Roles are read anew: what the caller holds may be older than the lock.
    to = None if to is None else User.objects.get(pk=to.pk)
    if to is not None and not permissions.can_review(to, submission):
        raise ActionRefused(
            _("%(person)s may not review this case, so it cannot be theirs.") % {"person": to}
        )
    if to != submission.assignee:
        set_assignee(submission, to, by=by)
        if to is not None and to != by:
            emails.cases_assigned(to, [submission], by=by)
    return submission


def set_assignee(submission: Submission, to: User | None, *, by: User | None) -> None:
    """Write down whose a locked case is from now on, with its event.

    No rule changes afterwards what people have said.
    """
    before = submission.assignee_id
    submission.assignee = to
    submission.routed_at = submission.routed_at or timezone.now()
    submission.save(update_fields=["assignee", "routed_at"])
    audit.record(
        "submission.assigned",
        by=by,
        about=submission,
        internal=True,
        before=before,
        after=to.pk if to else None,
    )


class HandedOver(NamedTuple):
    """How many went to the colleague, and how many stay because the colleague may not review."""

    cases: int
    checks: int
    staying: int


@transaction.atomic
def hand_over(person: User, *, to: User, by: User) -> HandedOver:
    """Give all open cases and due diligence of `person` to a colleague, who gets one message.

    Reviewers hand over what is theirs, seniors what is anybody's, but for cases in which they have
    no part themselves. What the colleague may not review stays. Raises ActionRefused
    where nothing can be handed over.
    """
    _check_may_hand_over(person, to=to, by=by)
    to = User.objects.get(pk=to.pk)
    all_cases = Submission.objects.received().open().filter(assignee=person)
    all_cycles = DueDiligence.objects.at_work().filter(assignee=person)
    if by != person:
        all_cases, all_cycles = all_cases.reviewable_by(by), all_cycles.reviewable_by(by)
    cases, cycles = _held(all_cases, all_cycles, to)
    staying = all_cases.count() + all_cycles.count() - len(cases) - len(cycles)
    if not cases and not cycles:
        raise ActionRefused(
            _("Nothing can be handed over: %(person)s may review none of these cases.")
            % {"person": to}
            if staying
            else _("There is nothing to hand over.")
        )
    with audit.in_one_go():
        for case in cases:
            set_assignee(case, to, by=by)
        for cycle in cycles:
            set_cycle_assignee(cycle, to, by=by)
    emails.cases_assigned(to, cases, by=by, cycles=cycles)
    return HandedOver(len(cases), len(cycles), staying)


def _held(
    all_cases: SubmissionQuerySet, all_cycles: DueDiligenceQuerySet, to: User
) -> tuple[list[Submission], list[DueDiligence]]:
    """Those of them that this colleague may review, locked."""
    places = {*all_cases.values_list("organization", flat=True)}
    places |= {*all_cycles.values_list("organization", flat=True)}
    # Held first, all at once and in their order, as everywhere: nobody waits in a ring.
    list(Organization.objects.locked().filter(pk__in=places))
    cases = list(
        all_cases.reviewable_by(to)
        .filter(organization__in=places)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    cycles = list(
        all_cycles.reviewable_by(to)
        .filter(organization__in=places)
        .select_related("organization")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    return cases, cycles


def _check_may_hand_over(person: User, *, to: User, by: User) -> None:
    if not is_reviewer(by) or (by != person and not can_hand_over_for_others(by)):
        raise ActionRefused(_("Reviewers hand over their own cases, senior reviewers anybody's."))
    if to == person or not is_reviewer(User.objects.get(pk=to.pk)):
        raise ActionRefused(_("Choose a colleague who reviews."))


def _check_may_assign(submission: Submission, *, by: User) -> None:
    if not permissions.can_review(by, submission):
        raise ActionRefused(_("Only reviewers of this case say whose it is."))
    if not submission.is_worked_on:
        raise ActionRefused(_("This case is closed: nobody has to work on it."))
    if not permissions.can_assign(by, submission):
        raise ActionRefused(
            _("It is now with %(person)s. Only they, or a senior reviewer, give it to somebody.")
            % {"person": submission.assignee}
        )
