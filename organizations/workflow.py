"""Due diligence of an organization, and hits of its screening: states and arrows.

Imports nothing of ours but the mechanism. A cycle ends with a finding; the next one is a new row,
so what has expired goes on to screening as another cycle.
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
        Arrow("start_screening", (NOT_STARTED,), SCREENING, _STAFF | _SYSTEM, _("Start screening")),
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
        Arrow(
            "take_back_question",
            (CLARIFICATION_REQUESTED,),
            UNDER_REVIEW,
            _STAFF,
            _("Take the question back"),
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

HIT_OPEN = "open"
HIT_DISMISSED = "dismissed"
HIT_CONFIRMED = "confirmed"

# A name that is like a listed one. What changes about the name or the entry is another hit.
HIT = Workflow(
    name="hit",
    initial=HIT_OPEN,
    states=(
        State(HIT_OPEN, _("Open"), Turn.SECRETARIAT, "action", _("Under review")),
        State(HIT_DISMISSED, _("Dismissed"), Turn.NOBODY, "closed", _("Under review")),
        State(HIT_CONFIRMED, _("Confirmed"), Turn.NOBODY, "declined", _("Under review")),
    ),
    arrows=(
        Arrow("dismiss", (HIT_OPEN,), HIT_DISMISSED, _STAFF, _("Not the same: dismiss")),
        Arrow("confirm", (HIT_OPEN,), HIT_CONFIRMED, _SENIOR, _("The same: confirm")),
        Arrow("reopen", (HIT_DISMISSED, HIT_CONFIRMED), HIT_OPEN, _SENIOR, _("Look again")),
    ),
)
