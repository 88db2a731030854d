"""The error pages. They must come when the database is down: only tests with a member touch it."""

from typing import cast

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.utils.functional import SimpleLazyObject

from alliance.wsgi import application
from organizations.models import Membership
from tests import factories

HEADINGS = {
    "400": "We could not read this request",
    "403": "This page is not open to you",
    "403_csrf": "This form was open for too long",
    "404": "There is no page at this address",
    "413": "This file is too large",
    "429": "Too many tries in a short time",
    "500": "Something went wrong on our side",
    "503": "We will be back shortly",
    "503_part": "This does not work at the moment",
}


def somebody() -> AnonymousUser:
    """Who is there stands in the session, and that in the database."""
    raise AssertionError("The page asked who is there.")


@pytest.mark.parametrize(("name", "heading"), HEADINGS.items())
def test_error_page_says_in_words_what_happened(name: str, heading: str) -> None:
    html = get_template(f"{name}.html").render()
    assert f"<h1>{heading}</h1>" in html
    assert f"<title>{heading} – UNOSSC Alliance</title>" in html
    assert '<meta name="robots" content="noindex">' in html
    assert '<a class="btn" href="/">Go to the first page</a>' in html
    assert "Copyright © UNOSSC/UNDP" in html


@pytest.mark.parametrize("name", HEADINGS)
def test_error_page_does_not_ask_who_is_there(name: str) -> None:
    request = RequestFactory().get("/nowhere/")
    request.user = cast(AnonymousUser, SimpleLazyObject(somebody))
    html = get_template(f"{name}.html").render({}, request)
    assert "Log out" not in html
    assert "Log in" not in html


def test_unknown_address_is_answered_without_the_database(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert HEADINGS["404"] in answer.content.decode()


def test_error_pages_load_the_same_sheet_as_every_page() -> None:
    html = get_template("500.html").render()
    assert html.count('rel="stylesheet"') == 1
    assert f'href="{settings.STATIC_URL}css/site.css"' in html
    assert "<script" not in html


@pytest.fixture
def member(db: None) -> Client:
    """Somebody logged in whose browser has the token of forms."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(factories.member(factories.organization(), Membership.Role.OWNER))
    client.get("/dashboard/")
    return client


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize("path", ["/demands/new/", "/submissions/autosave/", "/no/such/page/"])
def test_form_in_a_strange_encoding_is_answered_as_damaged(
    member: Client, path: str, kind: str, encoding: str
) -> None:
    answer = member.post(path, b"a=b", content_type=f"{kind}; charset={encoding}")
    assert answer.status_code == 400
    assert HEADINGS["400"] in answer.content.decode()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("encoding", ["rot13", "hex", "no-such-encoding", "\0"])
def test_what_is_no_encoding_of_text_is_read_as_if_none_was_named(
    db: None, method: str, encoding: str
) -> None:
    environ = RequestFactory().generic(method, "/no/such/page/?q=a").environ
    environ["CONTENT_TYPE"] = f"text/plain; charset={encoding}"
    statuses: list[str] = []
    application(environ, lambda status, headers, *more: statuses.append(status))
    assert statuses == ["404 Not Found"]


def test_form_in_the_encoding_of_the_pages_is_read(member: Client) -> None:
    kind = "application/x-www-form-urlencoded; charset=UTF-8"
    answer = member.post("/login/", b"a=b", content_type=kind)
    assert answer.status_code == 403  # read, and found without its token


@pytest.mark.parametrize(("path", "status"), [("/demands/new/", 400), ("/no/such/page/", 404)])
def test_form_of_too_many_fields_is_answered_though_it_cannot_be_read(
    member: Client, path: str, status: int
) -> None:
    fields = "&".join(
        f"a{number}=b" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)
    )
    answer = member.post(path, fields, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == status
    assert HEADINGS[str(status)] in answer.content.decode()
