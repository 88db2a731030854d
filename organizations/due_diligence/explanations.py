"""What a state of due diligence means for the organization, in its members' words."""

from django.utils.translation import gettext_lazy as _

from alliance.text import Text
from organizations import workflow
from organizations.models import DueDiligence

_WAITING = _(
    "The secretariat is checking your institution. You need not do anything; "
    "we write to you if something is unclear."
)

_OF_STATE: dict[str, Text] = {
    workflow.NOT_STARTED: _(
        "The secretariat begins its checks when your first application arrives. "
        "You can prepare it now."
    ),
    workflow.SCREENING: _WAITING,
    workflow.UNDER_REVIEW: _WAITING,
    workflow.ESCALATED: _WAITING,
    workflow.CLARIFICATION_REQUESTED: _(
        "The secretariat has asked you something. Please answer, so that the checks can go on."
    ),
    workflow.CLEARED: _("Your institution has been checked and can take part."),
    workflow.CLEARED_WITH_CONDITIONS: _(
        "Your institution has been checked and can take part, under the conditions that stand "
        "here and in the secretariat’s letter."
    ),
    workflow.NOT_CLEARED: _(
        "After its checks the secretariat could not confirm your institution. "
        "What it has written to you says why. To have it look again, use the Connect form."
    ),
    workflow.SUSPENDED: _(
        "The confirmation of your institution is suspended while the secretariat looks into "
        "something. What you have published is paused until then."
    ),
    workflow.EXPIRED: _(
        "The confirmation of your institution has expired. The secretariat checks it again; "
        "what you have published is paused until then."
    ),
}


_APPLIED = _(
    "Your application has arrived. The secretariat begins its checks next; you need not do "
    "anything until we write to you."
)


def explain(cycle: DueDiligence | None) -> Text:
    """One or two sentences on where the checks stand and who has to do something."""
    if cycle is not None and cycle.status == workflow.NOT_STARTED and cycle.has_application:
        return _APPLIED
    return _OF_STATE[cycle.status if cycle else workflow.NOT_STARTED]
