"""Links in the header of an answer, by which a program finds its way without reading the page.

Source: Signposting the Scholarly Web, https://signposting.org/FAIR/ (level 1), and RFC 8288.
"""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponseBase
from django.urls import reverse

from knowledge.machines import facts, oai
from knowledge.machines.oai_requests import PREFIX
from knowledge.models import Edition, Report

# Address, relation, and what else is said of it.
Link = tuple[str, str, dict[str, str]]

_PDF = "application/pdf"


def mark_page(
    response: HttpResponseBase, report: Report, citation_formats: Iterable[tuple[str, str]]
) -> None:
    """The links of a report's page; `citation_formats` are extensions with their types."""
    links: list[Link] = [
        (facts.cite_as(report), "cite-as", {}),
        ("https://schema.org/AboutPage", "type", {}),
        ("https://schema.org/Report", "type", {}),
        *_licence(report),
    ]
    for extension, content_type in citation_formats:
        path = reverse("library:citation", args=[report.pk, report.slug, extension])
        kind = content_type.partition(";")[0]
        links.append((settings.SITE_URL + path, "describedby", {"type": kind}))
    links.append((_dublin_core(report), "describedby", {"type": "text/xml"}))
    links += [
        (settings.SITE_URL + edition.pdf_url, "item", {"type": _PDF, "hreflang": edition.language})
        for edition, _file in facts.files(report)
    ]
    _set(response, links)


def mark_file(response: HttpResponseBase, edition: Edition) -> None:
    """The links of a PDF: to the page that it belongs to, and how to cite it."""
    report = edition.report
    _set(
        response,
        [
            (facts.address(report), "collection", {"type": "text/html"}),
            (facts.cite_as(report), "cite-as", {}),
            ("https://schema.org/Report", "type", {}),
            *_licence(report),
        ],
    )


def _licence(report: Report) -> list[Link]:
    address = facts.licence_address(report.licence)
    return [(address, "license", {})] if address else []


def _dublin_core(report: Report) -> str:
    question = {
        "verb": "GetRecord",
        "metadataPrefix": PREFIX,
        "identifier": oai.identifier(report.pk),
    }
    return f"{oai.base_url()}?{urlencode(question)}"


def _set(response: HttpResponseBase, links: Iterable[Link]) -> None:
    response["Link"] = ", ".join(
        "; ".join(
            [f'<{address}>; rel="{relation}"', *(f'{name}="{text}"' for name, text in said.items())]
        )
        for address, relation, said in links
    )
