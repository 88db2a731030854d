"""The secretariat's inbox: who reads what, and who may touch it."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from organizations.groups import (
    ADMINISTRATOR,
    LIBRARY_EDITOR,
    REVIEWER,
    SENIOR_REVIEWER,
)
from organizations.models import ConnectMessage, Subscription
from tests import factories

LIST = "/admin/organizations/connectmessage/"


pytestmark = pytest.mark.django_db


def staff(role: str) -> Client:
    return factories.logged_in(factories.staff(role))


@pytest.fixture
def question() -> ConnectMessage:
    return _message("Question Asker", "explore-partnership")


@pytest.fixture
def concern() -> ConnectMessage:
    return _message("Worried Person", "correction-report", is_concern=True)


def _message(name: str, reason: str, *, is_concern: bool = False) -> ConnectMessage:
    return ConnectMessage.objects.create(
        name=name,
        email="writer@example.org",
        organization="Ministry of Water",
        job_title="Planner",
        reason=factories.term("connect-reason", reason),
        is_concern=is_concern,
        message="<b>Text</b> as typed",
        about_path="/library/",
        about_title="The library",
        fingerprint=name,
    )


@pytest.mark.parametrize(
    ("role", "sees"),
    [(REVIEWER, False), (SENIOR_REVIEWER, True), (ADMINISTRATOR, True)],
)
def test_a_concern_is_shown_to_seniors_and_administrators_only(
    question: ConnectMessage, concern: ConnectMessage, role: str, sees: bool
) -> None:
    client = staff(role)
    for path in (LIST, f"{LIST}?q=writer", f"{LIST}?status__exact=new"):
        page = client.get(path).content.decode()
        assert "Question Asker" in page
        assert ("Worried Person" in page) is sees
    assert (client.get(f"{LIST}{concern.pk}/change/").status_code == 200) is sees
    assert (client.get(f"{LIST}{concern.pk}/history/").status_code == 200) is sees
    client.post(LIST, {"action": "deal_with", "_selected_action": [concern.pk]})
    concern.refresh_from_db()
    assert (concern.status == "done") is sees


def test_a_library_editor_does_not_enter_the_inbox(question: ConnectMessage) -> None:
    assert staff(LIBRARY_EDITOR).get(LIST).status_code == 403


def test_a_message_is_read_as_text(question: ConnectMessage) -> None:
    page = staff(REVIEWER).get(f"{LIST}{question.pk}/change/").content.decode()
    assert "&lt;b&gt;Text&lt;/b&gt; as typed" in page
    assert '<a href="/library/">The library</a>' in page


def test_the_buttons_of_a_message_mark_it_as_dealt_with_and_put_it_back(
    question: ConnectMessage,
) -> None:
    client = staff(REVIEWER)
    sent = {"message": "rewritten"}
    assert client.post(f"{LIST}{question.pk}/deal-with/", sent).status_code == 302
    question.refresh_from_db()
    assert (question.status, question.message) == ("done", "<b>Text</b> as typed")
    assert question.status_by is not None
    client.post(f"{LIST}{question.pk}/put-back/")
    question.refresh_from_db()
    assert question.status == "new"


def test_messages_are_neither_added_nor_deleted_by_reviewers(question: ConnectMessage) -> None:
    client = staff(SENIOR_REVIEWER)
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{question.pk}/delete/", {"post": "yes"}).status_code == 403
    assert ConnectMessage.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_inbox_costs_a_fixed_number_of_queries(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        _message(f"Person {number}", "join")
    client = staff(REVIEWER)
    client.get(LIST)
    with django_assert_num_queries(7):
        client.get(LIST)


def test_subscriptions_are_seen_by_administrators_and_added_by_nobody() -> None:
    Subscription.objects.create(email="amina@example.org")
    address = "/admin/organizations/subscription/"
    administrator = staff(ADMINISTRATOR)
    assert "amina@example.org" in administrator.get(f"{address}?state=unconfirmed").content.decode()
    assert "amina@example.org" not in administrator.get(f"{address}?state=active").content.decode()
    assert "amina@example.org" not in administrator.get(f"{address}?state=ended").content.decode()
    assert administrator.get(f"{address}add/").status_code == 403
    assert staff(REVIEWER).get(address).status_code == 403


def test_the_list_is_headed_by_what_a_reader_calls_it(question: ConnectMessage) -> None:
    page = staff(REVIEWER).get(LIST).content.decode()
    assert ">Name<" in page
    assert "Your name" not in page
