"""The Connect form: who writes, what is stored, who is told, what machines get."""

import time
from threading import Barrier, Thread
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from alliance.models import Event, OutgoingMail, Term
from alliance.words import count_words
from knowledge.models import Report
from organizations.actions.connect import receive_message
from organizations.actions.connect_thread import mark_dealt_with, mark_new
from organizations.forms.connect import ConnectForm
from organizations.models import ConnectMessage, Organization, User
from tests.organizations.registering import ticket_of_age

TYPED = {
    "name": "Amina Okoro",
    "email": "amina@example.org",
    "organization": "Ministry of Water",
    "job_title": "Head of planning",
    "reason": "explore-partnership",
    "message": "We would like to visit in March.",
}


pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket() -> str:
    return ticket_of_age()


def send(client: Client, ticket: str, **changes: Any) -> Any:
    return client.post("/connect/", TYPED | {"ticket": ticket} | changes)


def test_the_labels_are_the_client_s(client: Client) -> None:
    form = client.get("/connect/").context["form"]
    labels = {name: str(field.label) for name, field in form.fields.items() if name in TYPED}
    assert labels == {
        "name": "Your name",
        "email": "Email",
        "organization": "Organization / institution",
        "job_title": "Job title / role",
        "reason": "Reason for connecting:",
        "message": "Short message",
    }
    assert [name for name in TYPED if form.fields[name].required] == [
        "name",
        "email",
        "organization",
        "job_title",
    ]


def test_a_visitor_s_message_is_stored_and_both_sides_are_told(client: Client, ticket: str) -> None:
    response = send(client, ticket)
    assert (response.status_code, response.headers["Location"]) == (302, "/connect/thanks/")
    message = ConnectMessage.objects.get()
    assert {name: getattr(message, name) for name in TYPED if name != "reason"} == {
        name: value for name, value in TYPED.items() if name != "reason"
    }
    assert message.reason is not None
    assert (message.reason.code, message.status, message.is_concern) == (
        "explore-partnership",
        "new",
        False,
    )
    mails = OutgoingMail.objects.order_by("id")
    assert list(mails.values_list("message", "recipient", "reply_to")) == [
        ("connect_received", "amina@example.org", ""),
        ("connect_message", settings.SECRETARIAT_EMAIL, "amina@example.org"),
    ]
    assert Event.objects.about(message).get().name == "connect.received"
    thanks = client.get("/connect/thanks/").content.decode()
    main = thanks[thanks.index("<main") :]
    for path in ("/library/", "/demands/", "/offers/", "/subscribe/", "/register/"):
        assert f'href="{path}"' in main


def test_the_confirmation_repeats_nothing_that_a_stranger_typed(
    client: Client, ticket: str
) -> None:
    send(client, ticket, name="Cheap pills at spam.example", message="buy.example now")
    mail = OutgoingMail.objects.get(message="connect_received")
    everything = mail.subject + mail.text + mail.html
    assert "spam.example" not in everything
    assert "buy.example" not in everything
    assert "Explore a partnership" in mail.text


def test_the_secretariat_s_mail_shows_the_text_as_it_was_typed(client: Client, ticket: str) -> None:
    send(client, ticket, message="Salt & water, 3 < 4")
    mail = OutgoingMail.objects.get(message="connect_message")
    assert "Salt & water, 3 < 4" in mail.text
    assert "Salt &amp; water, 3 &lt; 4" in mail.html
    assert f"/admin/organizations/connectmessage/{ConnectMessage.objects.get().pk}/" in mail.text


def test_a_reported_concern_stays_out_of_the_mail(client: Client, ticket: str) -> None:
    send(client, ticket, reason="correction-report", message="My colleague asked for a favour.")
    assert ConnectMessage.objects.get().is_concern is True
    mail = OutgoingMail.objects.get(recipient=settings.SECRETARIAT_EMAIL)
    assert (mail.message, mail.reply_to) == ("connect_concern", "")
    everything = mail.subject + mail.text + mail.html
    for word in ("favour", "Amina", "amina@example.org", "Ministry"):
        assert word not in everything


def test_a_concern_stays_restricted_when_the_list_of_reasons_changes(
    client: Client, ticket: str
) -> None:
    send(client, ticket, reason="correction-report")
    Term.objects.filter(vocabulary="connect-reason", code="correction-report").update(data={})
    assert list(ConnectMessage.objects.open_to(may_read_concerns=False)) == []


def test_reason_and_message_may_be_left_out(client: Client, ticket: str) -> None:
    assert send(client, ticket, reason="", message="").status_code == 302
    message = ConnectMessage.objects.get()
    assert (message.reason, message.message) == (None, "")


def test_what_is_missing_is_said_beside_the_field_and_the_rest_is_kept(
    client: Client, ticket: str
) -> None:
    response = send(client, ticket, name="", email="amina@")
    page = response.content.decode()
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"name", "email"}
    assert 'href="#id_name"' in page
    assert 'value="Ministry of Water"' in page
    assert "We would like to visit in March." in page
    assert '<option value="explore-partnership" selected>' in page
    assert ConnectMessage.objects.count() == 0


def test_300_words_are_enough_and_301_are_too_many(client: Client, ticket: str) -> None:
    refused = send(client, ticket, message="word " * 301)
    assert refused.context["form"].errors == {"message": ["Please shorten this by 1 word."]}
    assert send(client, ticket, message="word " * 300).status_code == 302
    assert count_words(ConnectMessage.objects.get().message) == 300


def test_a_double_click_makes_one_message(client: Client, ticket: str) -> None:
    send(client, ticket)
    assert send(client, ticket).status_code == 302
    assert ConnectMessage.objects.count() == 1
    assert OutgoingMail.objects.count() == 2


def test_one_network_cannot_send_without_end(client: Client, ticket: str) -> None:
    for number in range(20):
        send(client, ticket, message=f"Message {number}")
    response = send(client, ticket, message="One too many")
    assert "Please try again in" in response.content.decode()
    assert "One too many" in response.content.decode()
    assert ConnectMessage.objects.count() == 20
    elsewhere = Client(REMOTE_ADDR="192.0.2.77")
    assert send(elsewhere, ticket, message="From elsewhere").status_code == 302


def test_a_mailbox_is_not_filled_by_whoever_types_its_address(client: Client, ticket: str) -> None:
    for number in range(5):
        send(client, ticket, message=f"Message {number}")
    assert ConnectMessage.objects.count() == 5
    assert OutgoingMail.objects.filter(recipient="amina@example.org").count() == 3


def test_going_back_to_write_something_else_makes_a_second_message(
    client: Client, ticket: str
) -> None:
    send(client, ticket)
    send(client, ticket, message="And bring two colleagues.")
    assert ConnectMessage.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("contents")
def test_ten_clicks_at_once_make_one_message(ticket: str) -> None:
    barrier = Barrier(10)
    seen: list[int] = []

    def click() -> None:
        barrier.wait()
        try:
            seen.append(send(Client(), ticket).status_code)
        finally:
            connection.close()

    threads = [Thread(target=click) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [302] * 10
    assert ConnectMessage.objects.count() == 1
    assert OutgoingMail.objects.count() == 2


def test_a_form_sent_in_a_second_is_stopped_politely(client: Client) -> None:
    ticket = ticket_of_age(seconds=1)
    page = send(client, ticket).content.decode()
    assert "Please wait three seconds" in page
    assert "We would like to visit in March." in page
    assert f'name="ticket" value="{ticket}"' in page  # the time goes on from the first opening
    assert ConnectMessage.objects.count() == 0


def test_a_quick_sender_whose_answers_are_wrong_hears_of_the_answers_only(
    client: Client,
) -> None:
    response = send(client, ticket_of_age(seconds=1), email="amina@")
    assert set(response.context["form"].errors) == {"email"}


def test_a_page_from_yesterday_gets_a_new_ticket_and_keeps_the_text(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = ticket_of_age(seconds=25 * 60 * 60)
    response = send(client, old)
    assert "This page was open for very long." in response.content.decode()
    shown = response.context["form"].shown_ticket
    assert shown != old
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 5)
    assert send(client, shown).status_code == 302


@pytest.mark.parametrize("forged", ["", "x", "abc.def.ghi", "\x00", "é" * 5000])
def test_a_forged_ticket_stores_nothing(client: Client, forged: str) -> None:
    assert send(client, forged).status_code == 200
    assert ConnectMessage.objects.count() == 0


def test_what_fell_into_the_trap_is_emptied_so_that_a_person_gets_through(
    client: Client, ticket: str
) -> None:
    page = send(client, ticket, trap="https://spam.example").content.decode()
    assert "A field that people do not see was filled in." in page
    assert "spam.example" not in page
    assert ConnectMessage.objects.count() == 0
    assert send(client, ticket, trap="").status_code == 302


def test_the_trap_is_out_of_reach_of_keyboard_and_screen_reader(client: Client) -> None:
    page = client.get("/connect/").content.decode()
    assert '<div class="vh" aria-hidden="true"><label for="id_trap">' in page
    assert 'name="trap" tabindex="-1" autocomplete="off"' in page


def test_a_reason_in_the_link_is_chosen_already(client: Client) -> None:
    page = client.get("/connect/?reason=technical").content.decode()
    assert '<option value="technical" selected>' in page


def test_a_message_from_a_report_says_which_one(client: Client, ticket: str) -> None:
    report = Report.objects.create(
        title="Exchange & learning", publisher="Norec", status="published"
    )
    page = client.get("/connect/", {"about": report.get_absolute_url()}).content.decode()
    assert f'<a href="{report.get_absolute_url()}">Exchange &amp; learning</a>' in page
    assert f'<input type="hidden" name="about" value="{report.get_absolute_url()}"' in page
    send(client, ticket, about=report.get_absolute_url())
    message = ConnectMessage.objects.get()
    assert (message.about_path, message.about_title) == (
        report.get_absolute_url(),
        "Exchange & learning",
    )
    for mail in OutgoingMail.objects.all():
        assert f"Exchange & learning – {settings.SITE_URL}{message.about_path}" in mail.text


def test_a_report_that_is_not_public_is_not_named(client: Client) -> None:
    draft = Report.objects.create(title="Secret draft", publisher="Norec", status="draft")
    page = client.get("/connect/", {"about": draft.get_absolute_url()}).content.decode()
    assert "Secret draft" not in page


@pytest.mark.parametrize(
    "about",
    [
        "https://evil.example/",
        "//evil.example/",
        "/no/such/page/",
        "/connect/",
        "/admin/",
        "javascript:alert(1)",
        "/" + "a" * 5000,
        "",
    ],
)
def test_a_link_about_anything_but_a_page_of_ours_is_left_out(
    client: Client, ticket: str, about: str
) -> None:
    page = client.get(f"/connect/?{urlencode({'about': about})}")
    assert page.context["page"] is None
    assert "Your message is about:" not in page.content.decode()
    send(client, ticket, about=about)
    assert ConnectMessage.objects.get().about_path == ""


def test_the_form_begins_with_what_the_account_says(
    owner_client: Client, owner: User, organization: Organization
) -> None:
    initial = owner_client.get("/connect/").context["form"].initial
    assert {name: initial[name] for name in ("name", "email", "organization", "job_title")} == {
        "name": owner.get_full_name(),
        "email": owner.email,
        "organization": organization.name,
        "job_title": "Programme officer",
    }


@pytest.mark.parametrize("field", ["name", "email", "organization", "job_title", "message"])
@pytest.mark.parametrize(
    "value",
    ["\x00", "a\x00b", "\ud800", "\u202eevil\u202c", "<script>alert(1)</script>", "x" * 2**20],
)
def test_hostile_text_is_answered_and_never_breaks(
    client: Client, ticket: str, field: str, value: str
) -> None:
    body = urlencode(
        TYPED | {"ticket": ticket, field: value}, encoding="utf-8", errors="surrogatepass"
    )
    response = client.post("/connect/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in {200, 302}
    assert b"<script>alert(1)" not in response.content


def test_the_pages_cost_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/connect/")  # the reference data is read once per process
    with django_assert_num_queries(1):
        client.get("/connect/")
    with django_assert_num_queries(0):
        client.get("/connect/thanks/")


def test_a_message_is_marked_as_dealt_with_and_put_back(ticket: str, reviewer: User) -> None:
    form = ConnectForm(TYPED | {"ticket": ticket})
    assert form.is_valid()
    message = receive_message(form.to_message(), by=None)
    done = mark_dealt_with(message, by=reviewer)
    assert (done.status, done.status_by) == ("done", reviewer)
    mark_dealt_with(message, by=reviewer)
    assert mark_new(message, by=reviewer).status == "new"
    events = Event.objects.about(message).order_by("id").values_list("name", "actor_id")
    assert list(events) == [
        ("connect.received", None),
        ("connect.dealt_with", reviewer.pk),
        ("connect.put_back", reviewer.pk),
    ]
