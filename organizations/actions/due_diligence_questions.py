"""The secretariat asks an organization something in the course of its checks; a member answers."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.exceptions import ActionRefused
from alliance.workflow import Actor
from organizations.actions.due_diligence_moves import capacities, locked, walk
from organizations.emails import due_diligence as emails
from organizations.models import DueDiligence, DueDiligenceQuestion, User
from organizations.permissions import can_edit_profile
from organizations.workflow import CLARIFICATION_REQUESTED

# Days to answer, as for questions about what was submitted.
FEWEST_DAYS = 7
MOST_DAYS = 90


@transaction.atomic
def ask_organization(
    cycle: DueDiligence, *, by: User, question: str, due_on: date
) -> DueDiligenceQuestion:
    """Ask, and wait for the answer: nothing is cleared meanwhile. Only while the review goes on."""
    cycle = locked(cycle)
    days = (due_on - timezone.localdate()).days
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise ActionRefused(
            _("Give them between %(fewest)d and %(most)d days.")
            % {"fewest": FEWEST_DAYS, "most": MOST_DAYS}
        )
    walk(
        cycle,
        "request_clarification",
        by=by,
        actors=capacities(by, cycle.organization),
        reason="",
    )
    asked = DueDiligenceQuestion.objects.create(
        cycle=cycle, question=question, due_on=due_on, asked_by=by
    )
    emails.question_asked(asked)
    return asked


@transaction.atomic
def answer_question(question: DueDiligenceQuestion, *, by: User, answer: str) -> DueDiligence:
    """Answer what was asked; the review goes on. Of two members at once the first one counts."""
    cycle = locked(question.cycle)
    if not can_edit_profile(by, cycle.organization):
        raise ActionRefused(_("Only owners and editors of an organization can answer for it."))
    question = DueDiligenceQuestion.objects.select_related("answered_by").get(pk=question.pk)
    if question.ended_at is not None:
        raise ActionRefused(_("The secretariat has taken this question back."))
    if question.answered_at is not None or cycle.status != CLARIFICATION_REQUESTED:
        raise ActionRefused(
            _("%(person)s has answered already.")
            % {"person": question.answered_by or _("Somebody")}
        )
    question.answer = answer
    question.answered_at, question.answered_by = timezone.now(), by
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    walk(cycle, "answer_clarification", by=by, actors={Actor.APPLICANT}, reason="")
    question.cycle = cycle
    emails.question_answered(question)
    return cycle


@transaction.atomic
def take_back_question(cycle: DueDiligence, *, by: User) -> DueDiligence:
    """Go on without the answer, where none comes or none is needed any more."""
    cycle = locked(cycle)
    walk(
        cycle,
        "take_back_question",
        by=by,
        actors=capacities(by, cycle.organization),
        reason="",
    )
    cycle.questions.open().update(ended_at=timezone.now())
    return cycle
