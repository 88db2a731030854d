"""A report in schema.org's words, as search engines read it from its page.

Sources: https://schema.org/Report, https://schema.org/BreadcrumbList.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from knowledge.machines import facts
from knowledge.machines.dublin_core import places, subjects
from knowledge.models import Edition, Report, ReportAuthor

# In a script element nothing ends it but these; JSON knows them as escapes too.
_ESCAPED = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def script_text(data: Any) -> SafeString:
    """The data as JSON that may stand in a script element; no policy of ours runs it."""
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPED)
    return mark_safe(text)  # noqa: S308 - escaped in the line before


def of_page(
    report: Report, edition: Edition | None, crumbs: Iterable[tuple[str, str]]
) -> SafeString:
    """For the page of a report in the language of `edition`."""
    graph = [of_report(report, edition), of_crumbs(report, edition, crumbs)]
    return script_text({"@context": "https://schema.org", "@graph": graph})


def of_report(report: Report, edition: Edition | None) -> dict[str, Any]:
    """The report as a `Report`; what is not known is left out."""
    said = {
        "@type": "Report",
        "@id": facts.address(report),
        "url": facts.address(report),
        "name": (edition or report).title,
        "alternativeHeadline": (edition or report).subtitle,
        "abstract": edition.abstract if edition else "",
        "author": [_person(author) for author in report.people] or _organization(report.performer),
        "publisher": _organization(report.publisher),
        "sponsor": _organization(report.commissioner),
        "datePublished": report.date.isoformat() if report.date else str(report.year or ""),
        "dateModified": report.changed_at.isoformat(timespec="seconds"),
        "inLanguage": edition.language if edition else "",
        "about": subjects(report),
        "spatialCoverage": places(report),
        "isPartOf": {"@type": "CreativeWorkSeries", "name": report.series} if report.series else {},
        "license": facts.licence_address(report.licence) or report.licence,
        "identifier": _identifiers(report),
        "sameAs": report.source_url,
        "isAccessibleForFree": True,
        **_files(report, edition),
    }
    return {name: value for name, value in said.items() if value}


def of_crumbs(
    report: Report, edition: Edition | None, crumbs: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """The way from the library to this page, as the page shows it."""
    steps = [("/", "UNOSSC Alliance"), *crumbs]
    steps.append((report.get_absolute_url(), (edition or report).title))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": str(name),
                "item": settings.SITE_URL + address,
            }
            for position, (address, name) in enumerate(steps, start=1)
        ],
    }


def _files(report: Report, edition: Edition | None) -> dict[str, Any]:
    """The PDF files, and how many pages the one in this language has."""
    files = facts.files(report)
    pages = [file.page_count for own, file in files if own == edition and file.page_count]
    encodings = [
        {
            "@type": "MediaObject",
            "contentUrl": settings.SITE_URL + own.pdf_url,
            "encodingFormat": "application/pdf",
            "contentSize": f"{file.size} B",
            "inLanguage": own.language,
            "sha256": file.sha256,
        }
        for own, file in files
    ]
    return {"encoding": encodings, "numberOfPages": pages[0] if pages else None}


def _identifiers(report: Report) -> list[dict[str, str]]:
    known = {"doi": report.doi, "isbn": report.isbn}
    return [
        {"@type": "PropertyValue", "propertyID": name, "value": value}
        for name, value in known.items()
        if value
    ]


def _person(author: ReportAuthor) -> dict[str, str]:
    names = {
        "@type": "Person",
        "name": author.name,
        "givenName": author.given_name,
        "familyName": author.family_name,
        "honorificPrefix": author.prefix,
    }
    return {name: value for name, value in names.items() if value}


def _organization(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name} if name else {}
