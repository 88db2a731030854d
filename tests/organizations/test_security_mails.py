"""Whatever changes about an account is told to its person: what, when, from where, with what."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from alliance.models import OutgoingMail
from organizations.models import User
from tests import factories
from tests.factories import PASSWORD
from tests.organizations.registering import code_in_mail
from tests.organizations.second_factor import code_of

MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Safari/605.1.15"
)
NEW = "nine patient herons fishing"


def change_password(client: Client, person: User) -> None:
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post("/account/password/", data)


def set_first_password(client: Client, person: User) -> None:
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    client.post("/account/password/set/", {"password1": NEW, "password2": NEW})


def reset_password(client: Client, person: User) -> None:
    client.post("/logout/")
    client.post("/password/reset/", {"email": person.email})
    client.post("/password/reset/code/", {"code": code_in_mail()})
    client.post("/password/reset/new/", {"password1": NEW, "password2": NEW})


def set_app_up(client: Client, person: User) -> None:
    secret = client.get("/account/second-factor/app/").context["form"].secret
    client.post("/account/second-factor/app/", {"code": code_of(secret)})


def switch_app_off(client: Client, person: User) -> None:
    TOTP.activate(person, generate_totp_secret())
    client.post("/account/second-factor/app/off/")


def remove_passkey(client: Client, person: User) -> None:
    key = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Key"})
    client.post(f"/account/second-factor/passkeys/{key.pk}/remove/")


def make_recovery_codes(client: Client, person: User) -> None:
    TOTP.activate(person, generate_totp_secret())
    client.post("/account/second-factor/recovery-codes/new/")


def log_in_elsewhere(client: Client, person: User) -> None:
    elsewhere = Client(headers={"User-Agent": MAC})
    elsewhere.post("/login/", {"login": person.email, "password": PASSWORD})
    elsewhere.post("/login/code/", {"code": code_in_mail()})


@pytest.mark.usefixtures("contents")
@pytest.mark.django_db(transaction=True)  # some are written once the change is there for good
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (change_password, "password_changed"),
        (set_first_password, "password_set"),
        (reset_password, "password_reset"),
        (set_app_up, "totp_activated"),
        (switch_app_off, "totp_deactivated"),
        (remove_passkey, "webauthn_removed"),
        (make_recovery_codes, "recovery_codes_generated"),
        (log_in_elsewhere, "new_browser"),
    ],
)
def test_change_of_an_account_is_told_to_its_person(
    change: Callable[[Client, User], None], message: str
) -> None:
    person = factories.user(first_name="Amara")
    client = factories.logged_in(person)
    client.defaults["HTTP_USER_AGENT"] = MAC
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/"})
    change(client, person)
    mail = OutgoingMail.objects.exclude(is_secret=True).get()
    assert (mail.message, mail.recipient, mail.is_secret) == (message, person.email, False)
    assert mail.text.startswith("Dear Amara,")
    assert "(UTC), from 127.0.0.1, with Safari on Mac." in mail.text
    assert "If it was not you, please set a new password at once" in mail.text
    assert "Safari on Mac" in mail.html
