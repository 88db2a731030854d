"""News by email: confirmed by a link, ended by a link, and nobody learns who is subscribed."""

import re
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from alliance.models import Event, OutgoingMail, UndeliverableAddress
from alliance.undeliverable import came_back
from organizations.actions.subscriptions import (
    ask_for_subscription,
    confirm_subscription,
    end_undeliverable,
)
from organizations.models import Subscription
from organizations.models.subscription import next_digest
from organizations.subscription_links import choices_link, confirm_link, end_link
from tests.organizations.registering import ticket_of_age

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket() -> str:
    return ticket_of_age()


@pytest.fixture
def subscribed() -> Subscription:
    """Somebody who confirmed a week ago."""
    week_ago = timezone.now() - timedelta(days=7)
    return Subscription.objects.create(
        email="amina@example.org", asked_at=week_ago, confirmed_at=week_ago
    )


def ask(client: Client, ticket: str, email: str) -> Any:
    return client.post("/subscribe/", {"email": email, "ticket": ticket})


def path_of(link: str) -> str:
    return re.sub(r"^https?://[^/]+", "", link)


def sent() -> list[tuple[str, str]]:
    return list(OutgoingMail.objects.order_by("id").values_list("message", "recipient"))


def test_a_new_address_counts_once_its_link_was_followed_and_the_button_pressed(
    client: Client, ticket: str
) -> None:
    assert ask(client, ticket, "Amina@Example.org").headers["Location"] == "/subscribe/sent/"
    subscription = Subscription.objects.get()
    assert (subscription.email, subscription.is_active) == ("amina@example.org", False)
    mail = OutgoingMail.objects.get(message="subscription_confirm")
    link = re.search(r"\S+/subscribe/confirm/\S+", mail.text)
    assert link is not None
    assert link[0] in mail.html

    page = client.get(path_of(link[0]))
    assert page.status_code == 200
    assert Subscription.objects.active().count() == 0  # mail scanners follow links

    assert client.post(path_of(link[0])).headers["Location"] == "/subscribe/confirmed/"
    assert list(Subscription.objects.active()) == [subscription]
    assert sent()[-1] == ("subscription_started", "amina@example.org")
    assert client.get("/subscribe/confirmed/").status_code == 200


def test_confirming_twice_changes_nothing(client: Client, subscribed: Subscription) -> None:
    before = subscribed.confirmed_at
    assert client.post(path_of(confirm_link(subscribed))).status_code == 302
    subscribed.refresh_from_db()
    assert subscribed.confirmed_at == before
    assert sent() == []


def test_the_confirm_link_is_kept_from_staff(client: Client, ticket: str) -> None:
    ask(client, ticket, "amina@example.org")
    assert OutgoingMail.objects.get().is_secret is True


def test_a_subscribed_address_is_answered_alike_and_told_by_mail(
    client: Client, ticket: str, subscribed: Subscription
) -> None:
    known = ask(client, ticket, subscribed.email)
    new = ask(Client(), ticket, "new@example.org")
    assert (known.status_code, known.headers["Location"], known.content) == (
        new.status_code,
        new.headers["Location"],
        new.content,
    )
    assert sent() == [
        ("subscription_exists", "amina@example.org"),
        ("subscription_confirm", "new@example.org"),
    ]


def test_a_subscribed_and_a_new_address_cost_the_same_queries(
    client: Client,
    ticket: str,
    subscribed: Subscription,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    Subscription.objects.create(
        email="waiting@example.org", asked_at=timezone.now() - timedelta(days=1)
    )
    with django_assert_num_queries(8) as known:
        ask(client, ticket, subscribed.email)
    with django_assert_num_queries(len(known)):
        ask(client, ticket, "waiting@example.org")


def test_asking_again_and_again_sends_one_mail_in_ten_minutes(client: Client, ticket: str) -> None:
    for _ in range(3):
        assert ask(client, ticket, "amina@example.org").status_code == 302
    assert sent() == [("subscription_confirm", "amina@example.org")]
    Subscription.objects.update(asked_at=timezone.now() - timedelta(minutes=11))
    ask(client, ticket, "amina@example.org")
    assert len(sent()) == 2


def test_the_confirm_link_ends_after_seven_days(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription = Subscription.objects.create(email="amina@example.org")
    link = path_of(confirm_link(subscription))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 7 * 24 * 3600 - 60)
    assert client.get(link).status_code == 200
    monkeypatch.setattr(time, "time", lambda: now + 7 * 24 * 3600 + 60)
    response = client.post(link)
    assert response.status_code == 404
    assert "This link does not work" in response.content.decode()
    assert Subscription.objects.active().count() == 0


def test_every_mail_can_be_answered_by_ending_the_subscription_with_one_click(
    client: Client, ticket: str
) -> None:
    ask(client, ticket, "amina@example.org")
    subscription = Subscription.objects.get()
    confirm_subscription(subscription, by=None)
    Subscription.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    ask_for_subscription("amina@example.org", by=None)
    expected = {
        "List-Unsubscribe": f"<{end_link(subscription)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert list(OutgoingMail.objects.order_by("id").values_list("message", "headers")) == [
        ("subscription_confirm", expected),
        ("subscription_started", expected),
        ("subscription_exists", expected),
    ]


def test_a_mail_program_ends_it_without_cookies_token_or_redirect(
    subscribed: Subscription,
) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(path_of(end_link(subscribed)), ONE_CLICK)
    assert response.status_code == 200
    assert Subscription.objects.active().count() == 0


def test_a_person_ends_it_with_a_button(client: Client, subscribed: Subscription) -> None:
    link = path_of(end_link(subscribed))
    assert subscribed.email in client.get(link).content.decode()
    assert Subscription.objects.active().count() == 1
    assert client.post(link).headers["Location"] == "/subscribe/ended/"
    client.post(link)
    assert Subscription.objects.active().count() == 0
    names = Event.objects.about(subscribed).values_list("name", flat=True)
    assert list(names) == ["subscription.ended"]
    assert client.get("/subscribe/ended/").status_code == 200


def test_whoever_did_not_ask_has_the_address_forgotten_at_once(client: Client, ticket: str) -> None:
    ask(client, ticket, "amina@example.org")
    subscription = Subscription.objects.get()
    for link in (end_link(subscription), confirm_link(subscription)):
        client.post(path_of(link))
        assert Subscription.objects.count() == 0
    assert client.get(path_of(end_link(subscription))).status_code == 404


def test_an_ended_subscription_can_be_asked_for_again(
    client: Client, ticket: str, subscribed: Subscription
) -> None:
    client.post(path_of(end_link(subscribed)))
    ask(client, ticket, subscribed.email)
    assert sent() == [("subscription_confirm", "amina@example.org")]
    client.post(path_of(confirm_link(subscribed)))
    assert list(Subscription.objects.active()) == [subscribed]


@pytest.mark.parametrize("kind", ["confirm", "choices", "end"])
@pytest.mark.parametrize("token", ["x", "1", "1.abc", "1.1abc.def", "é", "%00", "a" * 5000])
def test_a_forged_link_is_a_page_that_says_what_to_do(
    client: Client, subscribed: Subscription, kind: str, token: str
) -> None:
    response = client.get(f"/subscribe/{kind}/{token}/")
    assert response.status_code == (400 if token == "%00" else 404)
    assert client.post(f"/subscribe/{kind}/{token}/").status_code == response.status_code
    assert Subscription.objects.active().count() == 1


def test_one_kind_of_link_does_not_serve_as_the_other(
    client: Client, subscribed: Subscription
) -> None:
    token = end_link(subscribed).rstrip("/").rpartition("/")[2]
    assert client.post(f"/subscribe/confirm/{token}/").status_code == 404


@pytest.mark.parametrize(
    "email",
    [
        "",
        "amina",
        "amina@",
        "a\x00@example.org",
        "x" * 2**20 + "@example.org",
        "a@b\r\nBcc: c@d.org",
    ],
)
def test_a_bad_address_is_said_beside_the_field(client: Client, ticket: str, email: str) -> None:
    response = ask(client, ticket, email)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"email"}
    assert Subscription.objects.count() == 0


def test_the_pages_cost_a_fixed_number_of_queries(
    client: Client, subscribed: Subscription, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):  # whether the themes have changed
        assert client.get("/subscribe/").status_code == 200
    for path in ("/subscribe/sent/", "/subscribe/confirmed/", "/subscribe/ended/"):
        with django_assert_num_queries(0):
            assert client.get(path).status_code == 200
    for link, queries in ((confirm_link, 1), (choices_link, 2), (end_link, 1)):
        with django_assert_num_queries(queries):
            assert client.get(path_of(link(subscribed))).status_code == 200


def choices_path(subscription: Subscription) -> str:
    return path_of(choices_link(subscription))


def test_what_was_chosen_with_the_address_is_kept_and_can_be_changed_from_the_mail(
    client: Client, ticket: str
) -> None:
    data = {"email": "amina@example.org", "ticket": ticket, "themes": ["health"]}
    client.post("/subscribe/", data | {"regions": ["africa", "arab-states"]})
    subscription = Subscription.objects.get()
    assert (subscription.themes, subscription.regions) == (["health"], ["africa", "arab-states"])

    confirm_subscription(subscription, by=None)
    mail = OutgoingMail.objects.get(message="subscription_started")
    link = re.search(r"\S+/subscribe/choices/\S+", mail.text)
    assert link is not None
    assert link[0] in mail.html
    assert "Health" in mail.text
    page = client.get(path_of(link[0])).content.decode()
    assert page.count(" checked") == 3

    assert client.post(path_of(link[0]), {"themes": ["trade-investment"]}).status_code == 302
    subscription.refresh_from_db()
    assert (subscription.themes, subscription.regions) == (["trade-investment"], [])
    assert "Saved." in client.get(path_of(link[0])).content.decode()


def test_a_stranger_who_types_the_address_changes_nothing_of_a_running_subscription(
    client: Client, ticket: str, subscribed: Subscription
) -> None:
    client.post("/subscribe/", {"email": subscribed.email, "ticket": ticket, "themes": ["health"]})
    subscribed.refresh_from_db()
    assert subscribed.themes == []


def test_what_is_not_on_offer_cannot_be_chosen(client: Client, subscribed: Subscription) -> None:
    for data in ({"themes": "x" * 5000}, {"regions": "\x00"}, {"themes": "africa"}):
        assert client.post(choices_path(subscribed), data).status_code in {200, 302}
    subscribed.refresh_from_db()
    assert (subscribed.themes, subscribed.regions) == ([], [])


def test_choices_of_an_ended_subscription_are_gone(
    client: Client, subscribed: Subscription
) -> None:
    link = choices_path(subscribed)
    client.post(path_of(end_link(subscribed)))
    assert client.get(link).status_code == 404
    assert client.post(link, {"themes": ["health"]}).status_code == 404


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T12:00", "2026-11-24T06:00"),  # a Monday
        ("2026-11-24T05:59", "2026-11-24T06:00"),
        ("2026-11-24T06:00", "2026-12-01T06:00"),
        ("2026-11-24T06:01", "2026-12-01T06:00"),
        ("2026-12-30T00:00", "2027-01-05T06:00"),
    ],
)
def test_the_digest_leaves_on_tuesdays_at_six(now: str, expected: str) -> None:
    moment = datetime.fromisoformat(f"{now}+00:00")
    assert next_digest(moment) == datetime.fromisoformat(f"{expected}+00:00")


def test_a_subscription_ends_when_its_mail_comes_back_for_good(
    client: Client, subscribed: Subscription
) -> None:
    Subscription.objects.create(email="sound@example.org", confirmed_at=timezone.now())
    came_back(subscribed.email, is_hard=False, reason="full")
    assert end_undeliverable() == 0
    came_back(subscribed.email, is_hard=True, reason="no such mailbox")
    assert (end_undeliverable(), end_undeliverable()) == (1, 0)
    assert [row.email for row in Subscription.objects.active()] == ["sound@example.org"]

    # Its owner has put it right: the link proves that mail arrives again.
    client.post(path_of(confirm_link(subscribed)))
    assert end_undeliverable() == 0
    assert UndeliverableAddress.objects.count() == 0
