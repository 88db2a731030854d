"""The usual letters of a decision, drafted for the senior reviewer to edit."""

from collections.abc import Iterable

from django.template.loader import render_to_string

from submissions.models import Submission


def draft_letters(submission: Submission, outcomes: Iterable[str]) -> dict[str, str]:
    """One letter for each outcome (a `Decision.Outcome`), addressed to who sent the submission."""
    context = {"submission": submission, "person": submission.submitted_by}
    return {
        outcome: render_to_string(f"submissions/letters/{outcome}.txt", context).strip()
        for outcome in outcomes
    }
