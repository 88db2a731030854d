"""A mistyped address is corrected before it is confirmed; taken addresses look like free ones."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations.models import Membership, Organization, User
from organizations.retention import forget_unconfirmed_accounts
from organizations.views.register import MOST_CORRECTIONS
from tests import factories
from tests.organizations.registering import PASSWORD, code_in_mail, mails, registration

pytestmark = pytest.mark.django_db

CONFIRM = "/register/confirm/"
CORRECT = "/register/confirm/address/"


def registered(email: str) -> Client:
    client = Client()
    assert client.post("/register/", registration(email=email))["Location"] == CONFIRM
    return client


def correct(client: Client, email: str) -> Any:
    return client.post(CORRECT, {"email": email})


def test_page_of_the_code_offers_to_correct_the_address() -> None:
    client = registered("amara@exmaple.org")
    assert f'href="{CORRECT}"' in client.get(CONFIRM).content.decode()
    assert "Correct your email address" in client.get(CORRECT).content.decode()


def test_corrected_address_gets_a_new_code_and_opens_the_account() -> None:
    client = registered("amara@exmaple.org")
    first = code_in_mail()
    assert correct(client, "Amara@Example.org")["Location"] == CONFIRM
    assert mails()[-1] == ("email_confirmation_signup", "amara@example.org")
    assert client.post(CONFIRM, {"code": first}).status_code == 200
    assert client.post(CONFIRM, {"code": code_in_mail()})["Location"] == "/dashboard/"
    user = User.objects.get()
    assert user.email == "amara@example.org"
    assert user.check_password(PASSWORD)
    assert EmailAddress.objects.get().email == "amara@example.org"
    assert Membership.objects.get().role == "owner"


def test_who_typed_a_taken_address_can_correct_it_too() -> None:
    taken = factories.user(email="taken@example.org")
    client = registered("taken@example.org")
    assert correct(client, "amara@example.org")["Location"] == CONFIRM
    assert client.post(CONFIRM, {"code": code_in_mail()})["Location"] == "/dashboard/"
    user = User.objects.get(email="amara@example.org")
    assert user.memberships.get().organization.logo
    assert User.objects.get(email="taken@example.org") == taken


def test_nobody_learns_from_a_correction_whether_an_address_is_taken() -> None:
    factories.user(email="taken@example.org")
    found = []
    for email in ("taken@example.org", "free@example.org"):
        client = registered(f"mistyped.{email}")
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            response = correct(client, email)
        page = client.get(response["Location"])
        wrong = client.post(CONFIRM, {"code": "000001"})
        text = page.content.decode().replace(email, "somebody")
        lines = [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]
        found.append((response.status_code, lines, wrong.status_code, len(queries)))
    assert found[0][:3] == found[1][:3]
    assert abs(found[0][3] - found[1][3]) <= 2


def test_a_few_corrections_are_enough() -> None:
    client = registered("amara0@example.org")
    for number in range(1, MOST_CORRECTIONS + 1):
        cache.clear()
        correct(client, f"amara{number}@example.org")
    assert CORRECT not in client.get(CONFIRM).content.decode()
    assert correct(client, "amara9@example.org")["Location"] == CONFIRM
    assert User.objects.get().email == f"amara{MOST_CORRECTIONS}@example.org"


def test_confirmed_address_is_not_corrected_from_an_old_page() -> None:
    client = registered("amara@example.org")
    EmailAddress.objects.update(verified=True)
    page = correct(client, "other@example.org")
    assert "This account is open already." in page.content.decode()
    assert User.objects.get().email == "amara@example.org"


def test_whoever_logs_in_again_before_the_code_can_correct_it() -> None:
    registered("amara@exmaple.org")
    cache.clear()
    client = Client()
    client.post("/login/", {"login": "amara@exmaple.org", "password": PASSWORD})
    assert correct(client, "amara@example.org")["Location"] == CONFIRM
    assert User.objects.get().email == "amara@example.org"


@pytest.mark.parametrize("method", ["get", "post"])
def test_page_is_for_those_who_have_just_registered(client: Client, method: str) -> None:
    response = getattr(client, method)(CORRECT, {"email": "a@example.org"})
    assert response["Location"] == CONFIRM


def test_what_a_taken_address_left_is_forgotten_after_a_week() -> None:
    factories.user(email="taken@example.org")
    registered("taken@example.org")
    assert (Organization.objects.count(), User.objects.count()) == (1, 2)
    forget_unconfirmed_accounts(timezone.now() + timedelta(seconds=1))
    assert Organization.objects.count() == 0
    assert User.objects.get().email == "taken@example.org"


def test_nobody_logs_in_as_what_a_taken_address_left(client: Client) -> None:
    factories.user(email="taken@example.org")
    registered("taken@example.org")
    login = User.objects.get(email__endswith="@invalid").email
    page = client.post("/login/", {"login": login, "password": PASSWORD})
    assert page.status_code == 200
    assert "/dashboard/" not in page.headers.get("Location", "")
