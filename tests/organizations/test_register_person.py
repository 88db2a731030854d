"""An account alone: to ask to be let in, or to register an institution with it later."""

import pytest
from django.test import Client

from alliance.models import OutgoingMail
from organizations.models import DueDiligence, JoinRequest, Membership, Organization, User
from tests import factories
from tests.organizations.registering import code_in_mail, institution, mails, person

pytestmark = pytest.mark.django_db

PERSON = "/register/person/"
OWN = "/organization/register/"


def confirmed(client: Client) -> str:
    """Register, type the code; where it leads."""
    client.post(PERSON, person())
    return client.post("/register/confirm/", {"code": code_in_mail()})["Location"]


@pytest.mark.parametrize("path", ["/register/", "/login/"])
def test_entrance_shows_colleagues_of_registered_institutions_their_way(
    client: Client, path: str
) -> None:
    page = client.get(path).content.decode()
    assert f'href="{PERSON}">Is your institution here already? Ask to join it</a>' in page


def test_person_registers_alone_confirms_the_address_and_is_led_to_ask(
    client: Client, owner: User, organization: Organization
) -> None:
    response = client.post(PERSON, person())
    assert response["Location"] == "/register/confirm/"
    assert client.get("/organization/join/")["Location"].startswith("/login/")
    response = client.post("/register/confirm/", {"code": code_in_mail()})
    assert response["Location"] == "/organization/join/"
    data = {"name": organization.name, "function": "Officer", "message": ""}
    welcome = OutgoingMail.objects.get(message="welcome")
    for text in (welcome.text, welcome.html):
        assert "/organization/join/" in text
        assert "your organization is registered" not in text
    client.post("/organization/join/", data)
    assert JoinRequest.objects.get().user == User.objects.get(email="amara.diallo@example.org")
    assert mails()[-1] == ("join_asked", owner.email)
    assert Organization.objects.get() == organization


def test_back_from_the_first_page_leads_to_the_dashboard_not_to_the_code(client: Client) -> None:
    confirmed(client)
    assert client.get("/register/confirm/")["Location"] == "/dashboard/"


def test_corrected_address_leads_to_the_same_question(client: Client) -> None:
    client.post(PERSON, person())
    client.post("/register/confirm/address/", {"email": "amara@example.org"})
    response = client.post("/register/confirm/", {"code": code_in_mail()})
    assert response["Location"] == "/organization/join/"


def test_owner_of_a_taken_address_is_told_and_no_second_account_gets_it(client: Client) -> None:
    factories.user(email="amara.diallo@example.org")
    assert client.post(PERSON, person())["Location"] == "/register/confirm/"
    assert mails() == [("account_already_exists", "amara.diallo@example.org")]
    assert User.objects.filter(email="amara.diallo@example.org").count() == 1


def test_second_click_makes_no_second_account(client: Client) -> None:
    data = person(csrfmiddlewaretoken="x" * 64)
    for _click in range(2):
        assert client.post(PERSON, data)["Location"] == "/register/confirm/"
    assert User.objects.count() == 1


def test_password_is_judged_by_the_person(client: Client) -> None:
    own = "Amara Diallo 1"
    page = client.post(PERSON, person(password1=own, password2=own))
    assert list(page.context["form"].errors) == ["password1"]


def test_institution_is_registered_with_an_account_that_has_none(client: Client) -> None:
    confirmed(client)
    assert f'href="{OWN}"' in client.get("/organization/").content.decode()
    assert client.post(OWN, institution())["Location"] == "/dashboard/"
    membership = Membership.objects.get()
    assert (membership.user.email, membership.role) == ("amara.diallo@example.org", "owner")
    assert membership.function == "South-South cooperation focal point"
    assert DueDiligence.objects.get().organization == membership.organization
    assert client.get(OWN)["Location"] == "/organization/"
    assert client.post(OWN, institution())["Location"] == "/organization/"


@pytest.mark.parametrize("path", ["/apply/", "/demands/new/", "/offers/new/"])
def test_forms_lead_people_without_an_institution_to_one(client: Client, path: str) -> None:
    confirmed(client)
    response = client.get(path, follow=True)
    assert response.redirect_chain == [("/organization/", 302)]
    page = response.content.decode()
    assert "Forms are sent in the name of an institution." in page
    assert f'href="{OWN}"' in page


def test_who_waits_for_an_answer_registers_nothing(client: Client) -> None:
    confirmed(client)
    client.post("/organization/join/", {"name": "Ours", "function": "Officer", "message": ""})
    page = client.post(OWN, institution()).content.decode()
    assert "Take that request back first." in page
    assert not Organization.objects.exists()


def test_institution_without_its_consent_or_country_is_not_registered(client: Client) -> None:
    confirmed(client)
    data = institution(country="")
    del data["due_diligence"]
    page = client.post(OWN, data)
    assert list(page.context["form"].errors) == ["due_diligence", "country"]
    assert not Organization.objects.exists()


def test_who_is_logged_in_is_led_on(owner_client: Client) -> None:
    assert owner_client.get(PERSON)["Location"] == "/organization/join/"
    assert owner_client.get(OWN)["Location"] == "/organization/"
