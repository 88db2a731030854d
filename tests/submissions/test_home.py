"""The first page, and the page about the Alliance."""

import re
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries, Settings

from alliance.browsing.kept import forget
from alliance.exclusions import exclusions
from alliance.models import Country
from knowledge.actions import retire_report
from knowledge.models import Report
from organizations.models import Organization, User
from submissions import front
from submissions.models import Submission
from tests import factories
from tests.knowledge.factories import make_report
from tests.submissions.publishing import suspend

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """What is counted once a minute is counted anew for each test."""
    forget()
    yield
    forget()


def report(title: str, year: int, status: str = "published") -> Report:
    return make_report(
        title, year=year, status=status, sdgs=["sdg-17"], edition_abstract=f"About {title}."
    )


def application(country: str, status: str) -> Organization:
    """A cleared institution of that country whose application has come that far."""
    place = factories.organization(country=Country.objects.get(iso2=country))
    approve(place, status)
    return place


def approve(organization: Organization, status: str) -> None:
    """Walk an application along its arrows, up to and with `status`."""
    factories.clear(organization)
    submission = Submission.objects.create(kind="eoi", organization=organization)
    steps = ["submitted", "eligibility_screening", "due_diligence", "for_decision", status]
    submission.submitted_at = submission.created_at
    submission.reference = submission.make_reference()
    for step in steps[: steps.index(status) + 1]:
        submission.status = step
        submission.save()


def numbers(client: Client) -> list[str]:
    """The figures of the first page with their words, in order."""
    page = client.get("/").content.decode()
    found = re.findall(r"<div><dt>([^<]*)</dt><dd>([^<]*)</dd></div>", page)
    return [f"{figure} {label}" for label, figure in found]


def titles(client: Client) -> list[str]:
    return re.findall(
        r'<h3 dir="auto"><a href="[^"]*">([^<]*)</a></h3>', client.get("/").content.decode()
    )


def test_an_empty_portal_shows_no_empty_columns_and_no_noughts(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "New in the Alliance" not in page
    assert "The Alliance in numbers" not in page
    assert 'id="how"' in page


def test_the_three_newest_published_reports_are_shown(client: Client) -> None:
    for year in (2016, 2017, 2018, 2019):
        report(f"Study of {year}", year)
    report("Unfinished study", 2020, status="draft")
    report("Withdrawn study", 2021, status="retired")
    assert titles(client) == ["Study of 2019", "Study of 2018", "Study of 2017"]


def test_a_report_alone_shows_its_origin_its_abstract_and_its_goals(client: Client) -> None:
    made = report("A study", 2019)
    page = client.get("/").content.decode()
    assert f'<a href="{made.get_absolute_url()}">A study</a>' in page
    assert "<span>Norec</span><span>2019</span>" in page
    assert "About A study." in page
    assert 'data-sdg="17"' in page


def test_a_report_is_shown_with_the_next_request_and_gone_with_the_next(client: Client) -> None:
    assert titles(client) == []
    made = report("A study", 2019)
    assert titles(client) == ["A study"]
    retire_report(made, by=None, note="Replaced.")
    assert titles(client) == []


def test_the_numbers_count_who_is_approved_and_cleared_now(client: Client) -> None:
    application("KE", "approved")
    application("KE", "approved_with_conditions")
    application("MW", "approved")
    application("BR", "declined")
    application("NO", "for_decision")
    suspend(application("TN", "approved"))
    report("A study", 2019)
    report("Unfinished study", 2020, status="draft")
    assert numbers(client) == [
        "3 approved organizations",
        "2 countries and areas",
        "1 report in the library",
    ]


def test_nought_is_left_out_of_the_numbers(client: Client) -> None:
    regional = factories.organization(scope="regional", country=None)
    approve(regional, "approved")
    application("BR", "declined")
    report("A study", 2019)
    report("Another study", 2018)
    assert numbers(client) == ["1 approved organization", "2 reports in the library"]


def test_a_figure_alone_is_not_shown(client: Client) -> None:
    report("A study", 2019)
    assert numbers(client) == []


def test_what_was_approved_is_counted_within_a_minute(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    report("A study", 2019)
    application("KE", "approved")
    before = numbers(client)
    application("MW", "approved")
    later = time.time() + front.COUNTED_FOR
    monkeypatch.setattr(time, "time", lambda: later)
    page = client.get("/").content.decode()
    assert before[0] == "1 approved organization"
    assert "<dt>approved organizations</dt><dd>2</dd>" in page


def test_newest_demands_and_offers_stand_beside_the_reports(client: Client, owner: User) -> None:
    report("A study", 2019)
    for number in range(4):
        factories.demand(owner, "published", description=f"Gauge {number}. Read by hand.")
    factories.demand(owner, "paused", description="Gauge that is paused.")
    factories.demand(owner, "submitted", description="Gauge that waits.")
    shared = factories.offer(owner, "published", description="Trainers for gauges.")
    page = client.get("/").content.decode()
    assert titles(client) == ["Gauge 3", "Gauge 2", "Gauge 1", "Trainers for gauges", "A study"]
    assert f'<a href="/offers/{shared}-trainers-for-gauges/">' in page
    assert '<a href="/demands/">All 4<span class="vh"> Demands</span></a>' in page
    assert '<a href="/offers/">All 1<span class="vh"> Offers</span></a>' in page
    assert "<span>Malawi</span>" in page


def test_what_is_new_is_gone_with_the_next_request_where_the_clearance_is(
    client: Client, owner: User, organization: Organization
) -> None:
    factories.demand(owner, "published", description="Gauges.")
    other = factories.member(factories.organization(), "owner")
    factories.demand(other, "published", description="Radios.")
    assert titles(client) == ["Radios", "Gauges"]
    suspend(organization)
    assert titles(client) == ["Radios"]


def test_published_demands_and_offers_are_counted(client: Client, owner: User) -> None:
    factories.demand(owner, "published")
    factories.demand(owner, "published")
    factories.offer(owner, "published")
    factories.offer(owner, "submitted")
    assert numbers(client) == ["2 open demands", "1 open offer"]


def test_names_and_addresses_of_people_are_not_on_the_first_page(
    client: Client, owner: User
) -> None:
    factories.demand(owner, "published")
    page = client.get("/").content.decode()
    assert owner.email not in page
    assert owner.last_name not in page


def test_whoever_passes_the_address_on_shows_a_picture_of_the_first_page(
    client: Client, settings: Settings
) -> None:
    settings.SITE_URL = "https://alliance.example.org"
    page = client.get("/").content.decode()
    picture = re.search(r'<meta property="og:image" content="https://[^/]*/static/([^"]*)">', page)
    assert picture is not None
    assert Path(str(find(picture[1]))).read_bytes()[16:24] == struct.pack(">II", 1200, 630)
    assert '<link rel="canonical" href="https://alliance.example.org/">' in page


def test_the_doors_lead_visitors_to_what_is_asked(client: Client) -> None:
    page = client.get("/").content.decode()
    assert '<h2><a href="/demands/blank/">Seek support</a></h2>' in page
    assert '<h2><a href="/offers/blank/">Offer support</a></h2>' in page
    assert '<h2><a href="/library/">Read</a></h2>' in page


def test_the_doors_lead_members_to_the_forms(client: Client, owner_client: Client) -> None:
    for _time in range(2):
        assert '<h2><a href="/demands/blank/">' in client.get("/").content.decode()
        page = owner_client.get("/").content.decode()
        assert '<h2><a href="/demands/new/">Seek support</a></h2>' in page
        assert '<h2><a href="/offers/new/">Offer support</a></h2>' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_home_costs_two_questions(client: Client, owner: User, rows: int) -> None:
    for number in range(rows):
        factories.demand(owner, "published")
        report(f"Study {number}", 2019)
        application("KE", "approved")
    client.get("/")  # what is new is drawn once for each state
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    questions = [query["sql"] for query in captured.captured_queries]
    # A transaction around a question, as here, makes a point to go back to.
    assert (
        len([sql for sql in questions if "SAVEPOINT" not in sql and "TO DEFAULT" not in sql]) == 2
    )


def test_about_shows_every_exclusion_with_a_labelled_cell_for_each_audience(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/about/")
    with django_assert_num_queries(1):
        whole = client.get("/about/").content.decode()
    page = whole.partition('id="privacy"')[0]
    rows = exclusions()
    assert len(rows) == 12
    for row in rows:
        assert f'<th scope="row">{escape(row.term.label)}' in page
    assert page.count('<td data-label="Private sector">') == 12
    assert page.count("<td ") == 12 * 6


@pytest.mark.parametrize(
    "anchor", ["steps", "exclusions", "privacy", "terms", "accessibility", "names"]
)
def test_about_has_the_sections_that_its_contents_lead_to(client: Client, anchor: str) -> None:
    page = client.get("/about/").content.decode()
    assert f'href="#{anchor}"' in page
    assert f'<section id="{anchor}"' in page


def test_legal_wording_is_called_a_proposal_in_local_mode_only(
    client: Client, settings: Settings
) -> None:
    notice = "The legal wording and the lists of regions are proposals."
    assert notice in client.get("/about/").content.decode()
    settings.LOCAL_MODE = False
    assert notice not in client.get("/about/").content.decode()


@pytest.mark.parametrize("path", ["/", "/about/"])
@pytest.mark.parametrize("query", ["?q=%ff", "?q=%00", "?" + "a" * 5000, "?%ed%a0%80=1"])
def test_hostile_addresses_never_break_a_page(client: Client, path: str, query: str) -> None:
    assert client.get(path + query).status_code in {200, 400}
