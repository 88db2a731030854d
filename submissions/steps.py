"""The way into the Alliance, as the dashboard draws it."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organizations.completeness import is_profile_complete
from organizations.due_diligence.explanations import explain
from organizations.due_diligence.rules import current_cycle
from organizations.models import DueDiligence, Organization
from submissions.models import Submission
from submissions.timeline import Moment


def steps_into_the_alliance(
    organization: Organization, applications: list[Submission]
) -> list[Moment]:
    """Each step with its mark; the first one that is not done yet is the present one.

    `applications` are those that were sent, the newest first.
    """
    cycle = current_cycle(organization)
    sent = next(iter(applications), None)
    decided = sent is not None and not sent.state.is_open
    is_complete = is_profile_complete(organization)
    steps = [
        (_("Email address confirmed"), "", True),
        (
            _("Organization profile complete") if is_complete else _("Complete the profile"),
            "",
            is_complete,
        ),
        (
            _("Expression of Interest sent") if sent else _("Send the Expression of Interest"),
            _sent_note(sent),
            sent is not None,
        ),
        (
            _("Due diligence"),
            _due_diligence_note(cycle),
            cycle is not None and cycle.is_cleared,
        ),
        (
            _("Decision"),
            str(sent.state.public_label) if sent and decided else _("By letter, and here"),
            decided,
        ),
    ]
    return _marked(steps)


def _due_diligence_note(cycle: DueDiligence | None) -> str:
    """Where the checks stand, and what is asked of the organization."""
    return f"{cycle.state.public_label}. {explain(cycle)}" if cycle else ""


def _sent_note(sent: Submission | None) -> str:
    if sent is None or sent.submitted_at is None:
        return ""
    return f"{date_format(sent.submitted_at, 'DATE_FORMAT')}, {sent.reference}"


def _marked(steps: list[tuple[str, str, bool]]) -> list[Moment]:
    moments: list[Moment] = []
    is_now_given = False
    for title, note, is_done in steps:
        mark = "done" if is_done else ("" if is_now_given else "now")
        is_now_given = is_now_given or not is_done
        moments.append(Moment(title, note, mark))
    return moments
