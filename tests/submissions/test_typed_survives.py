"""What somebody typed into a long form survives the end of their login."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from alliance import unsent
from organizations.models import Membership, User
from submissions.models import Submission
from tests import factories
from tests.browser import know
from tests.factories import PASSWORD
from tests.organizations.registering import code_in_mail, picture

pytestmark = pytest.mark.django_db

BACK = "Here is what you typed before your login ended. Nothing was sent or saved yet."
TYPED = "We teach those who teach about water."


def login(client: Client, person: User) -> Any:
    return client.post(
        "/login/", {"login": person.email, "password": PASSWORD, "next": "/apply/"}, follow=True
    )


def send(client: Client, made_for: User | None, **changes: Any) -> Any:
    marker = {"made_for": unsent.marker(made_for.pk)} if made_for else {}
    data = factories.application_data(description=TYPED, save="1", **changes)
    return client.post("/apply/", data | marker)


def test_text_comes_back_after_the_next_login_and_is_not_sent_by_itself(owner: User) -> None:
    client = factories.known_browser(owner)
    answer = send(client, owner)
    assert answer["Location"] == "/login/?next=/apply/"
    assert "What you typed is kept" in client.get("/login/").content.decode()
    page = login(client, owner)
    assert page.context["form"]["description"].value() == TYPED
    assert page.context["form"]["sdgs"].value() == ["sdg-11", "sdg-13"]
    assert BACK in page.content.decode()
    assert Submission.objects.count() == 0


def test_text_is_kept_while_a_code_is_asked_for(client: Client, owner: User) -> None:
    send(client, owner)
    login(client, owner)
    client.post("/login/code/", {"code": code_in_mail()})
    assert client.get("/apply/").context["form"]["description"].value() == TYPED


def test_page_says_for_whom_it_was_made(owner_client: Client, owner: User) -> None:
    page = owner_client.get("/apply/").content.decode()
    found = re.search(r'name="made_for" value="([^"]+)"', page)
    assert found is not None
    assert found[1] == unsent.marker(owner.pk)


def test_nobody_else_gets_to_see_it(owner: User, stranger: User) -> None:
    client = factories.known_browser(stranger)
    send(client, owner)
    page = login(client, stranger).content.decode()
    assert TYPED not in page
    assert BACK not in page
    assert "unsent" not in client.session


def test_forged_page_keeps_nothing(owner: User) -> None:
    client = factories.known_browser(owner)
    send(client, None)
    client.post("/apply/", factories.application_data(made_for="1:forged"))
    assert "unsent" not in client.session
    assert BACK not in login(client, owner).content.decode()


def test_pages_that_do_not_ask_for_it_keep_nothing(client: Client, owner: User) -> None:
    client.post("/account/password/", {"made_for": unsent.marker(owner.pk), "oldpassword": "x"})
    assert "unsent" not in client.session


def test_more_than_anybody_types_is_not_kept(client: Client, owner: User) -> None:
    send(client, owner, name="x" * unsent.MOST_CHARACTERS)
    assert "unsent" not in client.session


def test_file_has_to_be_chosen_again(owner: User) -> None:
    client = factories.known_browser(owner)
    send(client, owner, logo=picture())
    page = login(client, owner).content.decode()
    assert "Files are not kept: please choose them once more." in page


def test_box_that_was_unticked_stays_so(owner: User) -> None:
    factories.draft(owner)
    client = factories.known_browser(owner)
    send(client, owner, sdgs=None)
    assert not login(client, owner).context["form"]["sdgs"].value()


def test_text_is_forgotten_once_it_is_saved(owner: User) -> None:
    client = factories.known_browser(owner)
    send(client, owner)
    login(client, owner)
    send(client, owner, name="Another name")
    page = client.get("/apply/")
    assert BACK not in page.content.decode()
    assert page.context["form"]["name"].value() == "Another name"


def test_version_that_was_saved_meanwhile_is_told_of(owner: User, editor: User) -> None:
    client = factories.known_browser(owner)
    send(client, owner)
    factories.draft(editor, name="What the colleague wrote")
    page = login(client, owner)
    assert page.context["form"]["description"].value() == TYPED
    assert f"{editor} saved a newer version at" in page.content.decode()


def test_who_logged_in_again_in_another_window_gets_the_page_back(owner: User) -> None:
    """A login changes the token of all forms, so that those of earlier pages are refused."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert send(client, owner)["Location"] == "/apply/"
    assert client.get("/apply/").context["form"]["description"].value() == TYPED


def test_page_of_somebody_else_is_refused_as_ever(owner: User, stranger: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(stranger)
    assert send(client, owner).status_code == 403
    assert "unsent" not in client.session


def test_profile_comes_back_too(owner: User) -> None:
    path = "/organization/edit/"
    client = factories.known_browser(owner)
    data = {"website": "example.org", "description": TYPED, "board": "Ada Obi\nLin Wei"}
    answer = client.post(path, data | {"made_for": unsent.marker(owner.pk)})
    assert answer["Location"] == f"/login/?next={path}"
    client.post("/login/", {"login": owner.email, "password": PASSWORD})
    page = client.get(path)
    assert BACK in page.content.decode()
    assert 'name="made_for"' in page.content.decode()
    assert [page.context["form"][name].value() for name in ("description", "board")] == [
        TYPED,
        "Ada Obi\nLin Wei",
    ]


@pytest.mark.usefixtures("contents")
@pytest.mark.django_db(transaction=True)
def test_in_a_browser_whose_session_is_gone(page: Page, live_server: LiveServer) -> None:
    person = factories.member(factories.organization(), Membership.Role.OWNER)
    know(page, live_server.url, person)
    page.goto(f"{live_server.url}/login/?next=/apply/")
    fill_in_and_login(page, person)
    page.get_by_label("7. Brief description of your institution").fill(TYPED)
    page.get_by_label("Climate Action").check()
    Session.objects.all().delete()
    page.get_by_role("button", name="Save and go on later").click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    fill_in_and_login(page, person)
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("7. Brief description of your institution")).to_have_value(TYPED)
    expect(page.get_by_label("Climate Action")).to_be_checked()
    assert Submission.objects.count() == 0
    page.get_by_role("button", name="Save and go on later").click()
    expect(page.get_by_text("Saved. You can go on at any time.")).to_be_visible()
    assert Submission.objects.get().typed["description"] == [TYPED]


def fill_in_and_login(page: Page, person: User) -> None:
    page.get_by_label("Login / email").fill(person.email)
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.get_by_role("button", name="Login", exact=True).click()
