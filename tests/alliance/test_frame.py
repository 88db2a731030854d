"""The frame of a page is kept between requests, and still follows the reader and the place."""

import pytest
from django.test import Client

from tests import factories

CONNECT = '<a href="/connect/" aria-current="page">Connect form</a>'


def frame(client: Client, address: str) -> str:
    """All of a page but its content."""
    before, content = client.get(address).content.decode().split('<main id="main">')
    return before + content.split("</main>")[1]


@pytest.mark.django_db
def test_kept_menus_mark_where_the_reader_stands(client: Client) -> None:
    for _time in range(2):
        assert CONNECT in frame(client, "/connect/")
        assert CONNECT not in frame(client, "/about/")


@pytest.mark.django_db
def test_kept_menus_are_those_of_who_asks(client: Client) -> None:
    person = factories.member(factories.organization(), "owner")
    member, staff = factories.logged_in(person), factories.logged_in(factories.staff("Reviewer"))
    for _time in range(2):
        assert "/register/" in frame(client, "/about/")
        assert "/dashboard/" not in frame(client, "/about/")
        assert "/register/" not in frame(member, "/about/")
        assert "/dashboard/" in frame(member, "/about/")
        assert "Secretariat</a>" not in frame(member, "/about/")
        assert "Secretariat</a>" in frame(staff, "/about/")


@pytest.mark.django_db
def test_pages_that_are_not_there_keep_nothing(client: Client) -> None:
    marked = '<a href="/library/" aria-current="true">Library</a>'
    assert marked in frame(client, "/library/nowhere/at/all/")
    assert marked not in frame(client, "/nowhere/at/all/")


@pytest.mark.django_db
def test_footer_of_the_first_page_is_its_own(client: Client) -> None:
    for _time in range(2):
        assert '<footer class="foot flush">' in frame(client, "/")
        assert '<footer class="foot">' in frame(client, "/about/")
