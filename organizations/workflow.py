"""Due diligence of an organization: its states and arrows. Imports nothing of ours but the
mechanism. A cycle ends with a finding; the next one is a new row.
"""

from django.utils.translation import gettext_lazy as _

from alliance.workflow import Actor, Arrow, State, Turn, Workflow

NOT_STARTED = "not_started"
SCREENING = "screening"
UNDER_REVIEW = "under_review"
CLARIFICATION_REQUESTED = "clarification_requested"
ESCALATED = "escalated"
CLEARED = "cleared"
CLEARED_WITH_CONDITIONS = "cleared_with_conditions"
NOT_CLEARED = "not_cleared"
SUSPENDED = "suspended"
EXPIRED = "expired"

CLEARED_STATES = (CLEARED, CLEARED_WITH_CONDITIONS)

_STAFF = frozenset({Actor.REVIEWER, Actor.SENIOR})
_SENIOR = frozenset({Actor.SENIOR})
_SYSTEM = frozenset({Actor.SYSTEM})

DUE_DILIGENCE = Workflow(
    name="due_diligence",
    initial=NOT_STARTED,
    states=(
        State(NOT_STARTED, _("Not started"), Turn.SECRETARIAT, "draft", _("Not started")),
        State(SCREENING, _("Screening"), Turn.SECRETARIAT, "review", _("Under review")),
        State(UNDER_REVIEW, _("Under review"), Turn.SECRETARIAT, "review", _("Under review")),
        State(
            CLARIFICATION_REQUESTED,
            _("Clarification requested"),
            Turn.APPLICANT,
            "action",
            _("Action needed"),
        ),
        State(ESCALATED, _("Escalated"), Turn.SECRETARIAT, "review", _("Under review")),
        State(CLEARED, _("Cleared"), Turn.NOBODY, "approved", _("Confirmed")),
        State(
            CLEARED_WITH_CONDITIONS,
            _("Cleared with conditions"),
            Turn.NOBODY,
            "approved",
            _("Confirmed with conditions"),
        ),
        State(NOT_CLEARED, _("Not cleared"), Turn.NOBODY, "declined", _("Not confirmed")),
        State(SUSPENDED, _("Suspended"), Turn.SECRETARIAT, "paused", _("Suspended")),
        State(EXPIRED, _("Expired"), Turn.SECRETARIAT, "closed", _("Expired")),
    ),
    arrows=(
        Arrow(
            "start_screening",
            (NOT_STARTED, EXPIRED),
            SCREENING,
            _STAFF | _SYSTEM,
            _("Start screening"),
        ),
        Arrow("start_review", (SCREENING,), UNDER_REVIEW, _STAFF, _("Start the review")),
        Arrow(
            "request_clarification",
            (UNDER_REVIEW,),
            CLARIFICATION_REQUESTED,
            _STAFF,
            _("Ask for clarification"),
        ),
        Arrow(
            "answer_clarification",
            (CLARIFICATION_REQUESTED,),
            UNDER_REVIEW,
            frozenset({Actor.APPLICANT}),
            _("Send back"),
        ),
        Arrow("escalate", (UNDER_REVIEW,), ESCALATED, _STAFF, _("Escalate")),
        Arrow("return_to_review", (ESCALATED, SUSPENDED), UNDER_REVIEW, _SENIOR, _("Review again")),
        Arrow("clear", (UNDER_REVIEW,), CLEARED, _STAFF, _("Clear")),
        Arrow(
            "clear_with_conditions",
            (UNDER_REVIEW,),
            CLEARED_WITH_CONDITIONS,
            _STAFF,
            _("Clear with conditions"),
        ),
        Arrow("refuse", (UNDER_REVIEW, ESCALATED), NOT_CLEARED, _SENIOR, _("Do not clear")),
        Arrow("suspend", CLEARED_STATES, SUSPENDED, _SENIOR | _SYSTEM, _("Suspend")),
        Arrow("expire", CLEARED_STATES, EXPIRED, _SYSTEM, _("Expire")),
    ),
)
