"""Which cases an address asks for, of those that a person may work on."""

from collections.abc import Mapping

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Least
from django.http import QueryDict
from django.utils import timezone

from alliance.workflow import Turn
from organizations.models import DueDiligenceQuestion, User
from submissions.models import DEMANDS_AND_OFFERS, Change, Clarification, Submission
from submissions.models.kinds import codes_of_turn
from submissions.models.submission_queryset import SubmissionQuerySet
from submissions.queue.asked import SORTS, Asked
from submissions.queue.facets import FACETS
from submissions.search import matching
from submissions.workflow import FOR_DECISION, LIVE_STATES, SUBMITTED

_OURS = Q(status__in=codes_of_turn(Turn.SECRETARIAT))
_OPEN = Q(status__in=codes_of_turn(Turn.SECRETARIAT, Turn.APPLICANT))


def filtered(user: User, params: QueryDict | Mapping[str, str]) -> SubmissionQuerySet:
    """The cases that a query string of the queue selects for this person, in its order."""
    return selected(user, Asked.read(params))


def selected(user: User, asked: Asked) -> SubmissionQuerySet:
    rows = under_tab(user, asked)
    for name, code in asked.chosen.items():
        rows = rows.filter(FACETS[name].condition(code))
    if asked.sort == "due":
        rows = rows.annotate(due_first=due_day())
        first, *rest = SORTS[asked.sort]
        return rows.order_by(F(first).asc(nulls_last=True), *rest)
    return rows.order_by(*SORTS[asked.sort])


def under_tab(user: User, asked: Asked) -> SubmissionQuerySet:
    """What stands under a tab, narrowed by the text and the organization alone."""
    rows = Submission.objects.reviewable_by(user).filter(tab_condition(user, asked.tab))
    if asked.organization is not None:
        rows = rows.filter(organization=asked.organization)
    return rows.filter(matching(asked.text)) if asked.text else rows


def tab_condition(user: User, tab: str) -> Q:
    conditions = {
        "secretariat": _OURS,
        "mine": _OPEN & Q(assignee=user),
        "unassigned": _OURS & Q(assignee=None),
        "applicant": Q(status__in=codes_of_turn(Turn.APPLICANT)),
        "decision": Q(status=FOR_DECISION) | Q(status=SUBMITTED, kind__in=DEMANDS_AND_OFFERS),
        "overdue": _OPEN & _overdue(),
        "changes": Q(
            status__in=LIVE_STATES,
            pk__in=Change.objects.waiting().order_by().values("revision__submission"),
        ),
        "all": Q(),
    }
    return conditions[tab]


def _overdue() -> Q:
    today = timezone.localdate()
    late = Clarification.objects.open().filter(due_on__lt=today).order_by()
    asked = DueDiligenceQuestion.objects.open().filter(due_on__lt=today).order_by()
    return Q(pk__in=late.values("submission")) | Q(
        organization__in=asked.values("cycle__organization")
    )


def due_day() -> Least:
    """The day until which the organization has to answer: of this case, or in its due diligence."""
    asked = Clarification.objects.open().filter(submission=OuterRef("pk")).order_by()
    checks = DueDiligenceQuestion.objects.open().filter(
        cycle__organization=OuterRef("organization")
    )
    return Least(
        Subquery(asked.values("due_on")[:1]),
        Subquery(checks.order_by("due_on").values("due_on")[:1]),
    )
