"""The rows of one page of the queue, with what is shown of each."""

from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils import timezone

from alliance import vocabularies
from alliance.workflow import State, Turn
from organizations.models import DueDiligence, DueDiligenceQuestion, Hit, Organization, User
from organizations.workflow import DUE_DILIGENCE, HIT_OPEN
from submissions.models import Clarification, Kind, Submission
from submissions.models.kinds import WORKFLOWS
from submissions.models.submission_queryset import SubmissionQuerySet

PER_PAGE = 50

_OPEN = "answered_at IS NULL AND ended_at IS NULL"
# As text, because to have it made anew for each page costs more than to run it.
_ROWS = f"""
SELECT listed.id, listed.reference, listed.kind, listed.title, place.name, listed.country_id, listed.status,
    listed.status_at, trim(person.first_name || ' ' || person.last_name), cycle.level, cycle.status,
    (SELECT count(*) FROM {Hit._meta.db_table}
        WHERE organization_id = place.id AND status = '{HIT_OPEN}'),
    least(
        (SELECT due_on FROM {Clarification._meta.db_table}
            WHERE submission_id = listed.id AND {_OPEN}),
        (SELECT min(due_on) FROM {DueDiligenceQuestion._meta.db_table}
            WHERE cycle_id = cycle.id AND {_OPEN})
    )
FROM unnest(ARRAY({{wanted}})) WITH ORDINALITY wanted(id, place_on_page)
JOIN {Submission._meta.db_table} listed ON listed.id = wanted.id
JOIN {Organization._meta.db_table} place ON place.id = listed.organization_id
LEFT JOIN {User._meta.db_table} person ON person.id = listed.assignee_id
LEFT JOIN LATERAL (
    SELECT id, level, status FROM {DueDiligence._meta.db_table}
    WHERE organization_id = place.id ORDER BY number DESC LIMIT 1
) cycle ON TRUE
ORDER BY wanted.place_on_page
"""  # noqa: S608 - names of our own


class Row(NamedTuple):
    """One case as a line; `clearance` is the state of its organization's due diligence."""

    pk: int
    reference: str
    kind: Kind
    title: str
    organization: str
    country: str
    state: State
    days: int
    assignee: str
    level: str
    clearance: State | None
    hits: int
    due: date | None
    is_late: bool

    @property
    def is_application(self) -> bool:
        return self.kind == Kind.EXPRESSION_OF_INTEREST

    @property
    def turn(self) -> Turn:
        return self.state.turn


class Page(NamedTuple):
    number: int
    rows: list[Row]
    has_next: bool


def page_of(cases: SubmissionQuerySet, number: int) -> Page:
    """One page in one query: which rows, from an index as far as it goes, then their columns."""
    first = (number - 1) * PER_PAGE
    wanted = cases.values("pk")[first : first + PER_PAGE + 1]
    try:
        sql, params = wanted.query.sql_with_params()
    except EmptyResultSet:
        return Page(number, [], has_next=False)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(wanted=sql), params)
        found = cursor.fetchall()
    now, today = timezone.now(), timezone.localdate()
    rows = [_row(values, now, today) for values in found[:PER_PAGE]]
    return Page(number, rows, has_next=len(found) > PER_PAGE)


def _row(values: tuple[Any, ...], now: datetime, today: date) -> Row:
    (pk, reference, kind, title, organization, iso2, status, since) = values[:8]
    (assignee, level, clearance, hits, due) = values[8:]
    country = vocabularies.country(iso2 or "")
    return Row(
        pk=pk,
        reference=reference,
        kind=Kind(kind),
        title=title,
        organization=organization,
        country=country.name if country else "",
        state=WORKFLOWS[kind].state(status),
        days=(now - since).days,
        assignee=assignee or "",
        level=level or "",
        clearance=DUE_DILIGENCE.state(clearance) if clearance else None,
        hits=hits,
        due=due,
        is_late=due is not None and due < today,
    )
