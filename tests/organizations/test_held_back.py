"""Connect messages that look like advertising: nobody is told until a person has looked at them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from organizations.actions.connect import discard_message, release_message
from organizations.models import ConnectMessage, User
from tests import factories
from tests.organizations.registering import ticket_of_age

pytestmark = pytest.mark.django_db

LIST = "/admin/organizations/connectmessage/"
LINKS = "Buy at https://a.example https://b.example www.c.example"
LONG = "We sell the best pumps of the whole wide world, cheap."


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def write(client: Client, **changes: Any) -> ConnectMessage:
    """What somebody writes, in a form opened ten seconds ago, and the page that they see."""
    typed = {
        "name": "Amina Okoro",
        "email": "amina@example.org",
        "organization": "Ministry of Water",
        "job_title": "Planner",
        "reason": "explore-partnership",
        "message": "Hello",
        "ticket": ticket_of_age(),
    }
    response = client.post("/connect/", typed | changes)
    assert (response.status_code, response.headers["Location"]) == (302, "/connect/thanks/")
    return ConnectMessage.objects.latest("pk")


def mails() -> list[str]:
    return list(OutgoingMail.objects.order_by("pk").values_list("message", flat=True))


@pytest.mark.parametrize("text", [LINKS, '<a href="x">y</a>', "[url=x]y[/url]"])
def test_what_is_full_of_links_is_held_back_and_nobody_is_told(client: Client, text: str) -> None:
    message = write(client, message=text)
    assert message.status == "held"
    assert mails() == []
    assert "looked at by a person first" in client.get("/connect/thanks/").content.decode()


def test_a_letter_with_two_links_goes_its_way(client: Client) -> None:
    text = "See https://ministry.example and https://ministry.example/plan"
    assert write(client, message=text).status == "new"
    assert mails() == ["connect_received", "connect_message"]


def test_the_third_letter_with_the_same_words_in_a_week_is_held_back(client: Client) -> None:
    found = [
        write(client, message=LONG, email=f"a{number}@example.org").status for number in range(3)
    ]
    assert found == ["new", "new", "held"]
    ConnectMessage.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert write(client, message=LONG).status == "new"


def test_a_concern_is_never_held_back(client: Client) -> None:
    message = write(client, message=LINKS, reason="correction-report")
    assert (message.is_concern, message.status) == (True, "new")
    assert "connect_concern" in mails()


def test_whoever_is_logged_in_is_not_held_back(owner_client: Client) -> None:
    assert write(owner_client, message=LINKS).status == "new"


def test_one_press_lets_it_through_as_if_it_came_now(
    client: Client, reviewer_client: Client
) -> None:
    held = write(client, message=LINKS)
    ConnectMessage.objects.update(status_at=timezone.now() - timedelta(days=30))
    chosen = {"action": "release", "_selected_action": [held.pk]}
    assert reviewer_client.post(f"{LIST}?status__exact=held", chosen).status_code == 302
    held.refresh_from_db()
    assert (held.status, held.is_overdue) == ("new", False)
    assert mails() == ["connect_received", "connect_message"]


def test_one_press_deletes_it_and_its_sender_is_known_from_then_on(
    client: Client, reviewer_client: Client
) -> None:
    held = write(client, message=LINKS)
    inbox = write(client, email="ben@example.org")
    chosen = {"action": "discard", "_selected_action": [held.pk, inbox.pk]}
    reviewer_client.post(f"{LIST}?status__exact=held", chosen)
    assert list(ConnectMessage.objects.all()) == [inbox]
    again = write(client, email="Amina@Example.org")
    assert again.status == "held"
    release_message(again, by=factories.staff("Reviewer"))
    assert write(client, message="Hello again").status == "new"
    assert Event.objects.filter(name="connect.discarded").count() == 1


def test_held_back_has_a_place_of_its_own_outside_of_the_inbox(
    client: Client, reviewer_client: Client
) -> None:
    held = write(client, message=LINKS, name="Advertiser")
    write(client, name="Planner")
    names = {
        address: [name for name in ("Advertiser", "Planner") if name in page]
        for address in ("", "?status__exact=held", "?status__exact=new", "?status__exact=x")
        for page in [reviewer_client.get(f"{LIST}{address}").content.decode()]
    }
    assert names == {
        "": ["Planner"],
        "?status__exact=held": ["Advertiser"],
        "?status__exact=new": ["Planner"],
        "?status__exact=x": ["Planner"],
    }
    assert "Held back" in reviewer_client.get(f"{LIST}{held.pk}/change/").content.decode()


def test_what_is_not_held_back_is_neither_let_through_nor_deleted(
    client: Client, reviewer: User
) -> None:
    message = write(client)
    for act in (release_message, discard_message):
        with pytest.raises(ActionRefused, match="not held back"):
            act(message, by=reviewer)
