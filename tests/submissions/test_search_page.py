"""One search over everything that is public."""

from xml.etree import ElementTree

import psycopg2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from alliance.browsing.kept import forget
from knowledge.indexing import index_due
from knowledge.models import IndexEntry, Page
from knowledge.search import asking, finding
from tests.knowledge.factories import add_pdf, make_report

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def found(client: Client, words: str) -> str:
    response = client.get("/search/", {"q": words})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_the_first_page_leads_to_the_search_over_everything(client: Client) -> None:
    page = client.get("/").content.decode()
    assert '<form class="search" role="search" action="/search/">' in page
    assert '<input id="q" name="q" type="search" maxlength="200"' in page


@pytest.mark.django_db
def test_search_without_words_asks_for_some(client: Client) -> None:
    page = found(client, "")
    assert "Type a few words" in page
    assert "noindex" not in page


@pytest.mark.django_db
def test_reports_are_found_with_the_words_marked(client: Client) -> None:
    report = make_report("Reading the Tides")
    page = found(client, "tide")
    assert f'<a href="{report.get_absolute_url()}">Reading the <mark>Tides</mark></a>' in page
    assert '<meta name="robots" content="noindex, follow">' in page
    assert "All 1 reports" not in page


@pytest.mark.django_db
def test_best_five_are_shown_and_the_list_has_the_rest(client: Client) -> None:
    for number in range(7):
        make_report(f"Tides & <waves>, part {number}")
    page = found(client, "tides & waves")
    assert page.count('<li class="entry">') == 5
    assert '<a href="/library/?q=tides+%26+waves">All 7 reports</a>' in page


@pytest.mark.django_db
def test_nothing_found_says_what_to_do(client: Client) -> None:
    make_report("Reading the Tides")
    page = found(client, "volcanoes")
    assert "Nothing matches" in page
    assert 'href="/connect/"' in page
    assert 'value="volcanoes"' in page


@pytest.mark.django_db
def test_slip_of_the_finger_is_offered_put_right(client: Client) -> None:
    report = make_report("Reading the Rain")
    Page.objects.create(file=add_pdf(report), number=1, text="The rainfall of a year.")
    index_due()
    page = found(client, "rainfell")
    assert 'Did you mean <a href="/search/?q=rainfall"><strong>rainfall</strong></a>?' in page


@pytest.mark.django_db
def test_words_that_are_too_long_are_refused_beside_the_box(client: Client) -> None:
    page = found(client, "tide " * 50)
    assert 'aria-describedby="q-error"' in page
    assert "200" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        "'",
        '"',
        "tide' OR 1=1 --",
        "%s %(x)s",
        "<script>alert(1)</script>",
        "-",
        "or or",
        "\u202e水",
    ],
)
def test_hostile_words_find_nothing_and_break_nothing(client: Client, words: str) -> None:
    make_report("Reading the Rain")
    assert "<script>alert" not in found(client, words)


@pytest.mark.django_db(transaction=True)
def test_search_that_takes_too_long_says_what_to_do_and_the_first_page_stays(
    contents: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table is held by somebody else, so that a question to it never ends by itself."""
    make_report("Tides")
    forget()
    monkeypatch.setattr(asking, "LONGEST", 100)
    monkeypatch.setattr(finding, "_LONGEST_COUNT", 100)
    other = psycopg2.connect(**connection.get_connection_params())
    try:
        other.cursor().execute(f"LOCK TABLE {IndexEntry._meta.db_table}")
        slow, home = client.get("/search/", {"q": "slow tides"}), client.get("/")
    finally:
        other.close()
    assert (slow.status_code, slow["Retry-After"]) == (503, "60")
    assert "This search takes too long" in slow.content.decode()
    assert 'value="slow tides"' in slow.content.decode()
    assert home.status_code == 200
    assert "Seek support" in home.content.decode()
    assert "Tides" not in home.content.decode()
    assert "Tides" in client.get("/").content.decode()


def test_browsers_are_told_how_to_search_here(client: Client, settings: Settings) -> None:
    settings.SITE_URL = "https://alliance.example.org"
    response = client.get("/search/description.xml")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    url = ElementTree.fromstring(response.content).find(f"{OPENSEARCH}Url")
    assert url is not None
    assert url.get("template") == "https://alliance.example.org/search/?q={searchTerms}"


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_search_costs_as_much_for_one_row_as_for_three(client: Client, rows: int) -> None:
    for number in range(rows):
        make_report(f"Tides {number}", sdgs=["sdg-14"])
    found(client, "rain")  # what the whole library has is counted once for each of its states
    with CaptureQueriesContext(connection) as captured:
        found(client, f"tides {'or tide ' * rows}")  # nobody has typed this before
    questions = [query["sql"] for query in captured.captured_queries]
    # A transaction around each question, as here, makes a point to go back to.
    assert (
        len([sql for sql in questions if "SAVEPOINT" not in sql and "TO DEFAULT" not in sql]) == 6
    )
