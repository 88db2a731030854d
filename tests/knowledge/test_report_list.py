"""The library's list: what it shows, its facets, its order, its addresses."""

import datetime
import html
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from alliance import drawn_pages, kept_pages
from knowledge.indexing import index_due, mark_due
from knowledge.models import Page, Report
from tests.knowledge.factories import add_pdf, make_report

# The state, for which lines and counts are kept.
LIST_QUERIES = 1
# The candidates are kept too; the passages come beside the rows. A transaction around a question,
# as here, makes a point to go back to, and resets its limit.
SEARCH_QUERIES = 13


def titles(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/library/{query}")
    assert response.status_code == 200
    return [entry.title for entry in response.context["entries"]]


def facet(client: Client, name: str, query: str = "") -> list[tuple[str, int, bool]]:
    """Label, count and whether it is chosen, in the order of the page."""
    content = client.get(f"/library/{query}").content.decode()
    options = re.findall(
        rf'<input type="checkbox" name="{name}" value="[^"]*"( checked)?>'
        r'<span>([^<]*)</span><span class="n">(\d+)</span>',
        content,
    )
    return [(html.unescape(label), int(n), bool(chosen)) for chosen, label, n in options]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_for_one_report_and_three(
    rows: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        report = make_report(
            f"Report {number}", themes=["health"], sdgs=["sdg-03"], countries=["KE"]
        )
        file = add_pdf(report)
        Page.objects.create(file=file, number=1, text="The report says so.")
        mark_due(report)
    index_due()
    assert len(titles(client)) == rows
    kept_pages.forget()
    drawn_pages.forget()
    with django_assert_num_queries(LIST_QUERIES):
        titles(client)
    address = "?q=report&theme=health&country=KE"
    assert len(titles(client, address)) == rows
    with django_assert_num_queries(SEARCH_QUERIES):
        titles(client, address)


def test_entry_shows_what_the_report_is(client: Client) -> None:
    report = make_report(
        "Reading the Rain",
        sdgs=["sdg-06", "sdg-17"],
        edition_abstract="Four weather offices share one forecast.\n\nThe second paragraph.",
    )
    add_pdf(report, pages=3)
    [entry] = client.get("/library/").context["entries"]
    assert entry.url == f"/library/{report.pk}-reading-the-rain/"
    assert entry.meta == ["Norec", "2019", "English", "3 pages"]
    assert entry.text == "Four weather offices share one forecast."
    assert [goal.code for goal in entry.goals] == ["sdg-06", "sdg-17"]


def test_report_without_edition_is_listed_by_its_own_title(client: Client) -> None:
    make_report("Only a Title", edition=False)
    assert titles(client) == ["Only a Title"]


def test_drafts_embargoed_and_retired_reports_are_not_listed_or_counted(client: Client) -> None:
    make_report("Published", themes=["health"])
    make_report("Draft", themes=["health"], status=Report.Status.DRAFT)
    make_report("Retired", themes=["health"], status=Report.Status.RETIRED)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    make_report(
        "Later", themes=["health"], status=Report.Status.EMBARGOED, embargoed_until=tomorrow
    )
    assert titles(client) == ["Published"]
    assert titles(client, "?q=draft") == []
    assert [n for _label, n, _chosen in facet(client, "theme")] == [1]


def test_embargoed_report_appears_on_its_day(client: Client) -> None:
    today = timezone.localdate()
    make_report("Today", status=Report.Status.EMBARGOED, embargoed_until=today)
    assert titles(client) == ["Today"]


def test_facets_count_every_report_once(client: Client) -> None:
    make_report(
        "One",
        publisher="Norec",
        year=2019,
        themes=["health", "education-skills"],
        regions=["africa"],
        countries=["KE", "MW"],
        sdgs=["sdg-04"],
        languages=["en", "fr"],
    )
    make_report("Two", publisher="UNOSSC", year=2021, themes=["health"], sdgs=["sdg-17", "sdg-04"])
    assert [n for _label, n, _chosen in facet(client, "theme")] == [2, 1]
    assert facet(client, "region") == [("Africa", 1, False)]
    assert facet(client, "country") == [("Kenya", 1, False), ("Malawi", 1, False)]
    assert facet(client, "sdg") == [
        ("4 Quality Education", 2, False),
        ("17 Partnerships for the Goals", 1, False),
    ]
    assert facet(client, "publisher") == [("Norec", 1, False), ("UNOSSC", 1, False)]
    assert facet(client, "year") == [("2021", 1, False), ("2019", 1, False)]
    assert facet(client, "language") == [("English", 2, False), ("Français", 1, False)]


def test_choices_within_a_facet_widen_and_across_facets_narrow(client: Client) -> None:
    make_report("Kenya 2019", countries=["KE"], year=2019)
    make_report("Malawi 2019", countries=["MW"], year=2019)
    make_report("Malawi 2020", countries=["MW"], year=2020)
    assert titles(client, "?country=KE&country=MW&sort=title") == [
        "Kenya 2019",
        "Malawi 2019",
        "Malawi 2020",
    ]
    assert titles(client, "?country=KE&country=MW&year=2019&sort=title") == [
        "Kenya 2019",
        "Malawi 2019",
    ]
    # The facet's own choice does not narrow its counts; the other facet's does.
    assert facet(client, "country", "?country=KE&year=2019") == [
        ("Kenya", 1, True),
        ("Malawi", 1, False),
    ]
    assert facet(client, "year", "?country=KE") == [("2019", 1, False)]


def test_choice_that_nothing_matches_can_be_taken_away_by_its_label(client: Client) -> None:
    make_report("Kenya", countries=["KE"])
    response = client.get("/library/?q=absent&country=KE&sort=title")
    assert response.context["chips"] == [("Kenya", "/library/?q=absent&sort=title")]
    assert facet(client, "country", "?q=absent&country=KE") == [("Kenya", 0, True)]
    assert "Nothing matches" in response.content.decode()


def test_empty_library_says_what_to_do_next(client: Client) -> None:
    content = client.get("/library/").content.decode()
    assert "No reports yet" in content
    assert 'href="/connect/"' in content


def test_orders_are_newest_title_and_best_match(client: Client) -> None:
    make_report("Bread", year=2020, edition_abstract="A mill, and a mill, and a mill.")
    make_report("Mill", year=2018, edition_abstract="About bread.")
    make_report("Apples", year=None, edition_abstract="Orchards, with a word on the mill.")
    assert titles(client) == ["Bread", "Mill", "Apples"]
    assert titles(client, "?sort=title") == ["Apples", "Bread", "Mill"]
    assert titles(client, "?q=mill")[0] == "Mill"
    assert titles(client, "?q=mill&sort=newest") == ["Bread", "Mill", "Apples"]


def test_search_reads_title_abstract_findings_and_reading_edition(client: Client) -> None:
    make_report("Weather Stations")
    make_report("Second", edition_abstract="Learning between hospitals.")
    make_report("Third", edition_key_findings="Nurses stayed.")
    make_report("Fourth", edition_reading_html='<h2 id="tides">Tides</h2><p>Harbours silt.</p>')
    assert titles(client, "?q=weather+station") == ["Weather Stations"]
    assert titles(client, "?q=hospital+learn") == ["Second"]
    assert titles(client, "?q=nurse") == ["Third"]
    assert titles(client, "?q=harbour") == ["Fourth"]
    assert titles(client, '?q="silt+harbours"') == []
    # Markup is not text.
    assert titles(client, "?q=h2") == []


def test_reader_of_one_language_sees_that_edition(client: Client) -> None:
    report = make_report("Reading the Rain", languages=["en", "fr"])
    report.editions.filter(language="fr").update(title="Lire la pluie")
    mark_due(report)
    assert titles(client, "?language=fr") == ["Lire la pluie"]
    assert titles(client) == ["Reading the Rain"]


def test_pages_hold_twenty_and_keep_the_filters(client: Client) -> None:
    for number in range(41):
        make_report(f"Report {number:02}", countries=["KE"], edition=False)
    assert titles(client, "?sort=title")[-1] == "Report 19"
    assert titles(client, "?sort=title&page=3") == ["Report 40"]
    assert titles(client, "?sort=title&page=999") == ["Report 40"]
    content = client.get("/library/?country=KE&sort=title&page=2").content.decode()
    assert "41 reports" in content
    assert 'href="?country=KE&amp;sort=title&amp;page=3" rel="next"' in content
    assert 'href="?country=KE&amp;sort=title" rel="prev"' in content


HOSTILE = [
    "q=%22",
    "q=%27%20OR%201%3D1%20--",
    "q=%26%7C%21%28%29%3A%2A%3C-%3E",
    "q=%E2%80%AE%D8%A7",
    "q=%EF%BF%BF%F0%9F%98%80",
    "q=-",
    "theme=%27%3B%20DROP%20TABLE&theme=health",
    "theme=&region=&country=&sdg=&publisher=&year=&language=",
    "year=0000&year=99999999999999999999&year=-1&year=%D9%A2%D9%A0%D9%A1%D9%A9",
    "publisher=%3Cscript%3Ealert(1)%3C/script%3E",
    "page=0",
    "page=-5",
    "page=1e9",
    "page=999999999999999999999999999",
    "page=%C2%B2",
    "sort=password",
    "q[]=1&theme[]=2&unknown=3",
    "&".join(f"country={number}" for number in range(900)),
]


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_query_is_answered_with_the_list(query: str, client: Client) -> None:
    make_report("Quiet")
    response = client.get(f"/library/?{query}")
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("query", ["q=%00", "theme=%00", "q=%ff%fe", "page=%ed%a0%80"])
def test_bytes_that_nobody_types_are_refused(query: str, client: Client) -> None:
    assert client.get(f"/library/?{query}").status_code == 400


def test_search_text_that_is_too_long_is_told_and_kept(client: Client) -> None:
    make_report("Quiet")
    typed = "river " * 40
    response = client.get("/library/", {"q": typed})
    content = response.content.decode()
    assert response.status_code == 200
    assert 'id="q-error"' in content
    assert "river river river" in content
    assert [entry.title for entry in response.context["entries"]] == ["Quiet"]


@pytest.mark.parametrize("method", [Client.post, Client.put, Client.delete])
def test_list_is_only_read(method: Callable[..., object], client: Client) -> None:
    response = method(client, "/library/")
    assert getattr(response, "status_code", 0) == 405
