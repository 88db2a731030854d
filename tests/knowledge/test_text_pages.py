"""The text inside a PDF, page by page: what is shown, marked, and led to."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from knowledge.indexing import index_due, mark_due
from knowledge.models import EditionFile, Report
from tests.knowledge.factories import add_pdf, add_text, make_report


def text_of(content: str) -> str:
    found = re.search(r"<article[^>]*>(.*?)</article>", content, re.DOTALL)
    assert found is not None
    return found[1]


def index_pages() -> None:
    """As the worker does once it has read the pages."""
    for report in Report.objects.all():
        mark_due(report)
    index_due()


def get(client: Client, report: Report, number: int, query: str = "", status: int = 200) -> str:
    response = client.get(f"{report.get_absolute_url()}en/pages/{number}/{query}")
    assert response.status_code == status
    return response.content.decode()


def test_a_page_is_shown_in_paragraphs_with_the_words_marked(client: Client) -> None:
    report = make_report()
    add_text(report, "First page.", "The Exchange ended.\n\nRain & <b>wind</b>, and Café.")
    assert text_of(get(client, report, 2, "?q=exchange+cafe")) == (
        "<p>The <mark>Exchange</mark> ended.</p>"
        "<p>Rain &amp; &lt;b&gt;wind&lt;/b&gt;, and <mark>Café</mark>.</p>"
    )
    assert "<mark>" not in get(client, report, 2)


def test_a_page_says_which_it_is_and_leads_on_with_the_words(client: Client) -> None:
    report = make_report("Reading the Rain")
    version = add_text(report, "One.", "Two.", "Three.")
    content = get(client, report, 2, "?q=rain")
    assert "<h1>Page 2 of 3</h1>" in content
    path = f"{report.get_absolute_url()}en/pages"
    assert f'<a href="{path}/1/?q=rain" rel="prev">' in content
    assert f'<a href="{path}/3/?q=rain" rel="next">' in content
    assert f'href="{version.get_absolute_url()}#page=2"' in content
    assert "This is its page 2." in content
    assert '<a href="/library/?q=rain">Back to the results</a>' in content
    assert 'rel="prev"' not in get(client, report, 1)
    assert 'rel="next"' not in get(client, report, 3)


@pytest.mark.parametrize(
    ("back", "shown"),
    [
        ("/library/?theme=health&q=rain", "/library/?theme=health&amp;q=rain"),
        ("https://evil.example/library/", "/library/?q=rain"),
        ("//evil.example/library/", "/library/?q=rain"),
        ("/library/../admin/", "/library/?q=rain"),
        ("javascript:alert(1)", "/library/?q=rain"),
        ("http://[", "/library/?q=rain"),
    ],
)
def test_the_way_back_leads_to_the_library_and_nowhere_else(
    back: str, shown: str, client: Client
) -> None:
    report = make_report()
    add_text(report, "Rain.")
    response = client.get(f"{report.get_absolute_url()}en/pages/1/", {"q": "rain", "back": back})
    assert f'<a href="{shown}">Back to the results</a>' in response.content.decode()


def test_dots_that_lead_to_a_page_are_shown_as_three(client: Client) -> None:
    report = make_report()
    add_text(report, f"Abstract{' .' * 60} 3\nEnd.")
    assert text_of(get(client, report, 1)) == "<p>Abstract … 3\nEnd.</p>"


def test_the_page_stays_out_of_search_engines(client: Client) -> None:
    report = make_report()
    add_text(report, "Rain.")
    assert '<meta name="robots" content="noindex">' in get(client, report, 1)


def test_a_text_that_runs_from_right_to_left_says_so(client: Client) -> None:
    report = make_report("مياه", languages=["ar"])
    add_text(report, "مياه الصحراء")
    content = client.get(f"{report.get_absolute_url()}ar/pages/1/?q=مياه").content.decode()
    assert 'lang="ar" dir="rtl"><p><mark>مياه</mark> الصحراء</p>' in content


def test_a_page_that_is_not_there_says_how_many_there_are(client: Client) -> None:
    report = make_report()
    add_text(report, "One.", "Two.")
    for number in (0, 3, 10**30):
        content = get(client, report, number, status=404)
        assert f"<h1>Page {number} is not there</h1>" in content
        assert "The PDF has 2 pages." in content
        assert f'href="{report.get_absolute_url()}en/pages/1/"' in content


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (EditionFile.Text.DUE, "The text is being read."),
        (EditionFile.Text.FAILED, "The text of this PDF could not be read by machine."),
        (EditionFile.Text.EMPTY, "This page has no text that a machine can read."),
    ],
)
def test_a_page_without_text_says_why(state: EditionFile.Text, words: str, client: Client) -> None:
    report = make_report()
    version = add_pdf(report)
    EditionFile.objects.filter(pk=version.pk).update(text_state=state)
    content = get(client, report, 1)
    assert f"<strong>{words}</strong>" in content
    assert "Download PDF." in content


def test_while_a_new_version_is_read_the_text_of_the_one_before_is_shown(client: Client) -> None:
    report = make_report()
    old = add_text(report, "What was said.")
    add_pdf(report, pages=2)
    content = get(client, report, 1)
    assert text_of(content) == "<p>What was said.</p>"
    assert f'href="{old.get_absolute_url()}#page=1"' in content


def test_a_new_version_without_text_ends_that_of_the_one_before(client: Client) -> None:
    """Its pages took the place of the older ones: no link leads to a text that is gone."""
    report = make_report()
    old = add_text(report, "What was said.")
    scanned = add_pdf(report, pages=2)
    EditionFile.objects.filter(pk=scanned.pk).update(text_state=EditionFile.Text.EMPTY)
    old.pages.all().delete()
    assert "This page has no text that a machine can read." in get(client, report, 2)
    content = client.get(report.get_absolute_url()).content.decode()
    assert "/en/pages/" not in content


def test_text_of_a_file_that_was_not_found_clean_is_not_shown(client: Client) -> None:
    report = make_report()
    version = add_text(report, "Secret words.")
    version.scan, version.scan_due_at = EditionFile.Scan.WAITING, version.added_at
    version.save()
    assert "Secret words." not in get(client, report, 1, status=503)


def test_text_is_invisible_where_the_report_is(client: Client) -> None:
    for status, code in ((Report.Status.DRAFT, 404), (Report.Status.RETIRED, 410)):
        report = make_report(status=status)
        add_text(report, "Secret words.")
        assert "Secret words." not in get(client, report, 1, status=code)
    assert client.get(f"/library/{report.pk}-x/fr/pages/1/").status_code == 404


def test_a_wrong_name_in_the_address_is_put_right(client: Client) -> None:
    report = make_report("Reading the Rain")
    add_text(report, "Rain.")
    response = client.get(f"/library/{report.pk}-old/en/pages/1/?q=rain")
    right = f"/library/{report.pk}-reading-the-rain/en/pages/1/?q=rain"
    assert (response.status_code, response["Location"]) == (301, right)


def test_a_page_takes_the_same_queries_whatever_it_holds(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    report = make_report()
    add_text(report, *["Rain. " * 500] * 30)
    add_pdf(report, pages=2)
    for number in (1, 17):
        with django_assert_num_queries(3):  # the versions, the page, and which words are meant
            get(client, report, number, "?q=rain")
        with django_assert_num_queries(2):
            get(client, report, number)


def test_words_are_looked_for_inside_one_report(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    report = make_report()
    add_text(report, "Rain & wind fell.", "Wind only.", "<i>Winds</i> after rains.")
    add_text(make_report("Another"), "Rain and wind.")
    index_pages()
    # The versions, the words, their places (with a point to go back to), the pages, what to mark.
    with django_assert_num_queries(8):
        response = client.get(f"{report.get_absolute_url()}en/pages/?q=wind+rain")
    path = f"{report.get_absolute_url()}en/pages"
    assert response.context["hits"] == [
        (1, f"{path}/1/?q=wind+rain", "<mark>Rain</mark> &amp; <mark>wind</mark> fell."),
        (
            3,
            f"{path}/3/?q=wind+rain",
            "&lt;i&gt;<mark>Winds</mark>&lt;/i&gt; after <mark>rains</mark>.",
        ),
    ]
    nothing = client.get(f"{path}/?q=snow").content.decode()
    assert "No page holds all of these words." in nothing


def test_all_pages_are_listed_where_nothing_is_looked_for(client: Client) -> None:
    report = make_report()
    add_text(report, "One.", "Two.")
    path = f"{report.get_absolute_url()}en/pages"
    content = client.get(f"{path}/").content.decode()
    assert [f'<li><a href="{path}/{n}/">{n}</a></li>' in content for n in (1, 2, 3)] == [
        True,
        True,
        False,
    ]


def test_of_many_pages_with_the_words_fifty_are_shown(client: Client) -> None:
    report = make_report()
    add_text(report, *["Rain."] * 60)
    index_pages()
    response = client.get(f"{report.get_absolute_url()}en/pages/?q=rain")
    assert len(response.context["hits"]) == 50
    assert "More than 50 pages" in response.content.decode()
