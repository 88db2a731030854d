"""The public directory as anybody reads it: list, map, and a page for each organization."""

import json
import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from alliance import drawn_pages, kept_pages
from alliance.browsing.kept import forget
from alliance.browsing.paging import PER_PAGE
from organizations.models import Organization, User
from submissions.directory.entry import public_address
from submissions.directory.writing import follow_marked
from submissions.models import Submission
from tests import factories
from tests.submissions.listing import listed

pytestmark = pytest.mark.django_db

LIST, MAP, OWN = "/organizations/", "/organizations/map/", "/organization/public/"


def read(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_list_narrows_by_facets_words_and_says_so() -> None:
    malawi, kenya = listed(name="Rivers of Malawi"), listed(name="Soils of Kenya", country="KE")
    page = read(LIST)
    assert page.index(malawi.name) < page.index(kenya.name)
    assert "2 organizations" in page
    narrowed = read(f"{LIST}?country=KE")
    assert kenya.name in narrowed
    assert malawi.name not in narrowed
    assert 'aria-label="Remove Kenya"' in narrowed
    assert "<mark>Soils</mark>" in read(f"{LIST}?q=soil")
    nothing = read(f"{LIST}?q=glacier")
    assert "Nothing matches" in nothing
    newest = read(f"{LIST}?sort=newest")
    assert newest.index(kenya.name) < newest.index(malawi.name)


def test_empty_directory_says_what_to_do_next() -> None:
    for path in (LIST, MAP):
        page = read(path)
        assert "No organizations yet" in page
        assert 'href="/register/"' in page


def test_map_has_a_dot_and_a_line_for_each_country_with_the_same_numbers() -> None:
    listed(name="One"), listed(name="Two"), listed(name="Three", country="KE")
    page = read(MAP)
    assert 'href="/organizations/?country=MW" aria-label="Malawi: 2 organizations"' in page
    assert 'href="/organizations/?country=KE" aria-label="Kenya: 1 organization"' in page
    rows = re.findall(r'<th scope="row"><a href="([^"]+)">([^<]+)</a></th><td>(\d+)</td>', page)
    assert rows == [
        ("/organizations/?country=MW", "Malawi", "2"),
        ("/organizations/?country=KE", "Kenya", "1"),
    ]
    assert "The designations employed" in page
    assert 'aria-label="Kenya' not in read(f"{MAP}?country=MW")
    assert " style=" not in page


def test_page_shows_the_profile_and_nobodys_name_or_address() -> None:
    place = listed(name="Rivers of Malawi", website="https://rivers.example.org")
    Organization.objects.filter(pk=place.pk).update(
        description="We read gauges </script>.", registration_number="REG-4711"
    )
    application = Submission.objects.get(organization=place)
    answers = application.revisions.get().answers
    page = read(public_address(place))
    assert f'<h1 dir="auto">{place.name}</h1>' in page
    assert "https://rivers.example.org" in page
    assert f'href="/connect/?about={public_address(place)}"' in page
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert data is not None
    assert json.loads(data[1])["description"] == "We read gauges </script>."
    follow_marked()
    everything = page + read(LIST) + read(MAP)
    people = User.objects.filter(memberships__organization=place)
    secrets = [person.email for person in people] + [person.get_full_name() for person in people]
    secrets += [answers[name] for name in ("lead_name", "lead_title", "lead_email")]
    secrets += ["REG-4711", str(application.reference)]
    assert len(secrets) > 6
    for secret in secrets:
        assert escape(secret) not in everything


def test_whoever_has_much_in_public_has_pages_of_it_with_the_themes_of_all() -> None:
    place = listed()
    owner = User.objects.get(memberships__organization=place)
    factories.demand(owner, "published", description="The first of all.", themes=["gender"])
    for number in range(PER_PAGE):
        factories.offer(owner, "published", description=f"Later {number}.", themes=["health"])
    follow_marked()
    address = public_address(place)
    page = read(address)
    assert (page.count("Later "), "The first of all" in page) == (PER_PAGE, False)
    assert 'href="?page=2" rel="next"' in page
    last = read(f"{address}?page=2")
    assert ("Later " in last, "The first of all" in last) == (False, True)
    assert f'{address}?page=2">' in last  # the canonical address
    for shown in (page, last):
        assert 'href="/organizations/?theme=gender"' in shown
        assert 'href="/organizations/?theme=health"' in shown
    assert [read(f"{address}?page={odd}").count("Later ") for odd in ("0", "-1", "999", "x")] == (
        4 * [PER_PAGE]
    )


def test_wrong_name_in_the_address_leads_to_the_right_one_and_keeps_the_query() -> None:
    place = listed(name="معهد المياه")
    address = public_address(place)
    assert re.fullmatch(r"/organizations/\d+-[a-z-]+/", address)
    response = Client().get(f"/organizations/{place.pk}-other/?x=1")
    assert (response.status_code, response["Location"]) == (301, f"{address}?x=1")


def test_who_is_not_listed_answers_as_an_organization_that_does_not_exist(
    organization: Organization,
) -> None:
    client = Client()
    answers = {
        client.get(path).content
        for path in (public_address(organization), "/organizations/999999-nobody/")
    }
    statuses = {
        client.get(f"/organizations/{pk}-x/").status_code for pk in (organization.pk, 10**30)
    }
    assert (len(answers), statuses) == (1, {404})


def test_search_engines_are_shown_listed_organizations_and_no_others(
    organization: Organization,
) -> None:
    place = listed(name="Rivers of Malawi")
    sitemap = read("/sitemap-organizations.xml")
    assert public_address(place) in sitemap
    assert public_address(organization) not in sitemap
    assert "Disallow: /organizations/?country=" in read("/robots.txt")


def test_connect_names_a_listed_organization_and_no_other(organization: Organization) -> None:
    place = listed(name="Rivers of Malawi")
    form = read(f"/connect/?about={public_address(place)}")
    assert "Your message is about" in form
    written_in = f"/organizations/{place.pk}-buy at evil.example/"
    assert "Your message is about" not in read(f"/connect/?about={quote(written_in)}")
    assert "Rivers of Malawi" in form
    assert organization.name not in read(f"/connect/?about={public_address(organization)}")


def test_members_see_what_the_public_sees_and_what_it_waits_for(
    owner_client: Client, organization: Organization
) -> None:
    assert OWN in owner_client.get("/organization/").content.decode()
    page = owner_client.get(OWN).content.decode()
    assert "The public does not see this page" in page
    assert "has not agreed to be shown" in page
    place = listed()
    owner = User.objects.get(memberships__organization=place)
    page = factories.logged_in(owner).get(OWN).content.decode()
    assert "The public sees this page" in page
    assert public_address(place) in page
    assert Client().get(OWN)["Location"].startswith("/login/")


_MANY = "&".join(f"country=A{number}" for number in range(99))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=%00", 400),
        ("q=%ED%A0%80", 400),
        ("q=" + 300 * "x", 200),
        ("q=(%20AND%20-", 200),
        ("page=-1", 200),
        ("page=99999999999", 200),
        ("country=%F0%9F%92%A9", 200),
        ("sdg=1'--&theme=x", 200),
        ("sort[]=1", 200),
        (_MANY, 200),
    ],
    ids=range(10),
)
def test_hostile_query_strings_are_answered(query: str, status: int) -> None:
    factories.organization()
    for path in (LIST, MAP):
        assert Client().get(f"{path}?{query}").status_code == status


@pytest.mark.parametrize("rows", [1, 3])
def test_list_map_and_page_take_the_same_queries_for_one_and_three(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    place, *_others = [listed(name=f"Institute {number}") for number in range(rows)]
    for _number in range(rows):
        owner = User.objects.get(memberships__organization=place)
        factories.demand(owner, "published")
    follow_marked()
    read(LIST)
    forget()
    kept_pages.forget()
    drawn_pages.forget()
    # State, numbers and rows; asking for rows in time takes three more.
    for path, queries in ((LIST, 6), (MAP, 1), (public_address(place), 5)):
        with django_assert_num_queries(queries):
            Client().get(path)
