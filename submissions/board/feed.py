"""The feeds of the board: what is new or changed among what an address selects.

Source: The Atom Syndication Format, RFC 4287.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from alliance import vocabularies
from knowledge.machines.xml import sound
from submissions.board.lines import row_address
from submissions.board.wording import WORDINGS
from submissions.models import Kind
from submissions.public.addresses import LISTS, list_address
from submissions.public.asked import PublicQuery
from submissions.public.finding import find
from submissions.public.rows import Row, in_order, of_ids
from submissions.public.state import present

ENTRIES = 50
# Of a feed in which nothing stands: the present moment would make it another with each visit.
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)


class BoardFeed(Atom1Feed):
    """Atom, with a date that only changes when an entry does."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=_NEVER)


def written(query: PublicQuery, query_string: str) -> str:
    """The feed of the list that has this query string. Raises TookTooLong."""
    kind = Kind(query.kind)
    tail = f"?{query_string}" if query_string else ""
    title = f"UNOSSC Alliance: {WORDINGS[kind].title}"
    feed = BoardFeed(
        title=sound(f"{title}: {query.text}" if query.text else title),
        link=settings.SITE_URL + list_address(kind) + tail,
        description=str(WORDINGS[kind].lede),
        feed_url=settings.SITE_URL + reverse(f"{LISTS[kind]}_feed") + tail,
        author_name="UNOSSC Alliance",
        language="en",
    )
    for row in _rows(query):
        feed.add_item(**_entry(row))
    return feed.writeString("utf-8")


def _rows(query: PublicQuery) -> list[Row]:
    if query.text:
        return of_ids(find(query, present()).ids[:ENTRIES])
    return in_order(query, rows=ENTRIES)


def _entry(row: Row) -> dict[str, Any]:
    address = settings.SITE_URL + row_address(row)
    themes = (code for facet, code in _tags(row) if facet == "theme")
    return {
        "title": sound(row.title),
        "link": address,
        "description": sound(row.card["excerpt"]),
        "unique_id": settings.SITE_URL + row_address(replace(row, slug="")),
        "author_name": sound(row.organization),
        "categories": [sound(vocabularies.label("theme", code)) for code in themes],
        "pubdate": row.since,
        "updateddate": row.changed_at,
    }


def _tags(row: Row) -> list[tuple[str, str]]:
    return [(tag.partition(":")[0], tag.partition(":")[2]) for tag in row.facets]
