import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from alliance.models import Event, UndeliverableAddress
from alliance.undeliverable import came_back
from organizations.models import User
from tests import factories
from tests.factories import PASSWORD
from tests.organizations.registering import code_in_mail, mails

pytestmark = pytest.mark.django_db

ALLAUTH_NAMES = [
    "account_signup",
    "account_email_verification_sent",
    "account_login",
    "account_inactive",
    "account_logout",
    "account_reset_password",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "account_confirm_login_code",
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_login_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
]
OPEN_PAGES = [
    "/account/",
    "/account/email/",
    "/account/password/",
    "/account/second-factor/",
    "/account/second-factor/passkeys/",
    "/account/sessions/",
    "/account/reauthenticate/",
    "/account/reauthenticate/code/",
]
PAGES_AFTER_A_PROOF = [
    "/account/second-factor/app/off/",
    "/account/second-factor/passkeys/add/",
    "/account/second-factor/recovery-codes/",
    "/account/second-factor/recovery-codes/new/",
    "/account/second-factor/recovery-codes/download/",
]


@pytest.mark.parametrize("name", ALLAUTH_NAMES)
def test_what_allauth_refers_to_has_an_address_of_ours(name: str) -> None:
    assert reverse(name).startswith(
        ("/register/", "/login/", "/logout/", "/password/", "/account/")
    )


@pytest.mark.parametrize("path", OPEN_PAGES + PAGES_AFTER_A_PROOF)
def test_pages_of_the_account_are_closed_to_visitors(client: Client, path: str) -> None:
    assert client.get(path)["Location"] == f"/login/?next={path}"


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_pages_of_the_account_open(reviewer: User, path: str) -> None:
    page = factories.logged_in(reviewer).get(path)
    assert page.status_code == 200
    assert "style=" not in page.content.decode()
    assert "placeholder=" not in page.content.decode()


@pytest.mark.parametrize("path", PAGES_AFTER_A_PROOF)
def test_pages_that_matter_open_after_a_proof(reviewer: User, path: str) -> None:
    client = factories.logged_in(reviewer)
    assert client.get(path).status_code == 302
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": path})
    assert client.get(path).status_code == 200


def test_password_is_changed_with_the_present_one(owner_client: Client, owner: User) -> None:
    new = "nine patient herons fishing"
    data = {"oldpassword": "a wrong one", "password1": new, "password2": new}
    page = owner_client.post("/account/password/", data)
    assert "This is not your present password." in page.content.decode()
    answer = owner_client.post("/account/password/", data | {"oldpassword": PASSWORD})
    assert answer["Location"] == "/account/"
    owner.refresh_from_db()
    assert owner.check_password(new)
    assert mails() == [("password_changed", owner.email)]


def test_nobody_learns_from_a_change_whether_an_address_is_taken(
    owner_client: Client, stranger: User
) -> None:
    owner_client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/email/"})
    new = {"email": stranger.email, "action_add": "1"}
    assert owner_client.post("/account/email/", new)["Location"] == "/register/confirm/"
    owner_client.post("/register/confirm/", {"code": code_in_mail()})
    assert User.objects.filter(email=stranger.email).get() == stranger


def test_other_devices_are_logged_out(owner: User) -> None:
    here, there = factories.known_browser(owner), factories.known_browser(owner)
    for browser in (here, there):
        browser.post("/login/", {"login": owner.email, "password": PASSWORD})
    page = here.get("/account/sessions/").content.decode()
    assert (page.count("This device"), page.count("Another device")) == (1, 1)
    here.post("/account/sessions/")
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_passkey_names_and_removal_belong_to_their_owner(
    owner_client: Client, stranger: User
) -> None:
    theirs = Authenticator.objects.create(user=stranger, type="webauthn", data={"name": "Key"})
    owner_client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/"})
    for path in ("", "remove/"):
        page = owner_client.get(f"/account/second-factor/passkeys/{theirs.pk}/{path}")
        assert page.status_code == 404


def test_trail_holds_no_address(owner_client: Client, owner: User) -> None:
    new = "nine patient herons fishing"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    owner_client.post("/account/password/", data)
    event = Event.objects.get()
    assert (event.name, event.actor_id, event.data) == ("user.password_changed", owner.pk, {})


def test_a_member_is_told_that_our_mail_comes_back(
    owner_client: Client, owner: User, administrator: User
) -> None:
    assert "does not reach you" not in owner_client.get("/account/").content.decode()
    came_back(owner.email, is_hard=True, reason="Bounced (550, 5.1.1 user unknown)")
    page = owner_client.get("/account/").content.decode()
    assert "Our mail does not reach you" in page
    assert "There is no such mailbox." in page
    staff = factories.logged_in(administrator)
    seen = staff.get(f"/admin/organizations/user/{owner.pk}/change/").content.decode()
    assert "There is no such mailbox." in seen


def test_a_member_says_that_the_mailbox_works_again_until_mail_comes_back_anew(
    owner_client: Client, owner: User
) -> None:
    came_back("others@example.org", is_hard=True, reason="550")
    came_back(owner.email, is_hard=True, reason="550")
    assert 'action="/account/mailbox/"' in owner_client.get("/account/").content.decode()
    for _click in range(2):
        answer = owner_client.post("/account/mailbox/", follow=True).content.decode()
        assert "Our mail does not reach you" not in answer
        assert "Should mail come back again" in answer
    assert UndeliverableAddress.objects.get().email == "others@example.org"
    event = Event.objects.get()
    assert (event.name, event.actor_id, event.data) == ("user.mailbox_trusted", owner.pk, {})
    came_back(owner.email, is_hard=True, reason="550")
    assert "Our mail does not reach you" in owner_client.get("/account/").content.decode()
