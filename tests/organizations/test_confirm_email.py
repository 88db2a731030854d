import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from alliance.models import OutgoingMail
from organizations.models import User
from tests import factories
from tests.organizations.registering import PASSWORD, code_in_mail, mails, registration

pytestmark = pytest.mark.django_db

CONFIRM = "/register/confirm/"


@pytest.fixture
def newcomer(client: Client) -> Client:
    """Somebody who has sent the registration and now sees the page that asks for the code."""
    assert client.post("/register/", registration()).status_code == 302
    return client


def test_code_of_six_digits_opens_the_account(newcomer: Client) -> None:
    code = code_in_mail()
    assert len(code) == 6
    response = newcomer.post(CONFIRM, {"code": code})
    assert (response.status_code, response["Location"]) == (302, "/dashboard/")
    assert EmailAddress.objects.get().verified
    assert newcomer.get("/organization/").status_code == 200
    assert [message for message, _ in mails()] == ["email_confirmation_signup", "welcome"]


def test_mail_with_the_code_is_secret(newcomer: Client) -> None:
    mail = OutgoingMail.objects.get()
    assert mail.is_secret
    assert code_in_mail() not in mail.subject
    assert code_in_mail() in mail.html


@pytest.mark.parametrize("path", ["/organization/", "/dashboard/", "/account/", "/apply/"])
def test_nothing_is_open_before_the_code(newcomer: Client, path: str) -> None:
    response = newcomer.get(path)
    assert (response.status_code, response["Location"]) == (302, f"/login/?next={path}")


def test_wrong_code_is_said_clearly(newcomer: Client) -> None:
    response = newcomer.post(CONFIRM, {"code": "000001"})
    assert response.status_code == 200
    assert (
        "This code is not right. Please look at the newest mail again, or have another code sent."
        in response.content.decode()
    )
    assert not EmailAddress.objects.get().verified


def test_after_three_wrong_codes_the_right_one_is_too_late(newcomer: Client) -> None:
    code = code_in_mail()
    for _ in range(3):
        response = newcomer.post(CONFIRM, {"code": "000001"})
    assert (response.status_code, response["Location"]) == (302, "/login/")
    newcomer.post(CONFIRM, {"code": code})
    assert not EmailAddress.objects.get().verified


def test_another_code_can_be_sent_and_replaces_the_first(newcomer: Client) -> None:
    first = code_in_mail()
    cache.clear()  # the ten seconds between two mails are over
    newcomer.post(CONFIRM, {"action": "resend"})
    second = code_in_mail()
    assert len(mails()) == 2
    assert newcomer.post(CONFIRM, {"code": first}).status_code == 200
    assert newcomer.post(CONFIRM, {"code": second}).status_code == 302


def test_asking_again_at_once_keeps_the_code_that_was_sent(newcomer: Client) -> None:
    code = code_in_mail()
    response = newcomer.post(CONFIRM, {"action": "resend"}, follow=True)
    assert "That was too often." in response.content.decode()
    assert len(mails()) == 1
    assert newcomer.post(CONFIRM, {"code": code})["Location"] == "/dashboard/"


def test_asking_again_for_a_taken_address_writes_to_its_owner(client: Client) -> None:
    factories.user(email="taken@example.org")
    client.post("/register/", registration(email="taken@example.org"))
    cache.clear()
    client.post(CONFIRM, {"action": "resend"})
    assert [message for message, _ in mails()] == ["account_already_exists"] * 2


def test_login_before_the_code_leads_to_a_new_code(newcomer: Client) -> None:
    cache.clear()
    elsewhere = Client()
    login = {"login": "amara.diallo@example.org", "password": PASSWORD}
    response = elsewhere.post("/login/", login)
    assert (response.status_code, response["Location"]) == (302, CONFIRM)
    assert elsewhere.post(CONFIRM, {"code": code_in_mail()})["Location"] == "/dashboard/"


def test_somebody_with_a_wrong_address_can_begin_again(newcomer: Client) -> None:
    response = newcomer.post("/logout/", {"next": "/register/"})
    assert response["Location"] == "/register/"
    assert newcomer.get("/register/").status_code == 200
    newcomer.post("/register/", registration(email="right@example.org"))
    assert User.objects.filter(email="right@example.org").exists()


def test_page_of_the_code_without_a_registration_leads_to_the_login(client: Client) -> None:
    assert client.get(CONFIRM)["Location"] == "/login/"
