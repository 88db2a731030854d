from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.db import connection
from django.test import Client
from pytest_django import Settings

from organizations.login.adapters import MFAAdapter
from organizations.models import User
from tests import factories
from tests.factories import PASSWORD
from tests.organizations.registering import mails
from tests.organizations.second_factor import code_of, secret_of

pytestmark = pytest.mark.django_db

APP = "/account/second-factor/app/"


def prove(client: Client, leads_to: str) -> None:
    """Answer the question who it is with the password."""
    answer = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": leads_to})
    assert answer["Location"] == leads_to


def test_setting_up_an_app_asks_for_the_password_first(owner_client: Client) -> None:
    answer = owner_client.get(APP)
    assert answer["Location"] == f"/account/reauthenticate/?next={APP.replace('/', '%2F')}"


def test_wrong_password_proves_nothing(owner_client: Client) -> None:
    page = owner_client.post("/account/reauthenticate/", {"password": "a wrong one", "next": APP})
    assert "This password is not right. Please try again." in page.content.decode()
    assert owner_client.get(APP).status_code == 302


@pytest.mark.django_db(transaction=True)  # its mail is written once it is set up for good
def test_app_is_set_up_with_its_first_code(contents: None) -> None:
    owner = factories.user()
    owner_client = factories.logged_in(owner)
    prove(owner_client, APP)
    page = owner_client.get(APP)
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert "<svg " in page.content.decode()
    assert "data:" not in page.content.decode()
    answer = owner_client.post(APP, {"code": code_of(secret)})
    assert answer["Location"] == "/account/second-factor/recovery-codes/"
    assert secret_of(owner) == secret
    assert mails() == [("totp_activated", owner.email)]


def test_wrong_code_sets_nothing_up(owner_client: Client) -> None:
    prove(owner_client, APP)
    owner_client.get(APP)
    page = owner_client.post(APP, {"code": "000000"})
    assert "This code is not right." in page.content.decode()
    assert Authenticator.objects.count() == 0


def test_secrets_are_not_stored_in_clear(reviewer: User) -> None:
    for authenticator in Authenticator.objects.filter(user=reviewer):
        stored = authenticator.data.get("secret") or authenticator.data["seed"]
        assert stored.startswith("gAAAA")
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, data::text FROM mfa_authenticator ORDER BY type")
        raw = dict(cursor.fetchall())
    wrapped = Authenticator.objects.get(user=reviewer, type="recovery_codes").wrap()
    assert raw.keys() == {"recovery_codes", "totp"}
    assert secret_of(reviewer) not in raw["totp"]
    assert decrypt(wrapped.instance.data["seed"]) not in raw["recovery_codes"]
    assert not [code for code in wrapped.get_unused_codes() if code in raw["recovery_codes"]]


def test_secrets_are_still_read_after_the_key_was_changed(settings: Settings) -> None:
    kept = MFAAdapter().encrypt("a secret")
    earlier = settings.SECRET_KEY
    settings.SECRET_KEY = "another key " * 5
    with pytest.raises(InvalidToken):
        MFAAdapter().decrypt(kept)
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert MFAAdapter().decrypt(kept) == "a secret"


def test_login_asks_for_the_code(client: Client, reviewer: User) -> None:
    answer = client.post("/login/", {"login": reviewer.email, "password": PASSWORD})
    assert answer["Location"] == "/login/second-factor/"
    assert client.get("/account/").status_code == 302
    answer = client.post("/login/second-factor/", {"code": code_of(secret_of(reviewer))})
    assert answer["Location"] == "/admin/"


def test_code_opens_once(client: Client, reviewer: User) -> None:
    code = code_of(secret_of(reviewer))
    for browser, end in ((client, 302), (Client(), 200)):
        browser.post("/login/", {"login": reviewer.email, "password": PASSWORD})
        assert browser.post("/login/second-factor/", {"code": code}).status_code == end


def test_recovery_code_opens_in_place_of_the_app(client: Client, reviewer: User) -> None:
    wrapped = Authenticator.objects.get(user=reviewer, type="recovery_codes").wrap()
    code = wrapped.get_unused_codes()[0]
    client.post("/login/", {"login": reviewer.email, "password": PASSWORD})
    assert client.post("/login/second-factor/", {"code": code}).status_code == 302
    assert client.get("/account/").status_code == 200


def test_wrong_codes_are_counted(client: Client, reviewer: User) -> None:
    client.post("/login/", {"login": reviewer.email, "password": PASSWORD})
    for _ in range(5):
        client.post("/login/second-factor/", {"code": "000000"})
    page = client.post("/login/second-factor/", {"code": code_of(secret_of(reviewer))})
    assert "There were too many wrong tries." in page.content.decode()


def test_app_is_switched_off_after_a_proof(reviewer: User) -> None:
    client = factories.logged_in(reviewer)
    prove(client, "/account/second-factor/app/off/")
    assert client.get("/account/second-factor/app/off/").status_code == 200
    client.post("/account/second-factor/app/off/")
    assert Authenticator.objects.filter(user=reviewer).count() == 0
    assert mails() == [("totp_deactivated", reviewer.email)]


def test_options_of_a_passkey_name_this_site(owner_client: Client) -> None:
    prove(owner_client, "/account/second-factor/passkeys/add/")
    page = owner_client.get("/account/second-factor/passkeys/add/")
    options: dict[str, Any] = page.context["js_data"]["creation_options"]["publicKey"]
    assert options["rp"]["id"] == "testserver"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert page.context["form"]["name"].value() == "Passkey 1"
