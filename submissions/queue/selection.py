"""Which cases an address asks for, of those that a person may work on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Least
from django.http import QueryDict

from alliance.text import Text
from alliance.workflow import Turn
from organizations.models import DueDiligenceQuestion, User
from organizations.models.conflict import closed_organizations
from submissions.models import DEMANDS_AND_OFFERS, Change, Clarification, Submission
from submissions.models.kinds import codes_of_turn
from submissions.models.submission_queryset import SubmissionQuerySet
from submissions.overdue import answers_overdue, waiting_too_long
from submissions.queue.asked import SORTS, TABS, Asked
from submissions.queue.facets import FACETS
from submissions.search import matching
from submissions.workflow import FOR_DECISION, LIVE_STATES, SUBMITTED

_OURS = Q(status__in=codes_of_turn(Turn.SECRETARIAT))
_OPEN = Q(status__in=codes_of_turn(Turn.SECRETARIAT, Turn.APPLICANT))


def filtered(user: User, params: QueryDict | Mapping[str, str]) -> SubmissionQuerySet:
    """The cases that a query string of the queue selects for this person, in its order."""
    return Reach.of(user).selected(Asked.read(params))


def selected(user: User, asked: Asked) -> SubmissionQuerySet:
    return Reach.of(user).selected(asked)


def tab_conditions(user: User) -> dict[str, tuple[Text, Q]]:
    """The tabs of the queue for this person: a name, and which rows stand under it."""
    conditions = {
        "secretariat": _OURS,
        "mine": _OPEN & Q(assignee=user),
        "unassigned": _OURS & Q(assignee=None),
        "applicant": Q(status__in=codes_of_turn(Turn.APPLICANT)),
        # The states first: for them alone there is an index.
        "decision": Q(status__in=(FOR_DECISION, SUBMITTED))
        & (Q(status=FOR_DECISION) | Q(kind__in=DEMANDS_AND_OFFERS)),
        "long": waiting_too_long(),
        "overdue": _OPEN & answers_overdue(),
        "changes": Q(
            status__in=LIVE_STATES,
            pk__in=Change.objects.waiting().order_by().values("revision__submission"),
        ),
        "all": Q(),
    }
    return {name: (label, conditions[name]) for name, label in TABS.items()}


@dataclass(frozen=True)
class Reach:
    """What a person may work on: the same as `reviewable_by`, for a page that asks many times.

    `closed` are the organizations in whose cases the person has no part: read once, because they
    are few, and each question that looks them up itself costs the database more than its answer.
    """

    user: User
    closed: tuple[int, ...]
    # What was found of a text, which the page needs for its numbers and for its rows.
    _found: dict[str, Q] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(user, closed_organizations(user))

    def cases(self) -> SubmissionQuerySet:
        rows = Submission.objects.received()
        return rows.exclude(organization__in=self.closed) if self.closed else rows

    def tabs(self) -> dict[str, SubmissionQuerySet]:
        rows = self.cases()
        return {
            name: rows.filter(condition)
            for name, (_label, condition) in tab_conditions(self.user).items()
        }

    def under_tab(self, asked: Asked) -> SubmissionQuerySet:
        """What stands under a tab, narrowed by the text and the organization alone."""
        rows = self.cases().filter(tab_conditions(self.user)[asked.tab][1])
        if asked.organization is not None:
            rows = rows.filter(organization=asked.organization)
        if not asked.text:
            return rows
        if asked.text not in self._found:
            self._found[asked.text] = matching(asked.text)
        return rows.filter(self._found[asked.text])

    def selected(self, asked: Asked) -> SubmissionQuerySet:
        rows = self.under_tab(asked)
        for name, code in asked.chosen.items():
            rows = rows.filter(FACETS[name].condition(code))
        if asked.sort == "due":
            rows = rows.annotate(due_first=due_day())
            first, *rest = SORTS[asked.sort]
            return rows.order_by(F(first).asc(nulls_last=True), *rest)
        return rows.order_by(*SORTS[asked.sort])


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
