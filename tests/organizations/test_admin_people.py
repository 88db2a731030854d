"""People in the admin: staff are invited, get and lose roles, and never by themselves."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from organizations.actions import people as actions
from organizations.groups import ADMINISTRATOR, REVIEWER, ROLES, SENIOR_REVIEWER
from organizations.models import User
from tests import factories
from tests.organizations.registering import mails

pytestmark = pytest.mark.django_db

PEOPLE = "/admin/organizations/user/"
NEW = "seven green parrots sing"


@pytest.fixture
def client(administrator: User) -> Client:
    return factories.logged_in(administrator)


def act(client: Client, person: User, name: str, **data: Any) -> str:
    page = client.post(f"{PEOPLE}{person.pk}/{name}/", data, follow=True)
    return str(page.content.decode())


def note_login(browser: Client, person: User) -> None:
    """A login by the form is noted in the list of devices; this one was made by a test."""
    key = browser.session.session_key
    UserSession.objects.create(user=person, session_key=key, ip="192.0.2.7", user_agent="")


def roles_of(person: User) -> list[str]:
    return sorted(group.name for group in User.objects.get(pk=person.pk).groups.all())


def link() -> str:
    text = OutgoingMail.objects.filter(message="staff_invitation").latest("id").text
    found = [line for line in text.splitlines() if "/invitation/staff/" in line]
    return found[0].removeprefix(settings.SITE_URL)


@pytest.fixture
def invited(client: Client) -> User:
    data = {
        "email": "Inés@Example.org",
        "first_name": "Inés",
        "last_name": "Costa",
        "roles": [REVIEWER],
    }
    client.post(f"{PEOPLE}add/", data | {"email": "Ines@Example.org"})
    return User.objects.get(email="ines@example.org")


def test_invited_colleague_chooses_a_password_and_sets_up_a_second_factor(
    invited: User, administrator: User
) -> None:
    assert (invited.is_staff, invited.has_usable_password()) == (True, False)
    assert roles_of(invited) == [REVIEWER]
    assert mails() == [("staff_invitation", "ines@example.org")]
    assert OutgoingMail.objects.get().is_secret
    event = Event.objects.about(invited).get()
    assert (event.name, event.actor_id, event.data) == (
        "user.invited",
        administrator.pk,
        {"roles": ["reviewer"]},
    )
    visitor = Client()
    path = link()
    assert "You log in as ines@example.org." in visitor.get(path).content.decode()
    weak = visitor.post(path, {"password1": "ines-costa-2026", "password2": "ines-costa-2026"})
    assert list(weak.context["form"].errors) == ["password1"]
    answer = visitor.post(path, {"password1": NEW, "password2": NEW})
    assert answer["Location"] == "/login/"
    assert EmailAddress.objects.get(user=invited).verified
    assert visitor.get(path).status_code == 404
    door = factories.known_browser(User.objects.get(pk=invited.pk))
    door.post("/login/", {"login": invited.email, "password": NEW})
    assert door.get("/admin/")["Location"].startswith("/admin/login/")
    assert door.get("/admin/login/")["Location"] == "/account/second-factor/"


def test_nobody_gets_in_before_the_password_is_chosen(invited: User) -> None:
    page = Client().post("/login/", {"login": invited.email, "password": ""})
    assert page.status_code == 200


def test_invitation_is_sent_again_until_it_is_taken_up(invited: User, client: Client) -> None:
    assert "The invitation is sent again." in act(client, invited, "invite-again")
    Client().post(link(), {"password1": NEW, "password2": NEW})
    assert "set a password already" in act(client, invited, "invite-again")


@pytest.mark.parametrize("token", ["x", "1-a:b", "99999-0123:1abc:forged"])
def test_forged_links_open_nothing(token: str) -> None:
    assert Client().get(f"/invitation/staff/{token}/").status_code == 404


def test_address_of_an_account_is_pointed_out(client: Client, reviewer: User) -> None:
    data = {"email": reviewer.email, "first_name": "A", "last_name": "B", "roles": [REVIEWER]}
    page = client.post(f"{PEOPLE}add/", data)
    assert "There is an account with this address already" in page.content.decode()
    assert User.objects.filter(email=reviewer.email).get().first_name == "Inés"


def test_administrator_gives_and_takes_roles(
    client: Client, administrator: User, reviewer: User
) -> None:
    reviewers_browser = factories.logged_in(reviewer)
    note_login(reviewers_browser, reviewer)
    page = act(client, reviewer, "roles", roles=[SENIOR_REVIEWER, REVIEWER])
    assert "The roles are set." in page
    assert roles_of(reviewer) == [REVIEWER, SENIOR_REVIEWER]
    event = Event.objects.about(reviewer).get()
    assert (event.name, event.actor_id) == ("user.roles_changed", administrator.pk)
    assert event.data == {"before": ["reviewer"], "after": ["reviewer", "senior-reviewer"]}
    assert mails() == [("staff_roles_changed", reviewer.email)]
    assert reviewers_browser.get("/account/")["Location"].startswith("/login/")
    act(client, reviewer, "roles")
    reviewer.refresh_from_db()
    assert (roles_of(reviewer), reviewer.is_staff) == ([], False)


@pytest.mark.parametrize("name", ["roles", "deactivate", "activate", "reset-second-factor"])
def test_nobody_changes_their_own_rights(client: Client, administrator: User, name: str) -> None:
    page = act(client, administrator, name, roles=list(ROLES))
    assert "Another administrator has to do this" in page
    assert "Another administrator looks after its roles." in page
    assert roles_of(administrator) == [ADMINISTRATOR]
    assert Authenticator.objects.filter(user=administrator).count() == 2


@pytest.mark.parametrize("fixture", ["reviewer", "senior", "library_editor"])
def test_only_administrators_look_after_people(
    fixture: str, request: pytest.FixtureRequest, administrator: User
) -> None:
    person = request.getfixturevalue(fixture)
    browser = factories.logged_in(person)
    assert browser.get(PEOPLE).status_code == 403
    for name in ("roles", "deactivate", "reset-second-factor"):
        path = f"{PEOPLE}{administrator.pk}/{name}/"
        assert browser.post(path, {"roles": [ADMINISTRATOR]}).status_code == 403
        assert browser.post(f"{PEOPLE}{person.pk}/{name}/").status_code == 403
    assert administrator.groups.get().name == ADMINISTRATOR
    with pytest.raises(ActionRefused):
        actions.set_roles(administrator, by=person, roles=[])


def test_unknown_roles_are_refused(client: Client, reviewer: User) -> None:
    Group.objects.create(name="Emperor")
    assert "Choose from the roles that are shown." in act(
        client, reviewer, "roles", roles="Emperor"
    )
    assert roles_of(reviewer) == [REVIEWER]


def test_closed_account_is_out_and_can_be_opened_again(client: Client, reviewer: User) -> None:
    browser = factories.logged_in(reviewer)
    note_login(browser, reviewer)
    assert browser.get("/account/").status_code == 200
    assert "The account is closed." in act(client, reviewer, "deactivate")
    assert browser.get("/account/")["Location"].startswith("/login/")
    assert UserSession.objects.filter(user=reviewer).count() == 0
    assert "The account is open again." in act(client, reviewer, "activate")
    names = [event.name for event in Event.objects.about(reviewer).order_by("id")]
    assert names == ["user.deactivated", "user.activated"]


def test_lost_second_factor_is_taken_off_with_an_event_and_a_mail(
    client: Client, administrator: User, reviewer: User
) -> None:
    assert "The second factor is taken off." in act(client, reviewer, "reset-second-factor")
    assert not Authenticator.objects.filter(user=reviewer).exists()
    event = Event.objects.about(reviewer).get()
    assert (event.name, event.actor_id) == ("user.second_factor_reset", administrator.pk)
    assert mails() == [("second_factor_reset", reviewer.email)]
    assert "This account has no second factor." in act(client, reviewer, "reset-second-factor")


def test_acts_ask_for_a_fresh_proof(administrator: User, reviewer: User) -> None:
    client = factories.logged_in(administrator)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    answer = client.post(f"{PEOPLE}{reviewer.pk}/deactivate/")
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert f"%2F{reviewer.pk}%2Fchange%2F" in answer["Location"]
    assert User.objects.get(pk=reviewer.pk).is_active


def test_passwords_and_secrets_are_on_no_page(client: Client, reviewer: User) -> None:
    secret = Authenticator.objects.get(user=reviewer, type="totp").data["secret"]
    page = client.get(f"{PEOPLE}{reviewer.pk}/change/").content.decode()
    assert reviewer.email in page
    assert reviewer.password not in page
    assert secret not in page


def test_members_become_staff_by_a_role(client: Client, owner: User) -> None:
    act(client, owner, "roles", roles=[REVIEWER])
    owner.refresh_from_db()
    assert owner.is_staff
    assert owner.memberships.get().role == "owner"


def test_roles_are_loaded_by_a_command_that_may_run_again() -> None:
    Group.objects.get(name=REVIEWER).permissions.clear()
    for _ in range(2):
        call_command("load_roles")
    assert sorted(Group.objects.values_list("name", flat=True)) == sorted(ROLES)
    granted = Group.objects.get(name=REVIEWER).permissions
    assert granted.filter(codename="view_organization").exists()
