import threading
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alliance.models import Event, StagedUpload
from organizations.forms.registration import RegistrationForm
from organizations.models import DueDiligence, Membership, Organization, User
from organizations.spam import SHORTEST_TIME
from tests import factories
from tests.organizations.registering import mails, picture, registration, ticket_of_age

pytestmark = pytest.mark.django_db

DAY = 24 * 60 * 60  # seconds
LABELS = [
    "Authentication & Due Diligence",
    "First Name",
    "Last Name",
    "Email address",
    "Password",
    "Confirm Password",
    "Name of institution / organization",
    "Country / Region",
    "Organization Type",
    "Organization other",
    "Function / role",
    "Organization logo",
]


def post(client: Client, **changes: Any) -> Any:
    return client.post("/register/", registration(**changes))


def errors(response: Any) -> dict[str, list[str]]:
    form = response.context["form"]
    return {name: list(messages) for name, messages in form.errors.items()}


def test_form_asks_in_order_and_in_the_words_of_the_client(client: Client) -> None:
    labels = {name: str(field.label) for name, field in RegistrationForm().fields.items()}
    del labels["trap"], labels["ticket"]  # nobody sees them
    assert list(labels.values()) == LABELS
    page = client.get("/register/").content.decode()
    assert "<h1>Organization Registration</h1>" in page
    assert (
        "I am authorised to act for this institution and agree to identity verification, due "
        "diligence confirmation, and an authentication step before submission."
    ) in page
    assert "Maximum file size: 1 GB" in page
    assert "The designations employed" in page
    assert '<option value="South-South cooperation focal point">' in page
    assert '<option value="regional">Regional entity</option>' in page
    assert '<option value="global">Global entity</option>' in page


@pytest.mark.parametrize(
    ("kind", "country", "level"),
    [
        ("ministry", "SN", "basic"),
        ("ngo-national", "SN", "standard"),
        ("sme", "SN", "enhanced"),
        ("ministry", "SO", "standard"),
        ("ngo-national", "SO", "enhanced"),
    ],
)
def test_due_diligence_begins_at_the_level_that_kind_and_country_call_for(
    client: Client, kind: str, country: str, level: str
) -> None:
    assert post(client, type=kind, country=country).status_code == 302
    assert DueDiligence.objects.get().level == level


def test_registering_makes_person_organization_and_due_diligence_together(client: Client) -> None:
    response = post(client)
    assert response.status_code == 302
    assert response["Location"] == "/register/confirm/"
    user = User.objects.get()
    assert (user.email, user.get_full_name()) == ("amara.diallo@example.org", "Amara Diallo")
    address = EmailAddress.objects.get()
    assert (address.user, address.verified, address.primary) == (user, False, True)
    membership = Membership.objects.get()
    assert (membership.user, membership.role) == (user, Membership.Role.OWNER)
    assert membership.function == "South-South cooperation focal point"
    organization = membership.organization
    assert organization.name == "Office national de l’assainissement"
    assert (organization.country_id, organization.scope) == ("SN", "national")
    cycle = DueDiligence.objects.get()
    assert (cycle.organization, cycle.status) == (organization, "not_started")
    assert cycle.level == DueDiligence.Level.BASIC
    assert set(Event.objects.values_list("name", flat=True)) == {
        "user.registered",
        "organization.registered",
    }
    assert mails() == [("email_confirmation_signup", "amara.diallo@example.org")]


def test_logo_is_kept_encoded_afresh(client: Client) -> None:
    post(client)
    organization = Organization.objects.get()
    name = str(organization.logo.name)
    assert name.endswith(".webp")
    with storages["pictures"].open(name) as file:
        assert file.read(12)[8:] == b"WEBP"
    assert StagedUpload.objects.waiting().count() == 0


def test_regional_entity_has_no_country(client: Client) -> None:
    post(client, country="regional", type="igo")
    organization = Organization.objects.get()
    assert (organization.country, organization.scope) == (None, Organization.Scope.REGIONAL)
    assert organization.place == "Regional entity"


def test_words_for_other_are_dropped_with_another_type(client: Client) -> None:
    post(client, type="ministry", type_other="A ministry of sorts")
    assert Organization.objects.get().type_other == ""


def test_words_for_other_are_kept_with_other(client: Client) -> None:
    post(client, type="other", type_other="A league of cities")
    assert Organization.objects.get().type_other == "A league of cities"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("due_diligence", None, "Please tick this box to go on."),
        ("first_name", "", "Please fill this in."),
        ("first_name", "a" * 151, "Please shorten this to 150 characters (it has 151)."),
        (
            "first_name",
            "a\0b",
            "There is a character in this that cannot be kept. Please type it anew.",
        ),
        ("last_name", "", "Please fill this in."),
        ("email", "amara", "Please give an email address, as in name@example.org."),
        ("password2", "seven green parrots", "This is not the same as the password above."),
        ("institution", "x" * 301, "Please shorten this to 300 characters (it has 301)."),
        ("country", "", "Please choose one."),
        (
            "country",
            "XX",
            "Please choose one from the list.",
        ),
        ("type", "", "Please choose one."),
        ("function", "", "Please fill this in."),
        ("logo", None, "Please choose a file."),
        (
            "logo",
            SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            "This is a file of the kind SVG. Please save it as PNG, JPEG or WebP, "
            "or choose another file.",
        ),
        (
            "logo",
            SimpleUploadedFile("logo.png", b"MZ" + b"\0" * 100),
            "This file is a program, not a picture. Please choose another file.",
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    client: Client, field: str, value: Any, message: str
) -> None:
    response = post(client, **{field: value})
    assert response.status_code == 200
    assert errors(response) == {field: [message]}
    assert User.objects.count() == 0


def test_other_asks_what_kind(client: Client) -> None:
    response = post(client, type="other", type_other=" ")
    assert errors(response) == {"type_other": ["Please say what kind of organization it is."]}


@pytest.mark.parametrize(
    "password",
    ["short sun", "Password2024!", "x" * 60 + " and " + "y" * 64, "amara-diallo-2026"],
)
def test_weak_passwords_are_refused(client: Client, password: str) -> None:
    response = post(client, password1=password, password2=password)
    assert list(errors(response)) == ["password1"]


def test_password_of_institution_words_is_refused(client: Client) -> None:
    password = "office-national-1"
    response = post(client, password1=password, password2=password)
    assert list(errors(response)) == ["password1"]


def test_chosen_logo_survives_an_error_elsewhere(client: Client) -> None:
    response = post(client, last_name="")
    assert errors(response) == {"last_name": ["Please fill this in."]}
    token = response.context["form"].fields["logo"].widget.held
    page = response.content.decode()
    assert token.name == "logo.png"
    held = page.split('name="logo-held" value="')[1].split('"')[0]
    again = post(client, **{"logo": None, "logo-held": held})
    assert again.status_code == 302
    assert Organization.objects.get().logo


def test_nobody_learns_that_an_address_is_taken() -> None:
    taken = factories.user(email="taken@example.org")
    answers: list[Any] = []
    work = []
    for email in ("taken@example.org", "free@example.org"):
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            response = post(client, email=email)
        page = client.get(response["Location"])
        answers.append((response.status_code, response["Location"], page.status_code))
        answers.append(shown_on(page, email))
        work.append(len(queries))
    assert answers[:2] == answers[2:]
    assert abs(work[0] - work[1]) <= 2
    assert mails() == [
        ("account_already_exists", "taken@example.org"),
        ("email_confirmation_signup", "free@example.org"),
    ]
    assert User.objects.get(email="taken@example.org") == taken
    assert not taken.memberships.exists()


def shown_on(page: Any, email: str) -> list[str]:
    """The lines of a page without what differs from person to person and click to click."""
    lines = page.content.decode().replace(email, "somebody").splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]


def test_wrong_codes_end_the_same_for_a_taken_address() -> None:
    factories.user(email="taken@example.org")
    ends = []
    for email in ("taken@example.org", "free@example.org"):
        client = Client()
        post(client, email=email)
        answers = [client.post("/register/confirm/", {"code": "000001"}) for _ in range(3)]
        ends.append([(a.status_code, a.headers.get("Location")) for a in answers])
    assert ends[0] == ends[1]
    assert ends[0][-1] == (302, "/login/")


def test_registration_with_a_taken_address_reaches_nobodys_account(client: Client) -> None:
    taken = factories.user(email="taken@example.org")
    post(client, email="taken@example.org")
    owner = Membership.objects.get().user
    assert owner != taken
    assert owner.email.endswith("@invalid")
    assert not EmailAddress.objects.get(user=owner).verified
    assert StagedUpload.objects.waiting().count() == 0


@pytest.mark.usefixtures("contents")
@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_account() -> None:
    statuses: list[int] = []

    def register() -> None:
        statuses.append(post(Client(), logo=picture()).status_code)
        connections.close_all()

    threads = [threading.Thread(target=register) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {302, 429}  # two pages: the second mail within ten seconds is refused
    assert 302 in statuses
    assert Membership.objects.filter(user__email="amara.diallo@example.org").count() == 1


def test_somebody_logged_in_is_sent_to_their_organization(owner_client: Client) -> None:
    response = owner_client.get("/register/")
    assert (response.status_code, response["Location"]) == (302, "/organization/")


@pytest.mark.parametrize("path", ["/register/", "/register/person/"])
def test_whoever_fills_in_the_trap_is_told_and_makes_no_account(client: Client, path: str) -> None:
    assert 'name="trap"' in client.get(path).content.decode()
    page = client.post(path, registration(trap="https://a.example"))
    assert "do not see was filled in" in page.content.decode()
    assert "https://a.example" not in page.content.decode()
    assert User.objects.count() == 0


@pytest.mark.parametrize("path", ["/register/", "/register/person/"])
def test_a_registration_in_a_second_waits_and_goes_through_with_the_same_ticket(
    client: Client, path: str
) -> None:
    ticket = ticket_of_age(seconds=1)
    page = client.post(path, registration(ticket=ticket)).content.decode()
    assert "Please wait three seconds" in page
    assert 'value="Amara"' in page
    assert f'name="ticket" value="{ticket}"' in page
    assert User.objects.count() == 0
    time.sleep(SHORTEST_TIME.total_seconds() - 1)
    assert client.post(path, registration(ticket=ticket))["Location"] == "/register/confirm/"


def test_a_quick_sender_with_a_weak_password_hears_of_the_password_only(client: Client) -> None:
    response = post(client, ticket=ticket_of_age(seconds=1), password1="short", password2="short")
    assert set(errors(response)) == {"password1"}


def test_a_page_that_was_open_for_days_is_still_taken(client: Client) -> None:
    assert post(client, ticket=ticket_of_age(seconds=6 * DAY)).status_code == 302


@pytest.mark.parametrize("ticket", ["", "forged"])
def test_what_comes_from_no_page_of_ours_makes_no_account(client: Client, ticket: str) -> None:
    assert post(client, ticket=ticket).status_code == 200
    assert User.objects.count() == 0
