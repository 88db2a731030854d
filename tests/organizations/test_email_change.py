"""A new address counts when its code is entered and the present address agrees, or is silent."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.utils import timezone

from alliance.models import Event, OutgoingMail
from organizations.actions.email_change import apply_changes, ask_for_change
from organizations.models import EmailChange, User
from tests import factories
from tests.factories import PASSWORD
from tests.organizations.registering import code_in_mail, mails

pytestmark = pytest.mark.django_db

NEW = "new.address@example.org"
SILENCE = EmailChange.TIME_TO_OBJECT


@pytest.fixture
def former(owner: User) -> str:
    return owner.email


@pytest.fixture
def change(owner: User, former: str) -> EmailChange:
    return ask_for_change(owner, new_email="New.Address@Example.org")


def link(kind: str) -> str:
    text = OutgoingMail.objects.get(message="email_change_asked").text
    found = [line for line in text.splitlines() if f"/email-change/{kind}/" in line]
    return found[0].removeprefix(settings.SITE_URL)


def address_of(person: User) -> str:
    addresses = EmailAddress.objects.filter(user=person)
    user = User.objects.get(pk=person.pk)
    assert [(row.email, row.verified, row.primary) for row in addresses] == [
        (user.email, True, True)
    ]
    return user.email


def test_code_of_the_new_address_alone_changes_nothing(
    owner_client: Client, owner: User, former: str
) -> None:
    owner_client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/email/"})
    answer = owner_client.post("/account/email/", {"email": NEW, "action_add": "1"})
    assert answer["Location"] == "/register/confirm/"
    answer = owner_client.post("/register/confirm/", {"code": code_in_mail()})
    assert answer["Location"] == "/account/email/"
    page = owner_client.get("/account/email/").content.decode()
    assert "A new address waits" in page
    assert NEW in page
    assert address_of(owner) == former
    assert mails() == [("email_confirmation", NEW), ("email_change_asked", former)]


def test_link_in_the_former_mailbox_makes_the_change(
    change: EmailChange, owner: User, former: str
) -> None:
    visitor = Client()
    assert NEW in visitor.get(link("confirm")).content.decode()
    assert address_of(owner) == former
    visitor.post(link("confirm"))
    assert address_of(owner) == NEW
    assert mails()[1:] == [("email_changed", former), ("email_changed", NEW)]
    change.refresh_from_db()
    assert (change.end, change.new_email) == ("confirmed", "")
    assert visitor.get(link("confirm")).status_code == 404
    assert visitor.post(link("stop")).status_code == 404


def test_silence_for_seven_days_agrees(change: EmailChange, owner: User, former: str) -> None:
    assert apply_changes() == 0
    EmailChange.objects.update(asked_at=timezone.now() - SILENCE + timedelta(minutes=1))
    assert apply_changes() == 0
    assert address_of(owner) == former
    EmailChange.objects.update(asked_at=timezone.now() - SILENCE)
    assert apply_changes() == 1
    assert address_of(owner) == NEW
    assert apply_changes() == 0


def test_objection_stops_it_and_logs_everybody_out(
    change: EmailChange, owner_client: Client, owner: User, former: str
) -> None:
    assert owner_client.get("/account/").status_code == 200
    visitor = Client()
    assert "This was not me" in visitor.get(link("stop")).content.decode()
    assert visitor.post(link("stop"))["Location"] == "/password/reset/"
    assert address_of(owner) == former
    assert owner_client.get("/account/").status_code == 302
    assert not User.objects.get(pk=owner.pk).has_usable_password()
    assert mails()[1:] == [("email_change_stopped", former)]
    EmailChange.objects.update(asked_at=timezone.now() - SILENCE)
    assert apply_changes() == 0


def test_who_objected_sets_a_new_password_by_a_code(change: EmailChange, former: str) -> None:
    visitor = Client()
    visitor.post(link("stop"))
    visitor.post("/password/reset/", {"email": former})
    assert visitor.post("/password/reset/code/", {"code": code_in_mail()}).status_code == 302
    new = {"password1": "nine patient herons fishing", "password2": "nine patient herons fishing"}
    assert visitor.post("/password/reset/new/", new).status_code == 302
    user = User.objects.get(email=former)
    assert user.check_password("nine patient herons fishing")


def test_following_a_link_shows_a_button_and_does_nothing_yet(
    change: EmailChange, owner: User, former: str
) -> None:
    for kind in ("confirm", "stop"):
        assert Client().get(link(kind)).status_code == 200
    assert address_of(owner) == former
    assert EmailChange.objects.open().count() == 1


def test_person_takes_the_change_back(
    change: EmailChange, owner_client: Client, owner: User, former: str
) -> None:
    assert owner_client.post("/account/email/cancel/")["Location"] == "/account/email/"
    assert Client().post(link("confirm")).status_code == 404
    assert address_of(owner) == former
    assert "A new address waits" not in owner_client.get("/account/email/").content.decode()


def test_second_change_replaces_the_first(change: EmailChange, owner: User) -> None:
    confirm_first = link("confirm")
    OutgoingMail.objects.all().delete()
    ask_for_change(owner, new_email="third@example.org")
    assert Client().post(confirm_first).status_code == 404
    Client().post(link("confirm"))
    assert address_of(owner) == "third@example.org"


def test_address_that_was_taken_meanwhile_stays_with_its_owner(
    change: EmailChange, owner: User, former: str
) -> None:
    quicker = factories.user(email=NEW)
    Client().post(link("confirm"))
    assert (address_of(owner), address_of(quicker)) == (former, NEW)
    assert mails()[1:] == [("email_change_failed", former)]


def test_links_of_one_kind_do_not_do_the_other(change: EmailChange, owner: User) -> None:
    token = link("confirm").removeprefix("/email-change/confirm/")
    assert Client().post(f"/email-change/stop/{token}").status_code == 404
    assert Client().post("/email-change/confirm/1.forged/").status_code == 404
    assert owner.has_usable_password()


def test_mail_with_the_links_is_secret_and_the_trail_holds_no_address(
    change: EmailChange, owner: User
) -> None:
    assert OutgoingMail.objects.get().is_secret
    Client().post(link("confirm"))
    names = [event.name for event in Event.objects.order_by("id")]
    assert names == ["user.email_change_asked", "user.email_changed"]
    assert "example.org" not in str([event.data for event in Event.objects.all()])
