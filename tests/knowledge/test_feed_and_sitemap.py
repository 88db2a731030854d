"""The feed, the sitemaps and robots.txt, read as feed readers and search engines read them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.robotparser import RobotFileParser

import feedparser
import pytest
from django.conf import LazySettings
from django.test import Client

from knowledge.machines.sitemaps import ReportSitemap
from knowledge.models import Report
from tests.knowledge.factories import add_pdf, make_report
from tests.knowledge.judging import judged

SITE = "https://alliance.example.org"


@pytest.fixture(autouse=True)
def site(settings: LazySettings) -> None:
    settings.SITE_URL = SITE


def feed(client: Client, query: str = "") -> Any:
    response = client.get(f"/library/feed/{query}")
    assert response.status_code == 200
    judged(response.content, "atom.rng")
    read = feedparser.parse(response.content)
    assert not read.bozo
    assert read.version == "atom10"
    return read


def addresses(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response["Content-Type"].startswith("application/xml")
    root = judged(response.content, "sitemap.xsd")
    return [element.text for element in root.iter("{*}loc")]


def test_feed_tells_of_what_changed_last_first(client: Client) -> None:
    old = make_report("Sun")
    report = make_report(
        "Rain & <wind>",
        authors=[("Ada", "Banda"), ("Wei", "Li")],
        themes=["climate"],
        licence="CC BY 4.0",
        edition_abstract="It rains.\n\nAnd pours.",
    )
    file = add_pdf(report)
    make_report("Ternmark", status="draft")
    read = feed(client)
    assert [entry.title for entry in read.entries] == ["Rain & <wind>", "Sun"]
    entry = read.entries[0]
    address = SITE + report.get_absolute_url()
    assert (entry.id, entry.link, entry.summary) == (address, address, "It rains.")
    assert entry.author == "Banda, Ada, Li, Wei"
    assert [(link.href, link.length) for link in entry.enclosures] == [
        (f"{address}en.pdf", str(file.size))
    ]
    assert len(entry.tags) == 1
    old.save()
    assert feed(client).entries[0].title == "Sun"


def test_report_whose_embargo_has_ended_is_new_on_its_day(client: Client) -> None:
    embargoed = make_report("Rain", status="embargoed", embargoed_until=date(2026, 10, 2))
    changed = make_report("Sun")
    hour = timedelta(hours=1)
    begin = datetime(2026, 10, 2, tzinfo=UTC)
    Report.objects.filter(pk=embargoed.pk).update(changed_at=begin - 500 * hour)
    Report.objects.filter(pk=changed.pk).update(changed_at=begin - hour)
    entries = feed(client).entries
    assert [entry.title for entry in entries] == ["Rain", "Sun"]
    assert entries[0].updated == "2026-10-02T00:00:00+00:00"


def test_feed_takes_the_query_of_the_list(client: Client) -> None:
    make_report("Rain", themes=["climate"])
    make_report("Sun", themes=["health"])
    read = feed(client, "?theme=climate&sort=title")
    assert [entry.title for entry in read.entries] == ["Rain"]
    assert read.feed.link == f"{SITE}/library/?theme=climate&sort=title"
    page = client.get("/library/?theme=climate").content.decode()
    assert 'type="application/atom+xml"' in page
    assert 'href="/library/feed/?theme=climate"' in page


def test_feed_is_sent_again_only_when_something_changed(client: Client) -> None:
    empty = client.get("/library/feed/")
    again = {"if-none-match": empty["ETag"]}
    assert client.get("/library/feed/", headers=again).status_code == 304
    make_report()
    first = client.get("/library/feed/", headers=again)
    assert first.status_code == 200
    again = {"if-none-match": first["ETag"]}
    assert client.get("/library/feed/", headers=again).status_code == 304


@pytest.mark.parametrize(
    "query",
    ["?q=%22%27%3C%26", "?q=%0b%1f%ef%bf%be", "?page=x&year=99999", "?a=%0a%3E", "?q=" + 300 * "a"],
)
def test_feed_answers_whatever_is_asked(query: str, client: Client) -> None:
    make_report("Rain\x0b", publisher="N\x01orec")
    feed(client, query)


def test_sitemap_leads_to_all_that_is_published_and_to_nothing_else(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReportSitemap, "limit", 2)
    reports = [make_report(f"Rain {n}") for n in range(3)]
    for status in ("draft", "retired"):
        make_report("Ternmark", status=status)
    make_report("Ternmark", status="embargoed", embargoed_until=date(2100, 1, 1))
    index = addresses(client, "/sitemap.xml")
    paths = [address.partition("/sitemap")[2] for address in index]
    assert paths == [
        "-pages.xml",
        "-reports.xml",
        "-reports.xml?p=2",
        "-board.xml",
        "-organizations.xml",
    ]
    found = [one for path in paths[1:] for one in addresses(client, f"/sitemap{path}")]
    assert found == [SITE + report.get_absolute_url() for report in reports]
    assert f"{SITE}/library/" in addresses(client, "/sitemap-pages.xml")
    for wrong in ("-nothing.xml", "-reports.xml?p=4", "-reports.xml?p=x", "-reports.xml?p=-1"):
        assert client.get(f"/sitemap{wrong}").status_code == 404


def test_sitemap_says_when_something_changed(client: Client) -> None:
    report = make_report()
    Report.objects.filter(pk=report.pk).update(changed_at="2026-03-04T05:06:07Z")
    for path in ("/sitemap.xml", "/sitemap-reports.xml"):
        root = judged(client.get(path).content, "sitemap.xsd")
        assert [element.text[:10] for element in root.iter("{*}lastmod")] == ["2026-03-04"]


def test_robots_are_shown_the_library_and_kept_from_private_places(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    reader = RobotFileParser()
    reader.parse(response.content.decode().splitlines())
    open_ones = ["/", "/library/", "/library/7-rain/", "/library/7-rain/en.pdf", "/library/feed/"]
    open_ones += ["/library/?page=2", "/library/oai?verb=Identify", "/about/"]
    closed = ["/admin/", "/account/", "/dashboard/", "/login/", "/submissions/x/", "/organization/"]
    closed += ["/library/?theme=climate&year=2019", "/library/?q=rain"]
    assert [path for path in open_ones if not reader.can_fetch("Googlebot", SITE + path)] == []
    assert [path for path in closed if reader.can_fetch("Googlebot", SITE + path)] == []
    assert reader.site_maps() == [f"{SITE}/sitemap.xml"]
