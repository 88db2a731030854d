"""The library's feed: what is new or changed among the reports that an address selects.

Source: The Atom Syndication Format, RFC 4287.
"""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.translation import gettext as _

from knowledge.citations import inverted
from knowledge.forms import LibraryForm
from knowledge.machines import facts
from knowledge.machines.dublin_core import subjects
from knowledge.machines.xml import sound
from knowledge.models import Edition, Report
from knowledge.pages.wording import edition_in
from knowledge.search import matching

ENTRIES = 50
# Of a feed in which nothing stands: the present moment would make it another with each visit.
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)


class LibraryFeed(Atom1Feed):
    """Atom, with a date that only changes when an entry does."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=_NEVER)


def written(form: LibraryForm, query_string: str) -> str:
    """The feed of the list that has this query string, the latest change first.

    Raises TookTooLong.
    """
    query = form.query()
    tail = f"?{query_string}" if query_string else ""
    title = _("UNOSSC Alliance: knowledge library")
    feed = LibraryFeed(
        title=sound(f"{title}: {query.text}" if query.text else title),
        link=settings.SITE_URL + reverse("library:list") + tail,
        description=_("Reports on South-South and triangular cooperation."),
        feed_url=settings.SITE_URL + reverse("library:feed") + tail,
        author_name="UNOSSC Alliance",
        language="en",
    )
    rows = matching(query).last_told_first()
    languages = query.chosen.get("language", [])
    for report in rows.with_codes().with_people().with_editions()[:ENTRIES]:
        feed.add_item(**_entry(report, edition_in(report, languages)))
    return feed.writeString("utf-8")


def _entry(report: Report, edition: Edition | None) -> dict[str, Any]:
    authors = ", ".join(inverted(person) for person in report.people)
    return {
        "title": sound((edition or report).title),
        "link": facts.address(report),
        "description": sound(edition.summary if edition else ""),
        "unique_id": facts.address(report),
        "author_name": sound(authors or report.performer or report.publisher),
        "categories": [sound(subject) for subject in subjects(report)],
        "pubdate": report.created_at,
        "updateddate": report.told_at,
        "item_copyright": sound(report.licence) or None,
        "enclosures": [
            Enclosure(settings.SITE_URL + own.pdf_url, str(file.size), "application/pdf")
            for own, file in facts.files(report)
        ],
    }
