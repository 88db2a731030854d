"""Questions in the portal in use: about a Demand, a round answered and one open; and to an
organization in the course of its checks.
"""

from typing import Any

from organizations.actions.due_diligence import advance
from organizations.actions.due_diligence_questions import ask_organization
from organizations.models import User
from tests import factories
from tests.submissions.asking import answered, asked, in_days

Values = dict[str, dict[str, Any]]


def add_questions(people: dict[str, User], mark: str, rows: int) -> Values:
    """Make the rows, with `mark` in their texts; returns what stands for their parameters.

    A line that names "asked" leads to the Demand; one that names "draft" to what is not sent yet.
    """
    owner, reviewer = people["owner"], people["reviewer"]
    submission = factories.demand(owner, description=f"{mark} asks for forecasts.")
    changed = {"description": f"{mark} asks for forecasts and boats."}
    for _number in range(rows):
        submission = answered(asked(submission, reviewer, "description"), owner, **changed)
    clarification = asked(submission, reviewer, *["outcomes"] * rows)
    item = clarification.items.first()
    assert item is not None
    draft = factories.draft(people["stranger"], "demand")
    values: Values = {
        "submissions:detail asked": {"submission_uuid": submission.uuid},
        "submissions:answers": {"submission_uuid": submission.uuid},
        "submissions:copy_pdf draft": {"submission_uuid": draft.uuid},
        "submissions:timeline draft": {"submission_uuid": draft.uuid},
        "admin:submissions_submission_change asked": {"object_id": submission.pk},
    }
    for name in ("ask", "settle", "unsettle", "timeline"):
        more = {} if name in {"ask", "timeline"} else {"item_id": item.pk}
        address = f"admin:submissions_submission_{name}"
        values[address] = {"object_id": submission.pk} | more
        values[f"{address} draft"] = {"object_id": draft.pk} | more
    _ask_organization(people)
    return values


def _ask_organization(people: dict[str, User]) -> None:
    """A question to the stranger's organization, which is under review."""
    place = people["stranger"].memberships.get().organization
    cycle = place.due_diligence_cycles.get()
    for arrow in ("start_screening", "start_review"):
        cycle = advance(cycle, by=people["reviewer"], arrow=arrow)
    ask_organization(
        cycle, by=people["reviewer"], question="Who chairs your board?", due_on=in_days(14)
    )
