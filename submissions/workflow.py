"""States and arrows of submissions. Imports nothing of ours but the mechanism."""

from django.utils.translation import gettext_lazy as _

from alliance.workflow import Actor, Arrow, State, Turn, Workflow

DRAFT = "draft"
SUBMITTED = "submitted"
ELIGIBILITY_SCREENING = "eligibility_screening"
DUE_DILIGENCE = "due_diligence"
FOR_DECISION = "for_decision"
CLARIFICATION_REQUESTED = "clarification_requested"
APPROVED = "approved"
APPROVED_WITH_CONDITIONS = "approved_with_conditions"
DECLINED = "declined"
INELIGIBLE = "ineligible"
WITHDRAWN = "withdrawn"
LAPSED = "lapsed"
PUBLISHED = "published"
PAUSED = "paused"
FULFILLED = "fulfilled"
CLOSED = "closed"
EXPIRED = "expired"

REVIEW_STATES = (ELIGIBILITY_SCREENING, DUE_DILIGENCE, FOR_DECISION)
APPROVED_STATES = (APPROVED, APPROVED_WITH_CONDITIONS)
# Accepted by the secretariat and not ended: it can be changed, and shown again.
LIVE_STATES = (PUBLISHED, PAUSED)

_APPLICANT = frozenset({Actor.APPLICANT})
_STAFF = frozenset({Actor.REVIEWER, Actor.SENIOR})
_SENIOR = frozenset({Actor.SENIOR})
_SYSTEM = frozenset({Actor.SYSTEM})

# A clarification goes back to the state that it was asked in (`Submission.return_to`), so it
# needs one arrow for each review state, all under one name's prefix.
ANSWER_PREFIX = "answer_clarification_in_"

EXPRESSION_OF_INTEREST = Workflow(
    name="expression_of_interest",
    initial=DRAFT,
    states=(
        State(DRAFT, _("Draft"), Turn.APPLICANT, "draft", _("Draft")),
        State(SUBMITTED, _("Received"), Turn.SECRETARIAT, "received", _("Received")),
        State(
            ELIGIBILITY_SCREENING,
            _("Eligibility screening"),
            Turn.SECRETARIAT,
            "review",
            _("Under review"),
        ),
        State(DUE_DILIGENCE, _("Due diligence"), Turn.SECRETARIAT, "review", _("Under review")),
        State(FOR_DECISION, _("For decision"), Turn.SECRETARIAT, "review", _("Under review")),
        State(
            CLARIFICATION_REQUESTED,
            _("Clarification requested"),
            Turn.APPLICANT,
            "action",
            _("Action needed"),
        ),
        State(APPROVED, _("Approved"), Turn.NOBODY, "approved", _("Approved")),
        State(
            APPROVED_WITH_CONDITIONS,
            _("Approved with conditions"),
            Turn.NOBODY,
            "approved",
            _("Approved"),
        ),
        State(DECLINED, _("Declined"), Turn.NOBODY, "declined", _("Not approved")),
        State(INELIGIBLE, _("Ineligible"), Turn.NOBODY, "declined", _("Not approved")),
        State(WITHDRAWN, _("Withdrawn"), Turn.NOBODY, "withdrawn", _("Withdrawn")),
        State(LAPSED, _("Lapsed"), Turn.NOBODY, "closed", _("Closed")),
    ),
    arrows=(
        Arrow("submit", (DRAFT,), SUBMITTED, _APPLICANT, _("Submit")),
        Arrow("start_review", (SUBMITTED,), ELIGIBILITY_SCREENING, _STAFF, _("Start the review")),
        Arrow(
            "confirm_eligibility",
            (ELIGIBILITY_SCREENING,),
            DUE_DILIGENCE,
            _STAFF,
            _("Eligible: go on to due diligence"),
        ),
        Arrow("put_for_decision", (DUE_DILIGENCE,), FOR_DECISION, _STAFF, _("Put up for decision")),
        Arrow("approve", (FOR_DECISION,), APPROVED, _SENIOR, _("Approve")),
        Arrow(
            "approve_with_conditions",
            (FOR_DECISION,),
            APPROVED_WITH_CONDITIONS,
            _SENIOR,
            _("Approve with conditions"),
        ),
        Arrow("decline", (FOR_DECISION, CLARIFICATION_REQUESTED), DECLINED, _SENIOR, _("Decline")),
        Arrow(
            "find_ineligible", (ELIGIBILITY_SCREENING,), INELIGIBLE, _SENIOR, _("Find ineligible")
        ),
        Arrow(
            "request_clarification",
            REVIEW_STATES,
            CLARIFICATION_REQUESTED,
            _STAFF,
            _("Ask for clarification"),
        ),
        *(
            Arrow(
                f"{ANSWER_PREFIX}{state}",
                (CLARIFICATION_REQUESTED,),
                state,
                _APPLICANT,
                _("Send back to the secretariat"),
            )
            for state in REVIEW_STATES
        ),
        Arrow("lapse", (CLARIFICATION_REQUESTED,), LAPSED, _SYSTEM, _("Lapse")),
        Arrow(
            "withdraw",
            (SUBMITTED, *REVIEW_STATES, CLARIFICATION_REQUESTED),
            WITHDRAWN,
            _APPLICANT,
            _("Withdraw"),
        ),
        Arrow(
            "reopen",
            (DECLINED, INELIGIBLE, LAPSED, *APPROVED_STATES),
            ELIGIBILITY_SCREENING,
            _SENIOR,
            _("Reopen"),
        ),
    ),
)

# A Demand and an Offer go the same way.
DEMAND_OR_OFFER = Workflow(
    name="demand_or_offer",
    initial=DRAFT,
    states=(
        State(DRAFT, _("Draft"), Turn.APPLICANT, "draft", _("Draft")),
        State(SUBMITTED, _("Received"), Turn.SECRETARIAT, "received", _("Received")),
        State(
            CLARIFICATION_REQUESTED,
            _("Clarification requested"),
            Turn.APPLICANT,
            "action",
            _("Action needed"),
        ),
        State(PUBLISHED, _("Published"), Turn.NOBODY, "published", _("Published")),
        State(PAUSED, _("Paused"), Turn.NOBODY, "paused", _("Paused")),
        State(FULFILLED, _("Fulfilled"), Turn.NOBODY, "closed", _("Fulfilled")),
        State(CLOSED, _("Closed"), Turn.NOBODY, "closed", _("Closed")),
        State(EXPIRED, _("Expired"), Turn.NOBODY, "closed", _("Expired")),
        State(DECLINED, _("Declined"), Turn.NOBODY, "declined", _("Not published")),
        State(LAPSED, _("Lapsed"), Turn.NOBODY, "closed", _("Lapsed")),
        State(WITHDRAWN, _("Withdrawn"), Turn.NOBODY, "withdrawn", _("Withdrawn")),
    ),
    arrows=(
        Arrow("submit", (DRAFT,), SUBMITTED, _APPLICANT, _("Submit")),
        Arrow(
            "request_clarification",
            (SUBMITTED,),
            CLARIFICATION_REQUESTED,
            _STAFF,
            _("Ask for clarification"),
        ),
        Arrow(
            f"{ANSWER_PREFIX}{SUBMITTED}",
            (CLARIFICATION_REQUESTED,),
            SUBMITTED,
            _APPLICANT,
            _("Send back to the secretariat"),
        ),
        Arrow("publish", (SUBMITTED,), PUBLISHED, _SENIOR, _("Publish")),
        Arrow("decline", (SUBMITTED, CLARIFICATION_REQUESTED), DECLINED, _SENIOR, _("Decline")),
        Arrow("lapse", (CLARIFICATION_REQUESTED,), LAPSED, _SYSTEM, _("Lapse")),
        Arrow(
            "withdraw",
            (SUBMITTED, CLARIFICATION_REQUESTED, *LIVE_STATES),
            WITHDRAWN,
            _APPLICANT,
            _("Withdraw"),
        ),
        Arrow("pause", (PUBLISHED,), PAUSED, _APPLICANT | _SENIOR | _SYSTEM, _("Pause")),
        Arrow("resume", (PAUSED,), PUBLISHED, _APPLICANT | _SENIOR | _SYSTEM, _("Show again")),
        Arrow("fulfil", LIVE_STATES, FULFILLED, _APPLICANT, _("Mark as fulfilled")),
        Arrow("close", LIVE_STATES, CLOSED, _APPLICANT | _SENIOR, _("Close")),
        Arrow("expire", LIVE_STATES, EXPIRED, _SYSTEM, _("Expire")),
        Arrow("renew", (PUBLISHED, EXPIRED), PUBLISHED, _APPLICANT, _("Renew")),
        Arrow("reopen", (DECLINED, LAPSED), SUBMITTED, _SENIOR, _("Reopen")),
    ),
)

# Arrows that only a published decision walks, of either table.
DECIDING_ARROWS = {
    "approve": APPROVED,
    "approve_with_conditions": APPROVED_WITH_CONDITIONS,
    "publish": PUBLISHED,
    "decline": DECLINED,
    "find_ineligible": INELIGIBLE,
}
# Those of them that need a cleared organization.
NEEDS_CLEARANCE = ("approve", "approve_with_conditions", "publish")
# What members do with a Demand or Offer once it is published.
PUBLICATION_ARROWS = ("renew", "pause", "resume", "fulfil", "close")
