"""The viewer for mail: every message, in local mode only."""

import importlib
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import DjangoAssertNumQueries, Settings

import alliance.urls
from alliance.models import OutgoingMail


def mail(subject: str, **fields: str) -> OutgoingMail:
    return OutgoingMail.objects.create(
        message="test",
        recipient="amina@example.org",
        sender="UNOSSC Alliance <alliance@localhost>",
        subject=subject,
        text=fields.get("text", "Hello"),
        html=fields.get("html", ""),
        message_id=f"<{subject}@localhost>",
    )


@pytest.mark.django_db
def test_an_empty_outbox_says_what_to_do(client: Client) -> None:
    page = client.get("/local/mail/").content.decode()
    assert "No mail yet" in page
    assert 'href="/connect/"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_the_newest_mail_comes_first_at_a_fixed_cost(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for number in range(rows):
        mail(f"Number {number}")
    with django_assert_num_queries(2):
        page = client.get("/local/mail/").content.decode()
    places = [page.index(f"Number {number}") for number in range(rows)]
    assert places == sorted(places, reverse=True)


@pytest.mark.django_db
def test_51_mails_are_two_pages(client: Client) -> None:
    for number in range(51):
        mail(f"Number {number:02}")
    assert "Number 00" not in client.get("/local/mail/").content.decode()
    assert "Number 00" in client.get("/local/mail/?page=2").content.decode()
    for odd in ("0", "-1", "x", "9" * 400):
        assert client.get("/local/mail/", {"page": odd}).status_code == 200


@pytest.mark.django_db
def test_a_mail_is_shown_as_text_with_its_links(client: Client) -> None:
    shown = mail("Code", text="Open https://example.org/a <script>alert(1)</script>")
    page = client.get(f"/local/mail/{shown.pk}/").content.decode()
    assert '<a href="https://example.org/a"' in page
    assert "<script>alert(1)" not in page
    assert "As HTML" not in page


@pytest.mark.django_db
def test_the_html_of_a_mail_is_a_page_that_can_run_nothing(client: Client) -> None:
    shown = mail("Hi", html="<style>p{}</style><p>Hello</p><script>alert(1)</script>")
    assert "As HTML" in client.get(f"/local/mail/{shown.pk}/").content.decode()
    response = client.get(f"/local/mail/{shown.pk}/html/")
    assert response.content.decode() == shown.html
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script" not in policy


@pytest.mark.django_db
def test_a_mail_that_does_not_exist_or_has_no_html_is_not_found(client: Client) -> None:
    plain = mail("Plain")
    assert client.get("/local/mail/999999/").status_code == 404
    assert client.get(f"/local/mail/{'9' * 400}/").status_code == 404
    assert client.get(f"/local/mail/{plain.pk}/html/").status_code == 404


@pytest.fixture
def production_addresses(settings: Settings) -> Iterator[None]:
    settings.LOCAL_MODE = False
    importlib.reload(alliance.urls)
    clear_url_caches()
    yield
    settings.LOCAL_MODE = True
    importlib.reload(alliance.urls)
    clear_url_caches()


@pytest.mark.django_db
@pytest.mark.usefixtures("production_addresses")
def test_outside_local_mode_the_pages_do_not_exist(client: Client) -> None:
    shown = mail("Secret", html="<p>Secret</p>")
    for path in (
        "/local/mail/",
        f"/local/mail/{shown.pk}/",
        f"/local/mail/{shown.pk}/html/",
        "/style/",
    ):
        response = client.get(path)
        assert response.status_code == 404
        assert "Secret" not in response.content.decode()
