"""The harvesters' interface: each verb, each error, tombstones, and what hostile input gets."""

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from knowledge.machines import oai
from knowledge.machines.embargoes import announce_embargoed
from knowledge.models import HarvestRecord, Report
from tests.knowledge.factories import add_pdf, make_report
from tests.knowledge.judging import DC, OAI, deleted_without_metadata, judged

LIST = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
HEADERS = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}

Ask = Callable[..., etree._Element]


@pytest.fixture(autouse=True)
def told_at_once(db: None, settings: LazySettings) -> None:
    """What the database does at the end of a transaction it does with each statement here."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    settings.SITE_URL = "https://alliance.example.org"
    settings.SECRETARIAT_EMAIL = "Secretariat <secretariat@alliance.example.org>"


@pytest.fixture
def ask(client: Client) -> Ask:
    def asked(**arguments: Any) -> etree._Element:
        response = client.get("/library/oai", arguments)
        assert response.status_code == 200
        assert response["Content-Type"] == "text/xml; charset=utf-8"
        root = judged(response.content, "oai_pmh.xsd")
        assert deleted_without_metadata(root)
        return root

    return asked


def error(root: etree._Element) -> str | None:
    found = root.find(f"{OAI}error")
    return None if found is None else found.get("code")


def numbers(root: etree._Element) -> list[int]:
    return [int(each.text.rpartition(":")[2]) for each in root.iter(f"{OAI}identifier")]


def states(root: etree._Element) -> dict[int, str | None]:
    headers = root.iter(f"{OAI}header")
    return dict(zip(numbers(root), [header.get("status") for header in headers], strict=True))


def said(root: etree._Element, name: str) -> list[str]:
    return [element.text for element in root.iter(DC + name)]


def name_of(report: Report) -> str:
    return f"oai:alliance.example.org:{report.pk}"


def age(report: Report, **ago: int) -> datetime:
    """Put a record back in time, and return its moment."""
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(**ago)
    HarvestRecord.objects.filter(pk=report.pk).update(changed_at=moment)
    return moment


def test_identify_says_who_and_how(ask: Ask) -> None:
    assert error(ask(verb="Identify")) is None
    report = make_report()
    first = age(report, days=3)
    found = {child.tag.removeprefix(OAI): child.text for child in ask(verb="Identify")[2]}
    assert found == {
        "repositoryName": "UNOSSC Alliance: knowledge library",
        "baseURL": "https://alliance.example.org/library/oai",
        "protocolVersion": "2.0",
        "adminEmail": "secretariat@alliance.example.org",
        "earliestDatestamp": f"{first:%Y-%m-%dT%H:%M:%SZ}",
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
        "compression": "gzip",
    }


def test_address_of_a_trial_copy_is_written_as_the_protocol_wants_it(
    ask: Ask, settings: LazySettings
) -> None:
    settings.SECRETARIAT_EMAIL = "secretariat@localhost"
    root = ask(verb="Identify")
    assert [each.text for each in root.iter(f"{OAI}adminEmail")] == [
        "secretariat@localhost.localdomain"
    ]


def test_record_says_in_dublin_core_what_the_library_knows(ask: Ask) -> None:
    report = make_report(
        "Reading the Rain",
        subtitle="Twenty years of exchange",
        authors=[("Ada", "Banda"), ("Wei", "Li")],
        performer="Rain Consultants",
        commissioner="Norec",
        themes=["climate"],
        sdgs=["sdg-13"],
        countries=["MW"],
        regions=[],
        date=date(2019, 9, 5),
        kind="Evaluation",
        series="Rain Papers, 7",
        licence="CC BY 4.0",
        doi="10.1000/182",
        isbn="978-92-1-000000-1",
        source_url="https://publisher.example.org/rain",
        languages=["en", "fr"],
        edition_abstract="It rains & pours, <always>.",
    )
    add_pdf(report)
    root = ask(verb="GetRecord", identifier=name_of(report), metadataPrefix="oai_dc")
    address = f"https://alliance.example.org/library/{report.pk}-reading-the-rain/"
    assert said(root, "title") == ["Reading the Rain: Twenty years of exchange"] * 2
    languages = [
        element.get("{http://www.w3.org/XML/1998/namespace}lang")
        for element in root.iter(f"{DC}title")
    ]
    assert languages == said(root, "language") == ["en", "fr"]
    assert said(root, "creator") == ["Banda, Ada", "Li, Wei"]
    assert said(root, "contributor") == ["Rain Consultants", "Norec"]
    assert said(root, "description") == ["It rains & pours, <always>."] * 2
    assert said(root, "date") == ["2019-09-05"]
    assert said(root, "type") == ["Text", "Evaluation"]
    assert said(root, "format") == ["application/pdf"]
    assert said(root, "identifier") == [
        address,
        f"{address}en.pdf",
        "https://doi.org/10.1000/182",
        "urn:isbn:978-92-1-000000-1",
    ]
    assert said(root, "source") == ["https://publisher.example.org/rain"]
    assert said(root, "relation") == ["Rain Papers, 7"]
    assert said(root, "coverage") == ["Malawi"]
    assert said(root, "rights") == ["CC BY 4.0"]
    assert said(root, "publisher") == ["Norec"]
    assert len(said(root, "subject")) == 2


def test_consultancy_is_the_creator_where_no_person_is_named(ask: Ask) -> None:
    make_report(performer="Rain Consultants")
    root = ask(**LIST)
    assert (said(root, "creator"), said(root, "contributor")) == (["Rain Consultants"], [])


def test_characters_that_no_xml_may_hold_are_left_out(ask: Ask) -> None:
    make_report("Rain\x0b and\x1f shine\ufffe", publisher="N\x01orec", edition=False)
    root = ask(**LIST)
    assert (said(root, "title"), said(root, "publisher")) == (["Rain and shine"], ["Norec"])


@pytest.mark.parametrize(("before", "after"), [("published", "retired"), ("embargoed", "draft")])
def test_report_that_is_taken_back_leaves_a_tombstone(before: str, after: str, ask: Ask) -> None:
    report, other = make_report(status=before, embargoed_until=date(2020, 1, 1)), make_report()
    age(report, days=9)
    moment = age(other, days=2)
    Report.objects.filter(pk=report.pk).update(status=after)
    assert states(ask(**LIST)) == {other.pk: None, report.pk: "deleted"}
    since = f"{moment + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    assert states(ask(**HEADERS, **{"from": since})) == {report.pk: "deleted"}
    record = ask(verb="GetRecord", identifier=name_of(report), metadataPrefix="oai_dc")
    assert states(record) == {report.pk: "deleted"}
    Report.objects.filter(pk=report.pk).update(status="published")
    assert states(ask(**HEADERS, **{"from": since})) == {report.pk: None}


def test_report_that_is_deleted_leaves_a_tombstone(ask: Ask) -> None:
    report = make_report()
    number = report.pk
    report.delete()
    assert states(ask(**LIST)) == {number: "deleted"}


def test_report_that_was_never_public_is_never_told_of(ask: Ask) -> None:
    make_report("Ternmark", status="draft")
    early, late = (
        make_report("Ternmark", status="embargoed", embargoed_until=date(2100, 1, 1))
        for _each in range(2)
    )
    Report.objects.filter(pk=early.pk).update(status="retired")
    assert error(ask(**LIST)) == "noRecordsMatch"
    root = ask(verb="GetRecord", identifier=name_of(late), metadataPrefix="oai_dc")
    assert error(root) == "idDoesNotExist"


def test_report_is_told_of_on_the_day_its_embargo_ends(ask: Ask) -> None:
    report = make_report(status="embargoed", embargoed_until=date(2100, 1, 1))
    # As if the day had come: no trigger sees a day pass.
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE knowledge_report DISABLE TRIGGER USER")
        cursor.execute("UPDATE knowledge_report SET embargoed_until = '2020-01-01'")
        cursor.execute("ALTER TABLE knowledge_report ENABLE TRIGGER USER")
    assert error(ask(**LIST)) == "noRecordsMatch"
    assert (announce_embargoed(), announce_embargoed()) == (1, 0)
    assert states(ask(**LIST)) == {report.pk: None}


def test_record_is_not_handed_out_while_the_report_is_not_public(ask: Ask) -> None:
    report = make_report("Ternmark", status="draft")
    HarvestRecord.objects.create(pk=report.pk, changed_at=datetime.now(UTC))
    root = ask(**LIST)
    assert states(root) == {report.pk: "deleted"}
    assert b"Ternmark" not in etree.tostring(root)


def test_span_of_time_includes_both_ends(ask: Ask) -> None:
    reports = [make_report(f"Rain {day}") for day in range(3)]
    moments = [age(report, days=9 - day) for day, report in enumerate(reports)]
    seconds = [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in moments]
    days = [f"{moment:%Y-%m-%d}" for moment in moments]
    pks = [report.pk for report in reports]
    assert numbers(ask(**LIST, **{"from": seconds[1]})) == pks[1:]
    assert numbers(ask(**LIST, until=seconds[1])) == pks[:2]
    assert numbers(ask(**LIST, **{"from": seconds[1], "until": seconds[1]})) == [pks[1]]
    assert numbers(ask(**LIST, **{"from": days[1], "until": days[1]})) == [pks[1]]
    before = f"{moments[1] - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    assert numbers(ask(**LIST, until=before)) == pks[:1]
    assert error(ask(**LIST, until="1900-01-01")) == "noRecordsMatch"


def test_sets_are_themes_and_languages(ask: Ask) -> None:
    rain = make_report("Rain", themes=["climate"], languages=["en", "fr"])
    sun = make_report("Sun", themes=["health"])
    gone = make_report("Gone", themes=["climate"])
    Report.objects.filter(pk=gone.pk).update(status="retired")
    offered = [element.text for element in ask(verb="ListSets").iter(f"{OAI}setSpec")]
    assert {"theme:climate", "theme:health", "language:en", "language:fr"} <= set(offered)
    assert numbers(ask(**LIST, set="theme:climate")) == [rain.pk, gone.pk]
    assert numbers(ask(**HEADERS, set="language:fr")) == [rain.pk]
    assert numbers(ask(**LIST, set="theme:health")) == [sun.pk]
    for unknown in ("theme:nothing", "theme", "publisher:Norec"):
        assert error(ask(**LIST, set=unknown)) == "noRecordsMatch"
    specs = [element.text for element in ask(**LIST, set="language:fr").iter(f"{OAI}setSpec")]
    assert specs == ["theme:climate", "language:en", "language:fr"]


def pages(ask: Ask, arguments: dict[str, Any]) -> list[etree._Element]:
    """Every page of a list, one token after the other."""
    answers = [ask(**arguments)]
    while token := answers[-1].findtext(f".//{OAI}resumptionToken"):
        answers.append(ask(verb=arguments["verb"], resumptionToken=token))
    return answers


@pytest.mark.parametrize(("count", "sizes"), [(2, [2]), (3, [2, 1]), (4, [2, 2]), (5, [2, 2, 1])])
def test_list_is_cut_into_pages_that_leave_nothing_out(
    count: int, sizes: list[int], ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oai, "PER_ANSWER", 2)
    reports = [make_report(f"Rain {number}") for number in range(count)]
    # Of the same second: the number of a report tells them apart.
    HarvestRecord.objects.update(changed_at=age(reports[0], days=1))
    answers = pages(ask, LIST)
    assert [numbers(page) for page in answers] == [
        [report.pk for report in reports[2 * place : 2 * place + size]]
        for place, size in enumerate(sizes)
    ]
    tokens = [page.find(f".//{OAI}resumptionToken") for page in answers]
    if len(sizes) == 1:
        assert tokens == [None]
        return
    told = [(token.get("completeListSize"), token.get("cursor")) for token in tokens]
    assert told == [(str(count), str(2 * place)) for place in range(len(sizes))]
    assert tokens[-1].text is None


def test_token_carries_the_whole_question(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oai, "PER_ANSWER", 1)
    old, first, other, second, new = (
        make_report(title, themes=[theme])
        for title, theme in (
            ("Old", "climate"),
            ("First", "climate"),
            ("Other", "health"),
            ("Second", "climate"),
            ("New", "climate"),
        )
    )
    moments = [age(each, days=9 - day) for day, each in enumerate((old, first, other, second, new))]
    span = {"from": f"{moments[1]:%Y-%m-%dT%H:%M:%SZ}", "until": f"{moments[3]:%Y-%m-%dT%H:%M:%SZ}"}
    answers = pages(ask, HEADERS | span | {"set": "theme:climate"})
    assert [numbers(page) for page in answers] == [[first.pk], [second.pk]]
    token = answers[0].findtext(f".//{OAI}resumptionToken")
    assert error(ask(verb="ListRecords", resumptionToken=token)) == "badResumptionToken"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": ""}, "badVerb"),
        ({"verb": "identify"}, "badVerb"),
        ({"verb": ["Identify", "Identify"]}, "badVerb"),
        ({"verb": "Identify", "set": "a"}, "badArgument"),
        ({"verb": "Identify", "\x0b<&\ufffe": "a"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "oai:x:1"}, "badArgument"),
        (LIST | {"metadataPrefix": ["oai_dc", "oai_dc"]}, "badArgument"),
        (LIST | {"from": ""}, "badArgument"),
        (LIST | {"from": "2019"}, "badArgument"),
        (LIST | {"from": "2019-02-30"}, "badArgument"),
        (LIST | {"from": "0000-01-01"}, "badArgument"),
        (LIST | {"from": "٢٠١٩-٠١-٠١"}, "badArgument"),
        (LIST | {"from": "2019-01-01T00:00:00"}, "badArgument"),
        (LIST | {"from": "2019-01-01", "until": "2019-01-01T00:00:00Z"}, "badArgument"),
        (LIST | {"from": "2019-01-02", "until": "2019-01-01"}, "badArgument"),
        (LIST | {"from": "0001-01-01", "until": "0001-01-01"}, "noRecordsMatch"),
        (LIST | {"from": "9999-12-31", "until": "9999-12-31"}, "noRecordsMatch"),
        (LIST | {"set": "a b"}, "badArgument"),
        (LIST | {"set": ":"}, "badArgument"),
        (LIST | {"set": "a" * 5000}, "badArgument"),
        (LIST | {"metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
        (LIST | {"metadataPrefix": "é"}, "badArgument"),
        ({"verb": "ListMetadataFormats", "identifier": "%[x"}, "badArgument"),
        (LIST | {"resumptionToken": "x"}, "badArgument"),
        ({"verb": "ListRecords", "resumptionToken": "x\x0b<"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": ":" * 5000}, "badResumptionToken"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListMetadataFormats", "identifier": "oai:x:1"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": "a\x0bb"}, "badArgument"),
        *(
            (
                {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": identifier},
                "idDoesNotExist",
            )
            for identifier in (
                "7",
                "oai:alliance.example.org:" + "9" * 18,
                "oai:alliance.example.org:" + "9" * 99,
                "oai:alliance.example.org:-1",
                "oai:another.example.org:1",
            )
        ),
    ],
)
def test_what_cannot_be_answered_is_an_error_of_the_protocol(
    arguments: dict[str, Any], code: str, ask: Ask
) -> None:
    make_report()
    assert error(ask(**arguments)) == code


def test_question_may_come_by_post_and_from_elsewhere() -> None:
    report = make_report()
    stranger = Client(enforce_csrf_checks=True)
    response = stranger.post("/library/oai", LIST)
    assert numbers(judged(response.content, "oai_pmh.xsd")) == [report.pk]
    # What stands in the address is no part of a question that comes by POST.
    response = stranger.post("/library/oai?verb=Identify", {"verb": "ListSets"})
    assert judged(response.content, "oai_pmh.xsd").find(f"{OAI}ListSets") is not None
    assert stranger.put("/library/oai").status_code == 405


def test_answer_comes_compressed_where_that_is_understood(client: Client) -> None:
    make_report(edition_abstract="Rain. " * 200)
    response = client.get("/library/oai", LIST, headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    judged(gzip.decompress(response.content), "oai_pmh.xsd")


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_however_long_it_is(
    rows: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _row in range(rows):
        add_pdf(make_report(authors=[("Ada", "Banda")], themes=["climate"]))
    client.get("/library/oai", LIST)
    # Records, reports, editions, files, and the stamp of the vocabularies.
    with django_assert_num_queries(5):
        client.get("/library/oai", LIST)
