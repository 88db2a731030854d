"""A colleague asks to be let in; owners decide, or the secretariat where nobody answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.models import Event
from organizations.actions import joining as actions
from organizations.models import JoinRequest, Membership, Organization, User
from tests import factories
from tests.organizations.registering import mails

pytestmark = pytest.mark.django_db

JOIN = "/organization/join/"
WEEK = JoinRequest.OWNERS_ANSWER_WITHIN


@pytest.fixture
def person(db: None) -> User:
    return factories.user(first_name="Chikondi", last_name="Phiri")


@pytest.fixture
def client(person: User) -> Client:
    return factories.logged_in(person)


def ask(
    client: Client, name: str, function: str = "Officer", message: str = "I sit in room 4."
) -> Any:
    data = {"name": name, "function": function, "message": message}
    return client.post(JOIN, data, follow=True)


def answer(client: Client, act: str, **data: str) -> Any:
    request = JoinRequest.objects.get()
    return client.post(f"/organization/requests/{request.pk}/{act}/", data)


def test_request_reaches_the_owners_and_they_let_the_person_in(
    client: Client, person: User, owner_client: Client, owner: User, organization: Organization
) -> None:
    page = ask(client, "  department of CLIMATE change – malawi ")
    assert "We have passed it on." in page.content.decode()
    assert mails() == [("join_asked", owner.email)]
    shown = owner_client.get("/organization/members/").content.decode()
    assert person.email in shown
    assert "I sit in room 4." in shown
    assert "1 colleague asks to be let in" in owner_client.get("/organization/").content.decode()
    assert answer(owner_client, "accept", role="reader").status_code == 302
    membership = Membership.objects.get(user=person)
    assert (membership.organization, membership.role) == (organization, "reader")
    assert membership.function == "Officer"
    assert mails()[1:] == [("join_accepted", person.email)]
    request = JoinRequest.objects.get()
    assert (request.status, request.decided_by) == ("accepted", owner)


def test_answer_is_the_same_whether_the_name_is_registered(organization: Organization) -> None:
    pages = []
    for name in (organization.name, "Ministry of Nowhere"):
        client = factories.logged_in(factories.user(first_name="Chikondi"))
        first = ask(client, name)
        second = client.get("/organization/")
        for page in (first, second):
            text = page.content.decode().replace(name, "the name")
            lines = [line for line in text.splitlines() if "csrf" not in line]
            pages.append((page.redirect_chain if page is first else None, lines))
    assert pages[:2] == pages[2:]


def test_unknown_name_waits_for_the_secretariat(client: Client, person: User) -> None:
    ask(client, "Ministry of Nowhere")
    assert mails() == [("join_waits_for_staff", settings.SECRETARIAT_EMAIL)]
    assert JoinRequest.objects.for_staff().get().user == person


def test_name_that_two_have_waits_for_the_secretariat(client: Client) -> None:
    for _ in range(2):
        factories.member(factories.organization(name="Green Fund"), Membership.Role.OWNER)
    ask(client, "green fund")
    assert JoinRequest.objects.get().organization is None


def test_declined_person_is_told_the_name_that_they_typed(
    client: Client, person: User, owner_client: Client, organization: Organization
) -> None:
    ask(client, organization.name)
    answer(owner_client, "decline")
    assert JoinRequest.objects.get().status == "declined"
    assert mails()[-1] == ("join_declined", person.email)
    assert not person.memberships.exists()
    assert ask(client, organization.name).status_code == 200
    assert JoinRequest.objects.open().count() == 1


def test_only_owners_of_the_organization_answer(
    client: Client, editor: User, stranger: User, organization: Organization, owner: User
) -> None:
    ask(client, organization.name)
    for act in ("accept", "decline"):
        assert answer(factories.logged_in(editor), act, role="owner").status_code == 403
        assert answer(factories.logged_in(stranger), act, role="owner").status_code == 404
        assert answer(client, act, role="owner").status_code == 404
    assert JoinRequest.objects.get().status == "open"


def test_secretariat_answers_after_seven_days_of_silence(
    client: Client, person: User, owner: User, reviewer: User, organization: Organization
) -> None:
    ask(client, organization.name)
    request = JoinRequest.objects.get()
    with pytest.raises(ActionRefused, match="The owners of the organization answer"):
        actions.accept_request(request, by=reviewer, role="reader")
    assert actions.pass_on_requests() == 0
    JoinRequest.objects.update(asked_at=timezone.now() - WEEK - timedelta(minutes=1))
    assert actions.pass_on_requests() == 1
    assert actions.pass_on_requests() == 0
    assert mails()[-1] == ("join_waits_for_staff", settings.SECRETARIAT_EMAIL)
    actions.accept_request(request, by=reviewer, role="reader")
    assert person.memberships.get().organization == organization


def test_secretariat_answers_at_once_where_no_owner_is_left(
    client: Client, reviewer: User, owner: User, organization: Organization
) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    request = JoinRequest.objects.create(
        user=factories.user(), organization=organization, typed_name="Ours", function="Officer"
    )
    assert actions.may_answer(request, reviewer)


def test_person_takes_the_request_back(client: Client, organization: Organization) -> None:
    ask(client, organization.name)
    page = ask(client, "Another name")
    assert "You have asked already." in page.content.decode()
    client.post("/organization/join/withdraw/")
    assert JoinRequest.objects.get().status == "withdrawn"
    assert client.post("/organization/join/withdraw/").status_code == 404


def test_members_do_not_ask(owner_client: Client) -> None:
    assert owner_client.get(JOIN)["Location"] == "/organization/"
    assert owner_client.post(JOIN, {"name": "x", "function": "y"})["Location"] == "/organization/"
    assert JoinRequest.objects.count() == 0


def test_asking_is_limited(client: Client, person: User) -> None:
    for number in range(actions.REQUESTS.most):
        request = actions.ask_to_join(by=person, name=f"No {number}", function="x", message="")
        actions.withdraw_request(request, by=person)
    assert "You have asked often today." in ask(client, "No more").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "a\0"), ("name", "x" * 301), ("function", ""), ("message", "x" * 1001)],
)
def test_what_is_wrong_stands_beside_its_field(client: Client, field: str, value: str) -> None:
    page = ask(client, **({"name": "Ours"} | {field: value}))
    assert list(page.context["form"].errors) == [field]


@pytest.mark.parametrize("name", ["\u202egnissim", "ы" * 300, "' OR 1=1 --", "---"])
def test_odd_names_are_nobodys(client: Client, name: str) -> None:
    assert ask(client, name).status_code == 200
    assert not JoinRequest.objects.exclude(organization=None).exists()


def test_trail_holds_ids_only(client: Client, organization: Organization, person: User) -> None:
    ask(client, organization.name)
    event = Event.objects.get()
    assert (event.name, event.actor_id, event.data) == ("member.join_asked", person.pk, {})
