"""What a report's page shows, put together from its rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from alliance import vocabularies
from alliance.browsing.lines import goals_of
from alliance.browsing.terms import country_name
from knowledge import citations
from knowledge.models import Edition, EditionFile, Report
from knowledge.pages import text as text_pages
from knowledge.pages.wording import LANGUAGE_NAMES, edition_in
from knowledge.reading import Heading
from knowledge.search import Near

# As in "CC BY-NC 4.0"; source: creativecommons.org/licenses.
_CREATIVE_COMMONS = re.compile(r"CC[ -](BY(?:-NC)?(?:-SA|-ND)?)[ -]([1-4]\.[05])(?: (IGO))?")

# Of the contents with both levels.
MOST_LINES = 24

Link = tuple[str, str]


@dataclass(frozen=True)
class Section:
    """A line of the contents, and the lines below it."""

    id: str
    title: str
    below: list[Heading] = field(default_factory=list)


def report_page(
    report: Report, languages: Sequence[str], related: Sequence[Near]
) -> dict[str, Any]:
    """The context of a report's page, in the first of `languages` that it has."""
    edition = edition_in(report, languages)
    parts = _parts_outside_reading(edition)
    themes = _links("theme", report.theme_codes)
    return {
        "report": report,
        "edition": edition,
        "title": edition.title if edition else report.title,
        "subtitle": edition.subtitle if edition else report.subtitle,
        "direction": text_pages.direction(edition.language) if edition else "",
        "other_editions": [
            (other.language, LANGUAGE_NAMES.get(other.language, other.language))
            for other in report.editions.all()
            if other != edition
        ],
        "parts": {part.id for part in parts},
        "contents": contents([*parts, *(edition.headings if edition else [])]),
        "crumbs": [(reverse("library:list"), _("Library")), *themes[:1]],
        "themes": themes,
        "regions": _links("region", report.region_codes),
        "countries": [
            (list_address("country", code), country_name(code)) for code in report.country_codes
        ],
        "licence_url": licence_address(report.licence),
        "goals": goals_of(report.goal_codes),
        "related": related,
        **_file(edition),
        **_citations(report, edition),
    }


def contents(headings: Sequence[Heading]) -> list[Section]:
    """The contents in two levels; in one where there would be more lines than are read at once."""
    sections: list[Section] = []
    for heading in headings:
        if heading.level == 2 or not sections:
            sections.append(Section(heading.id, heading.title))
        elif len(headings) <= MOST_LINES:
            sections[-1].below.append(heading)
    return sections


def list_address(facet: str, code: str) -> str:
    """The library's list of what has this code."""
    return f"{reverse('library:list')}?{urlencode({facet: code})}"


def licence_address(licence: str) -> str:
    """Where a Creative Commons licence is explained; empty for any other."""
    found = _CREATIVE_COMMONS.fullmatch(licence.strip())
    if not found:
        return ""
    kind, version, igo = found.groups()
    tail = "igo/" if igo else ""
    return f"https://creativecommons.org/licenses/{kind.lower()}/{version}/{tail}"


def _file(edition: Edition | None) -> dict[str, Any]:
    """The PDF, its versions, and the way into its text."""
    versions: list[EditionFile] = list(edition.files.all()) if edition else []
    text = text_pages.best_version(versions)
    has_text = text is not None and text.may_be_handed_out and text.text_state == text.Text.READ
    return {
        "file": edition.current_file if edition else None,
        "versions": sorted(versions, key=lambda file: -file.number),
        "language_name": LANGUAGE_NAMES.get(edition.language, "") if edition else "",
        "text": text if has_text else None,
        "text_url": text_pages.address(text, 1) if text and has_text else "",
    }


def _citations(report: Report, edition: Edition | None) -> dict[str, Any]:
    source = citations.Source.of(report, edition)
    shown = {
        "apa": citations.apa(source),
        "chicago": citations.chicago(source),
        "bibtex": citations.bibtex(source),
    }
    if edition and edition.is_digest:
        digest = citations.Source.of_digest(report, edition)
        shown |= {"digest_apa": citations.apa(digest), "digest_chicago": citations.chicago(digest)}
    return shown


def _links(facet: str, codes: Sequence[str]) -> list[Link]:
    """Address in the list and label of each term."""
    return [(list_address(facet, code), vocabularies.label(facet, code)) for code in codes]


def _parts_outside_reading(edition: Edition | None) -> list[Heading]:
    """The parts that stand in fields of their own and not in the reading edition."""
    if edition is None:
        return []
    held = {heading.id for heading in edition.sections}
    fields = [
        (Heading("abstract", _("Abstract")), edition.abstract),
        (Heading("findings", _("Key findings")), edition.key_findings),
        (Heading("recommendations", _("Recommendations")), edition.recommendations),
    ]
    return [heading for heading, text in fields if text and heading.id not in held]
