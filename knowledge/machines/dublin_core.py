"""A report in unqualified Dublin Core, the format that every harvester reads.

Source: Dublin Core Metadata Element Set 1.1, and oai_dc as OAI-PMH 2.0 defines it (section 3.3).
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.conf import settings
from django.utils.translation import gettext as _

from alliance import vocabularies
from alliance.widgets import goal_number
from knowledge.citations import inverted, whole_title
from knowledge.machines import facts
from knowledge.machines.xml import add
from knowledge.models import Edition, Report

SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_ATTRIBUTES = {
    "xmlns:oai_dc": NAMESPACE,
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
}

# Element, text, and the language of the text where it has one.
Statement = tuple[str, str, str]


def add_report(parent: Element, report: Report) -> None:
    """The report as `oai_dc:dc`; it comes with its codes, people and editions."""
    root = add(parent, "oai_dc:dc", **_ATTRIBUTES)
    for name, text, language in statements(report):
        if text:
            attributes = {"xml:lang": language} if language else {}
            add(root, f"dc:{name}", text, **attributes)


def statements(report: Report) -> Iterator[Statement]:
    """All that is said of the report; empty texts included."""
    editions = list(report.editions.all())
    yield from _titles(report, editions)
    yield from _people(report)
    for subject in subjects(report):
        yield "subject", subject, ""
    for edition in editions:
        yield "description", edition.abstract, edition.language
    yield "date", report.date.isoformat() if report.date else str(report.year or ""), ""
    yield "type", "Text", ""
    yield "type", report.kind, ""
    for edition in editions:
        yield "language", edition.language, ""
    yield from _addresses(report)
    yield "relation", report.series, ""
    for place in places(report):
        yield "coverage", place, ""
    yield "rights", report.licence, ""


def subjects(report: Report) -> list[str]:
    """Themes and Sustainable Development Goals, in words."""
    goals = (
        f"{_('SDG')} {goal_number(code)}: {vocabularies.label('sdg', code)}"
        for code in report.goal_codes
    )
    return [*(vocabularies.label("theme", code) for code in report.theme_codes), *goals]


def places(report: Report) -> list[str]:
    """Countries and regions, in words."""
    countries = (vocabularies.country(code) for code in report.country_codes)
    return [
        *(country.name for country in countries if country),
        *(vocabularies.label("region", code) for code in report.region_codes),
    ]


def _titles(report: Report, editions: list[Edition]) -> Iterator[Statement]:
    for edition in editions:
        yield "title", whole_title(edition.title, edition.subtitle), edition.language
    if not editions:
        yield "title", whole_title(report.title, report.subtitle), ""


def _people(report: Report) -> Iterator[Statement]:
    """Who wrote it are the creators; who did the work and asked for it, where others wrote it."""
    for person in report.people:
        yield "creator", inverted(person), ""
    yield ("contributor" if report.people else "creator"), report.performer, ""
    yield "contributor", report.commissioner, ""
    yield "publisher", report.publisher, ""


def _addresses(report: Report) -> Iterator[Statement]:
    yield "identifier", facts.address(report), ""
    for edition, _file in facts.files(report):
        yield "identifier", settings.SITE_URL + edition.pdf_url, ""
        yield "format", "application/pdf", ""
    yield "identifier", f"https://doi.org/{report.doi}" if report.doi else "", ""
    yield "identifier", f"urn:isbn:{report.isbn}" if report.isbn else "", ""
    yield "source", report.source_url, ""
