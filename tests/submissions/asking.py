"""Questions for tests, asked and answered."""

from datetime import date, timedelta

from django.utils import timezone

from organizations.models import User
from submissions import actions
from submissions.forms.clarification import answer_form
from submissions.models import Clarification, Submission
from submissions.typed import Typed, as_posted
from tests import factories

QUESTION = "How many of the stations send data today?"


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def asked(
    submission: Submission, reviewer: User, *fields: str, days: int = 14, **more: str
) -> Clarification:
    """One question about each field, or one about the whole."""
    questions = [actions.Question(QUESTION, field) for field in fields or ("",)]
    return actions.ask(submission, by=reviewer, questions=questions, due_on=in_days(days))


def under_questions(owner: User, reviewer: User, *fields: str, days: int = 14) -> Clarification:
    """Questions about an Expression of Interest in eligibility screening."""
    submission = actions.start_review(factories.submitted(owner), by=reviewer)
    return asked(submission, reviewer, *fields, days=days)


def answered(clarification: Clarification, by: User, **changes: str | list[str]) -> Submission:
    """The same sent back with an answer to each question, and these fields changed."""
    submission = Submission.objects.get(pk=clarification.submission_id)
    items = list(clarification.items.all())
    typed: Typed = {
        name: value if isinstance(value, list) else [value] for name, value in changes.items()
    }
    submission = actions.save_answers(
        submission,
        by=by,
        version=submission.version,
        answers={item.pk: "As you say." for item in items},
        typed=typed,
    )
    revision = submission.revisions.latest("number")
    posted = as_posted(submission.typed | {f"answer_{item.pk}": ["As you say."] for item in items})
    form = answer_form(submission, items, revision, posted)
    assert form.is_valid(), form.errors
    return actions.send_back(submission, by=by, version=submission.version, answers=form.answers())
