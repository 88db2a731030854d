"""The newest revision of a submission beside an earlier one, as both of its pages show them."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import QueryDict

from submissions.differences import difference
from submissions.forms.clarification import CompareForm
from submissions.models import Revision, Submission


def compared(
    submission: Submission,
    revisions: list[Revision],
    asked_for: QueryDict,
    *,
    beside: Revision | None = None,
    since: Revision | None = None,
) -> dict[str, Any]:
    """The difference, and the revisions that can be chosen; `revisions` are all, newest first.

    The newest is compared with `beside`, else with the one that the address asks for, else with
    `since`, else with the last but one.
    """
    newest, *earlier = revisions
    number = CompareForm(asked_for, numbers=[row.number for row in earlier]).number()
    chosen = next((row for row in earlier if row.number == number), None)
    before = beside or chosen or since or next(iter(earlier), None)
    prefetch_related_objects([newest, *([before] if before else [])], "attachments")
    if before is None:
        return {"difference": None, "earlier_revisions": earlier}
    # Their own labels stand with the kind, which is the page's.
    newest.submission = before.submission = submission
    return {"difference": difference(before, newest), "earlier_revisions": earlier}
