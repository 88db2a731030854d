"""The error pages. No test here may touch the database: they must come when it is down."""

from typing import cast

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.utils.functional import SimpleLazyObject

HEADINGS = {
    "400": "We could not read this request",
    "403": "This page is not open to you",
    "403_csrf": "This form was open for too long",
    "404": "There is no page at this address",
    "413": "This file is too large",
    "429": "Too many tries in a short time",
    "500": "Something went wrong on our side",
    "503": "We will be back shortly",
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
