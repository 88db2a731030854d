"""Two windows, or two colleagues, on one profile: nobody's work is lost without a word."""

import re

import pytest
from django.test import Client

from organizations.models import Organization, User
from tests import factories
from tests.organizations.registering import picture

pytestmark = pytest.mark.django_db

EDIT = "/organization/edit/"


def version_in(client: Client) -> str:
    page = client.get(EDIT).content.decode()
    found = re.search(r'name="version" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def typed(**changes: object) -> dict[str, object]:
    return {"website": "https://climate.example", "logo": picture(), **changes}


def test_what_a_colleague_saved_meanwhile_is_shown_and_not_overwritten(
    owner_client: Client, editor: User, organization: Organization
) -> None:
    seen = version_in(owner_client)
    colleague = factories.logged_in(editor)
    theirs = typed(version=version_in(colleague), head="Amina Sow", board="Ada Obi\nOmar Sy")
    assert colleague.post(EDIT, theirs).status_code == 302
    mine = typed(version=seen, head="Amina Sow", description="We measure rain.")
    response = owner_client.post(EDIT, mine)
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("The profile was saved meanwhile") == 1
    assert "We measure rain.</textarea>" in page
    assert sorted(response.context["form"].errors) == ["__all__", "board", "description"]
    assert "Now stands here: Ada Obi, Omar Sy" in page
    organization.refresh_from_db()
    assert (organization.description, organization.related_names.count()) == ("", 3)


def test_after_that_it_is_saved_with_open_eyes(
    owner_client: Client, organization: Organization
) -> None:
    seen = version_in(owner_client)
    owner_client.post(EDIT, typed(version=seen, board="Ada Obi"))
    page = owner_client.post(EDIT, typed(version=seen, board="Omar Sy")).content.decode()
    now = re.findall(r'name="version" value="([0-9a-f]{64})"', page)
    assert now == [version_in(owner_client)]
    owner_client.post(EDIT, typed(version=now[0], board="Omar Sy"))
    assert [row.name for row in organization.related_names.filter(kind="board")] == ["Omar Sy"]


def test_saving_twice_in_one_window_is_no_conflict(
    owner_client: Client, organization: Organization
) -> None:
    for website in ("https://one.example", "https://two.example"):
        version = version_in(owner_client)
        response = owner_client.post(EDIT, typed(version=version, website=website))
        assert response.status_code == 302
    organization.refresh_from_db()
    assert organization.website == "https://two.example"


def test_present_name_is_not_a_former_one(owner_client: Client, organization: Organization) -> None:
    names = f"Weather Bureau\n{organization.name.upper()}"
    page = owner_client.post(EDIT, typed(former_name=names))
    errors = {"former_name": ["This is its present name. Please leave it out."]}
    assert page.context["form"].errors == errors


def test_hint_says_how_many_names_there_is_room_for(owner_client: Client) -> None:
    page = owner_client.get(EDIT).content.decode()
    for number in (20, 30, 60):
        assert f"One name a line. At most {number} names." in page
