"""What a report's page shows, put together from its rows."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from alliance import vocabularies
from knowledge import citations, search
from knowledge.models import Edition, Report
from knowledge.pages import LANGUAGE_NAMES, country_name, edition_in, goals_of
from knowledge.reading import Heading


def report_page(report: Report, languages: Sequence[str]) -> dict[str, Any]:
    """The context of a report's page, in the first of `languages` that it has."""
    edition = edition_in(report, languages)
    source = citations.Source.of(report, edition)
    parts = _parts_outside_reading(edition)
    themes = [(code, vocabularies.label("theme", code)) for code in report.theme_codes]
    address = reverse("library:list")
    return {
        "report": report,
        "edition": edition,
        "file": edition.current_file if edition else None,
        "title": edition.title if edition else report.title,
        "subtitle": edition.subtitle if edition else report.subtitle,
        "language_name": LANGUAGE_NAMES.get(edition.language, "") if edition else "",
        "other_editions": [
            (other.language, LANGUAGE_NAMES.get(other.language, other.language))
            for other in report.editions.all()
            if other != edition
        ],
        "parts": {part.id for part in parts},
        "contents": [*parts, *(edition.sections if edition else [])],
        "crumbs": [
            (address, _("Library")),
            *((f"{address}?{urlencode({'theme': code})}", label) for code, label in themes[:1]),
        ],
        "themes": [label for _code, label in themes],
        "regions": [vocabularies.label("region", code) for code in report.region_codes],
        "countries": [country_name(code) for code in report.country_codes],
        "goals": goals_of(report),
        "apa": citations.apa(source),
        "chicago": citations.chicago(source),
        "bibtex": citations.bibtex(source),
        "related": search.related(report),
    }


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
