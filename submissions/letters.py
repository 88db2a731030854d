"""The usual letters of a decision, drafted for the senior reviewer to edit."""

from collections.abc import Iterable

from django.template.loader import render_to_string

from submissions.models import Submission


def draft_letters(
    submission: Submission, outcomes: Iterable[str], *, reason: str = ""
) -> dict[str, str]:
    """One letter for each outcome (a `Decision.Outcome`), addressed to who sent the submission.

    A refusal names its `reason`, in the words of the list.
    """
    context = {"submission": submission, "person": submission.submitted_by, "reason": reason}
    return {
        outcome: render_to_string(f"submissions/letters/{outcome}.txt", context).strip()
        for outcome in outcomes
    }
