"""The rows of a page of a list, and whatever else shows some entries.

What may end from one moment to the next is asked here, with every request: an organization that is
closed, or whose clearance is not in force today, has nothing in public, whatever its entries say;
one that no longer agrees to it is not listed itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from alliance.browsing.paging import PER_PAGE
from knowledge.search.asking import ask
from organizations.models import DueDiligence, Organization
from organizations.workflow import CLEARED_STATES
from submissions.models import PublicEntry
from submissions.public.asked import BEST, NEWEST, PublicQuery
from submissions.public.finding import MOST, ORDERS, Found, asked_words, conditions, values_of

_ENTRIES = PublicEntry._meta.db_table
_PLACES = Organization._meta.db_table
_CYCLES = DueDiligence._meta.db_table

# True of an organization `place` whose newest cycle is a clearance that holds.
IN_FORCE = f"""place.closed_at IS NULL AND (
    SELECT cycle.status = ANY(%(cleared)s) AND cycle.valid_until >= %(today)s
    FROM {_CYCLES} cycle WHERE cycle.organization_id = place.id ORDER BY cycle.number DESC LIMIT 1
)"""  # noqa: S608 - names of our own
_MARKED = """(
    SELECT array_agg(place) FROM unnest(
        to_tsvector((card->>'config')::regconfig, card->'folded'->>{number})
    ) word, unnest(word.positions) place WHERE word.lexeme = ANY(%(lexemes)s)
)"""
_ROWS = f"""
SELECT entry.id, kind, entry.organization_id, title, slug, since, changed_at, until, facets, picture, card::text,
    place.name, place.logo, {{marked}}
FROM ({{chosen}}) entry JOIN {_PLACES} place ON place.id = entry.organization_id
WHERE {IN_FORCE} AND (kind <> 'organization' OR place.may_be_listed) ORDER BY {{order}}"""  # noqa: S608 - names of our own
_BY_ID = f"SELECT *, array_position(%(ids)s, id) AS nth FROM {_ENTRIES} WHERE id = ANY(%(ids)s)"  # noqa: S608
_IN_ORDER = f"""
SELECT * FROM {_ENTRIES} WHERE {{conditions}} ORDER BY {{order}} OFFSET %(first)s LIMIT %(rows)s"""  # noqa: S608


@dataclass
class Row:
    """One entry, with what is asked live of its organization.

    `marked` are the places of the words that were looked for, in the title and in the excerpt,
    counted from one; see `knowledge.search.passages.marked`.
    """

    pk: int
    kind: str
    organization_id: int
    title: str
    slug: str
    since: datetime
    changed_at: datetime
    until: date | None
    facets: list[str]
    picture: str
    card_text: str
    organization: str
    logo: str
    marked: tuple[Sequence[int], Sequence[int]] = ((), ())

    @cached_property
    def card(self) -> dict[str, Any]:
        """What a line shows; only read where the line is drawn anew."""
        card: dict[str, Any] = json.loads(self.card_text)
        return card

    @property
    def reference(self) -> str:
        """Of a Demand or Offer; empty for an organization."""
        return str(self.card.get("reference", ""))


def page_of(query: PublicQuery, found: Found, number: int) -> list[Row]:
    """The rows of the page of that number, in one question. Raises TookTooLong.

    There may be fewer than usual: what has just ended is left out, and taken from the counts as
    soon as the worker has paused it.
    """
    first = (number - 1) * PER_PAGE
    if query.text:
        return of_ids(found.ids[first : first + PER_PAGE], query.text)
    return in_order(query, first=first, rows=min(PER_PAGE, max(MOST - first, 0)))


def in_order(query: PublicQuery, *, rows: int, first: int = 0) -> list[Row]:
    """Some of the entries that the choices leave, words aside. Raises TookTooLong."""
    order = ORDERS[query.order if query.order != BEST else NEWEST]
    chosen = _IN_ORDER.format(conditions=conditions(query), order=order)
    return chosen_rows(chosen, order, values_of(query) | {"first": first, "rows": rows})


def of_ids(ids: Sequence[int], text: str = "") -> list[Row]:
    """Entries in this order, with the places of the words of `text`. Raises TookTooLong."""
    if not ids:
        return []
    return chosen_rows(_BY_ID, "nth", {"ids": list(ids)}, text)


def chosen_rows(chosen: str, order: str, values: dict[str, Any], text: str = "") -> list[Row]:
    """The rows of a question of one's own for entries, in an order of its columns."""
    marked = "NULL, NULL"
    if text:
        values |= {"lexemes": asked_words(text).lexemes}
        marked = ", ".join(_MARKED.format(number=number) for number in (0, 1))
    values |= {"cleared": list(CLEARED_STATES), "today": timezone.localdate()}
    sql = _ROWS.format(chosen=chosen, order=order, marked=marked)
    return [
        Row(*[*known, (in_title or (), in_excerpt or ())])
        for *known, in_title, in_excerpt in ask(sql, values)
    ]
