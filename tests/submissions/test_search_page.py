"""One search over everything that is public."""

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree

import psycopg2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from alliance.browsing.kept import forget
from knowledge.indexing import index_due, mark_due
from knowledge.models import IndexEntry, Page
from knowledge.search import asking, finding
from organizations.models import Organization, User
from submissions.directory.entry import public_address
from tests import factories
from tests.knowledge.factories import add_pdf, make_report
from tests.submissions.listing import listed
from tests.submissions.publishing import suspend

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """What is kept in the process, as the usual words are, came from another test's rows."""
    forget()
    yield
    forget()


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


def test_every_kind_is_found_in_one_place(client: Client, owner: User) -> None:
    wanted = factories.demand(owner, "published", description="Gauges for tides.")
    shared = factories.offer(owner, "published", description="Tide tables.")
    factories.offer(owner, "submitted", description="Tides that nobody may see.")
    make_report("Reading the Tides")
    page = found(client, "tide")
    assert f'<a href="/demands/{wanted}-gauges-for-tides/">Gauges for <mark>tides</mark>' in page
    assert f'<a href="/offers/{shared}-tide-tables/"><mark>Tide</mark> tables' in page
    assert page.index('id="demands"') < page.index('id="offers"') < page.index('id="reports"')
    assert '<a href="#demands">Demands</a> <span class="note">1</span>' in page
    assert "nobody may see" not in page
    assert owner.email not in page


@pytest.mark.django_db
def test_organizations_are_found_that_agreed_to_be_shown(client: Client) -> None:
    place = listed(name="Tide Institute")
    listed(name="Silent Tide Institute", agrees=False)
    page = found(client, "tide")
    assert f'<a href="{public_address(place)}"><mark>Tide</mark> Institute</a>' in page
    assert "Silent" not in page


def test_the_list_of_each_kind_keeps_the_words(client: Client, owner: User) -> None:
    for number in range(6):
        factories.demand(owner, "published", description=f"Tide gauge {number}.")
    page = found(client, "tide gauge")
    assert '<a href="/demands/?q=tide+gauge">All 6 demands</a>' in page
    listed = client.get("/demands/?q=tide+gauge").content.decode()
    assert listed.count('<li class="entry">') == 6


def test_who_lost_the_clearance_is_not_found_with_the_next_request(
    client: Client, owner: User, organization: Organization
) -> None:
    factories.demand(owner, "published", description="Tide gauges.")
    assert "Demands</h2>" in found(client, "tide")
    suspend(organization)
    assert "Nothing matches" in found(client, "tide")


@pytest.mark.django_db
def test_nothing_found_says_what_to_do(client: Client) -> None:
    make_report("Reading the Tides")
    page = found(client, "volcanoes")
    assert "Nothing matches" in page
    assert 'href="/connect/"' in page
    assert 'value="volcanoes"' in page
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.django_db
def test_slip_of_the_finger_is_offered_put_right(client: Client) -> None:
    report = make_report("Reading the Rain")
    Page.objects.create(file=add_pdf(report), number=1, text="The rainfall of a year.")
    mark_due(report)
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


def questions(client: Client, words: str) -> int:
    """How many a search asks; a test's points to go back to, around each, do not count."""
    with CaptureQueriesContext(connection) as captured:
        found(client, words)
    asked = [query["sql"] for query in captured.captured_queries]
    return len([sql for sql in asked if "SAVEPOINT" not in sql and "TO DEFAULT" not in sql])


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_search_costs_as_much_for_one_row_as_for_three(
    client: Client, owner: User, rows: int
) -> None:
    for number in range(rows):
        make_report(f"Tides {number}", sdgs=["sdg-14"])
        factories.demand(owner, "published", description=f"Tide gauge {number}.")
    found(client, "rain")  # what the whole library has is counted once for each of its states
    words = f"tides {'or tide ' * rows}"  # nobody has typed this before
    assert (questions(client, words), questions(client, words)) == (7, 4)


@pytest.mark.parametrize("path", ["/library/", "/demands/", "/organizations/"])
def test_words_typed_into_a_list_bring_the_best_match_first(
    path: str, client: Client, owner: User
) -> None:
    """The order of the list travels with the words, as it stands in the form."""
    for word in ("Mill", "Bread"):
        make_report(word)
        factories.demand(owner, "published", description=f"A {word}.")
        listed(name=word)
    form = client.get(path).content.decode()
    [chosen] = re.findall(r'<option value="([^"]*)" selected>', form)
    for sort in (chosen, "newest"):
        page = client.get(path, {"q": "mill", "sort": sort})
        assert page.context["query"].order == ("best" if sort == chosen else "newest")
