"""What the page of a report tells programs: tags for scholars, JSON-LD, links in the header."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from knowledge.models import Report
from tests.knowledge.factories import add_pdf, make_report

SITE = "https://alliance.example.org"
# Of https://schema.org/Report and what it inherits: the properties used, and what each may hold.
PROPERTIES: dict[str, type] = {
    "url": str,
    "name": str,
    "alternativeHeadline": str,
    "abstract": str,
    "author": list,
    "publisher": dict,
    "sponsor": dict,
    "datePublished": str,
    "dateModified": str,
    "inLanguage": str,
    "about": list,
    "spatialCoverage": list,
    "isPartOf": dict,
    "license": str,
    "identifier": list,
    "sameAs": str,
    "isAccessibleForFree": bool,
    "encoding": list,
    "numberOfPages": int,
}


@pytest.fixture(autouse=True)
def site(settings: LazySettings) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def report(db: None) -> Report:
    report = make_report(
        "Rain </script><script>alert(1)</script> & more",
        subtitle="Twenty years",
        authors=[("Ada", "Banda", "Dr"), ("", "Suharto")],
        performer="Rain Consultants",
        commissioner="Norec",
        themes=["climate"],
        sdgs=["sdg-13"],
        countries=["MW"],
        date=date(2019, 9, 5),
        series="Rain Papers, 7",
        licence="CC BY-NC 4.0",
        doi="10.1000/<182>é",
        isbn="978-92-1-000000-1",
        languages=["en", "fr"],
        edition_abstract="It rains\u2028always.",
    )
    add_pdf(report, pages=3)
    return report


def graph(client: Client, report: Report) -> dict[str, dict[str, Any]]:
    """The nodes of the page's JSON-LD by their types."""
    content = client.get(report.get_absolute_url()).content.decode()
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', content, re.DOTALL)
    assert not re.search("[<>&]", "".join(found))
    assert len(found) == 1
    assert "\u2028" not in found[0]
    data = json.loads(found[0])
    assert data["@context"] == "https://schema.org"
    return {node["@type"]: node for node in data["@graph"]}


def links(header: str) -> list[tuple[str, str]]:
    return re.findall(r'<([^>]*)>; rel="([^"]*)"', header)


def test_search_engines_are_told_what_the_report_is(client: Client, report: Report) -> None:
    node = graph(client, report)["Report"]
    assert {name for name in node if not name.startswith("@")} <= PROPERTIES.keys()
    wrong = [
        name for name, kind in PROPERTIES.items() if not isinstance(node.get(name, kind()), kind)
    ]
    assert wrong == []
    address = SITE + report.get_absolute_url()
    assert (node["@id"], node["name"]) == (address, report.title)
    assert node["author"] == [
        {
            "@type": "Person",
            "name": "Ada Banda",
            "givenName": "Ada",
            "familyName": "Banda",
            "honorificPrefix": "Dr",
        },
        {"@type": "Person", "name": "Suharto", "familyName": "Suharto"},
    ]
    assert node["publisher"] == {"@type": "Organization", "name": "Norec"}
    assert (node["datePublished"], node["inLanguage"]) == ("2019-09-05", "en")
    assert node["numberOfPages"] == 3
    assert node["encoding"][0]["contentUrl"] == f"{address}en.pdf"
    assert node["license"] == "https://creativecommons.org/licenses/by-nc/4.0/"
    assert node["isPartOf"] == {"@type": "CreativeWorkSeries", "name": "Rain Papers, 7"}
    assert [row["propertyID"] for row in node["identifier"]] == ["doi", "isbn"]


def test_what_is_not_known_is_not_said(client: Client, db: None) -> None:
    node = graph(client, make_report("Rain", year=None, performer="Rain Consultants"))["Report"]
    assert node["author"] == {"@type": "Organization", "name": "Rain Consultants"}
    assert not node.keys() & {"datePublished", "license", "encoding", "numberOfPages", "identifier"}


def test_search_engines_are_told_the_way_to_the_report(client: Client, report: Report) -> None:
    steps = graph(client, report)["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3, 4]
    assert steps[0]["item"] == f"{SITE}/"
    assert steps[1]["item"] == f"{SITE}/library/"
    assert steps[-1] == {
        "@type": "ListItem",
        "position": 4,
        "name": report.title,
        "item": SITE + report.get_absolute_url(),
    }


def test_program_finds_its_way_by_the_header_of_the_page(client: Client, report: Report) -> None:
    response = client.get(report.get_absolute_url())
    address = SITE + report.get_absolute_url()
    name = f"oai%3Aalliance.example.org%3A{report.pk}"
    assert links(response["Link"]) == [
        ("https://doi.org/10.1000/%3C182%3E%C3%A9", "cite-as"),
        ("https://schema.org/AboutPage", "type"),
        ("https://schema.org/Report", "type"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", "license"),
        (f"{address}cite.bib", "describedby"),
        (f"{address}cite.ris", "describedby"),
        (f"{address}cite.json", "describedby"),
        (
            f"{SITE}/library/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={name}",
            "describedby",
        ),
        (f"{address}en.pdf", "item"),
    ]
    for target, relation in links(response["Link"]):
        if relation in {"describedby", "item"}:
            answer = client.get(target.removeprefix(SITE))
            assert answer.status_code == 200
            kind = answer["Content-Type"].partition(";")[0]
            assert f'<{target}>; rel="{relation}"; type="{kind}"' in response["Link"]


def test_program_finds_from_the_file_to_the_page(client: Client, report: Report) -> None:
    response = client.get(f"{report.get_absolute_url()}en.pdf")
    assert links(response["Link"])[:2] == [
        (SITE + report.get_absolute_url(), "collection"),
        ("https://doi.org/10.1000/%3C182%3E%C3%A9", "cite-as"),
    ]


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_scholars_are_told_of_nothing_that_is_not_public(status: str, client: Client) -> None:
    report = make_report(status=status)
    response = client.get(report.get_absolute_url())
    assert response.status_code == (404 if status == "draft" else 410)
    assert b"citation_" not in response.content
    assert b"ld+json" not in response.content


def test_scholars_read_the_group_where_no_person_is_named(client: Client, db: None) -> None:
    content = client.get(make_report(performer="Rain Co").get_absolute_url()).content.decode()
    assert '<meta name="citation_author" content="Rain Co">' in content
    assert "citation_pdf_url" not in content
    assert "citation_" not in client.get("/library/").content.decode()
