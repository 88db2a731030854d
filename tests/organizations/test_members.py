"""Members of an organization: roles, removing, leaving, handing over."""

import threading

import pytest
from django.db import connections
from django.test import Client
from django.utils.http import urlencode
from pytest_django import DjangoAssertNumQueries

from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from organizations.actions import members as actions
from organizations.models import Membership, Organization, User
from organizations.permissions import can_manage_members
from tests import factories
from tests.organizations.registering import mails

pytestmark = pytest.mark.django_db

MEMBERS = "/organization/members/"
OWNER, EDITOR, READER = Membership.Role.OWNER, Membership.Role.EDITOR, Membership.Role.READER


def membership_of(person: User) -> Membership:
    return Membership.objects.select_related("organization", "user").get(user=person)


def role_of(person: User) -> str:
    return Membership.objects.get(user=person).role


def path(person: User, act: str) -> str:
    return f"{MEMBERS}{membership_of(person).pk}/{act}/"


def events(organization: Organization) -> list[str]:
    return list(Event.objects.about(organization).values_list("name", flat=True))


def test_owner_changes_a_role_and_the_person_is_told(
    owner_client: Client, owner: User, editor: User, organization: Organization
) -> None:
    page = owner_client.post(path(editor, "role"), {"role": READER}, follow=True)
    assert "The role is changed." in page.content.decode()
    assert role_of(editor) == READER
    assert mails() == [("member_role_changed", editor.email)]
    assert "It is now: reader." in OutgoingMail.objects.get().text
    event = Event.objects.about(organization).get()
    assert (event.name, event.actor_id) == ("member.role_changed", owner.pk)
    assert event.data == {"person": editor.pk, "before": "editor", "after": "reader"}


@pytest.mark.parametrize("role", ["", "administrator", "owner\0"])
def test_unknown_roles_are_refused(owner_client: Client, editor: User, role: str) -> None:
    page = owner_client.post(path(editor, "role"), {"role": role}, follow=True)
    assert "Choose one of the three roles." in page.content.decode()
    assert role_of(editor) == EDITOR


def test_only_owners_change_who_belongs(
    owner: User, editor: User, reader: User, stranger: User
) -> None:
    for person in (editor, reader):
        client = factories.logged_in(person)
        assert client.post(path(owner, "role"), {"role": READER}).status_code == 403
        assert client.post(path(reader, "remove")).status_code == 403
        page = client.get(MEMBERS).content.decode()
        assert "<select" not in page
        assert "Invite a colleague" not in page
        assert "Leave the organization" in page
    outside = factories.logged_in(stranger)
    assert outside.post(path(reader, "role"), {"role": OWNER}).status_code == 404
    assert outside.post(path(reader, "remove")).status_code == 404
    assert outside.post(path(reader, "hand-over")).status_code == 404
    assert role_of(reader) == READER


def test_last_owner_keeps_the_role(owner_client: Client, owner: User) -> None:
    page = owner_client.post(path(owner, "role"), {"role": READER}, follow=True)
    assert "This is the only owner." in page.content.decode()
    assert role_of(owner) == OWNER


def test_an_owner_whose_account_is_closed_does_not_count(
    owner_client: Client, owner: User, editor: User
) -> None:
    Membership.objects.filter(user=editor).update(role=OWNER)
    User.objects.filter(pk=editor.pk).update(is_active=False)
    owner_client.post("/organization/leave/")
    assert role_of(owner) == OWNER


def test_owner_removes_a_member_who_is_told(
    owner_client: Client, editor: User, organization: Organization
) -> None:
    assert "Remove Chikondi" in owner_client.get(path(editor, "remove")).content.decode()
    assert role_of(editor) == EDITOR
    assert owner_client.post(path(editor, "remove"))["Location"] == MEMBERS
    assert not Membership.objects.filter(user=editor).exists()
    assert mails() == [("member_removed", editor.email)]
    assert events(organization) == ["member.removed"]
    page = factories.logged_in(editor).get("/organization/").content.decode()
    assert "You do not belong to an organization" in page
    assert organization.name not in page


def test_owner_does_not_remove_themselves(owner_client: Client, owner: User) -> None:
    page = owner_client.post(path(owner, "remove"), follow=True)
    assert "To go yourself, choose to leave the organization." in page.content.decode()
    assert role_of(owner) == OWNER


def test_member_leaves_and_the_owners_are_told(
    owner: User, editor: User, organization: Organization
) -> None:
    client = factories.logged_in(editor)
    assert (
        "Leave Department of Climate Change" in client.get("/organization/leave/").content.decode()
    )
    assert client.post("/organization/leave/")["Location"] == "/organization/"
    assert not Membership.objects.filter(user=editor).exists()
    assert mails() == [("member_left", owner.email)]
    assert events(organization) == ["member.left"]


def test_last_owner_leaves_only_after_handing_over(
    owner_client: Client, owner: User, editor: User, organization: Organization
) -> None:
    page = owner_client.post("/organization/leave/", follow=True)
    assert "Hand the organization over to a colleague first" in page.content.decode()
    assert "Hand over to Chikondi" in owner_client.get(path(editor, "hand-over")).content.decode()
    owner_client.post(path(editor, "hand-over"))
    assert (role_of(owner), role_of(editor)) == (EDITOR, OWNER)
    assert mails() == [("member_role_changed", editor.email)]
    assert owner_client.post("/organization/leave/")["Location"] == "/organization/"
    assert [row.user for row in organization.memberships.all()] == [editor]
    assert events(organization) == ["member.left", "organization.handed_over"]


def test_handing_over_asks_who_it_is(owner: User, editor: User) -> None:
    client = Client()
    client.force_login(owner)
    address = path(editor, "hand-over")
    for response in (client.get(address), client.post(address)):
        assert response["Location"] == f"/account/reauthenticate/?{urlencode({'next': address})}"
    assert role_of(owner) == OWNER


def test_handing_over_to_oneself_is_refused(owner_client: Client, owner: User) -> None:
    page = owner_client.post(path(owner, "hand-over"), follow=True)
    assert "You own the organization already." in page.content.decode()
    assert role_of(owner) == OWNER


def test_somebody_who_no_longer_owns_is_refused_though_the_page_still_shows_it(
    owner: User, editor: User, reader: User
) -> None:
    Membership.objects.filter(user=editor).update(role=OWNER)
    stale = membership_of(reader)
    owner_before = User.objects.get(pk=owner.pk)
    assert can_manage_members(owner_before, stale.organization)
    actions.change_role(membership_of(owner), by=editor, role=READER)
    with pytest.raises(ActionRefused, match="Only an owner"):
        actions.change_role(stale, by=owner_before, role=OWNER)


@pytest.mark.usefixtures("contents")
@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_leave_at_once_one_stays(organization: Organization) -> None:
    owners = [factories.member(organization, OWNER) for _ in range(2)]
    together = threading.Barrier(2)

    def leave(person: User) -> None:
        client = factories.logged_in(person)
        together.wait()
        client.post("/organization/leave/")
        connections.close_all()

    threads = [threading.Thread(target=leave, args=[person]) for person in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Membership.objects.filter(organization=organization, role=OWNER).count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_members_costs_the_same_for_few_and_many(
    owner_client: Client,
    owner: User,
    organization: Organization,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    for count in range(number):
        factories.member(organization, READER)
        actions.invite(organization, by=owner, email=f"new{count}@example.org", role=READER)
        person = factories.user()
        person.join_requests.create(
            typed_name="Ours", organization=organization, function="Officer"
        )
    owner_client.get("/health/live")  # the session's sign of life is written once a minute
    with django_assert_num_queries(7):
        page = owner_client.get(MEMBERS)
    assert page.content.decode().count("Send again") == number


def test_only_owner_is_told_how_to_leave_instead_of_being_refused(
    owner_client: Client, owner: User, organization: Organization
) -> None:
    page = owner_client.get("/organization/members/").content.decode()
    assert "You are the only member. To leave, invite a colleague first" in page
    assert 'href="/organization/leave/"' not in page
    assert owner_client.get("/organization/leave/")["Location"] == "/organization/members/#leaving"
    factories.member(organization, Membership.Role.EDITOR)
    page = owner_client.get("/organization/members/").content.decode()
    assert "You are the only owner. To leave, hand the organization over" in page
    factories.member(organization, Membership.Role.OWNER)
    page = owner_client.get("/organization/members/").content.decode()
    assert 'href="/organization/leave/"' in page
    assert owner_client.get("/organization/leave/").status_code == 200


def test_full_stop_of_a_name_is_not_doubled_in_mails(
    organization: Organization, owner: User
) -> None:
    organization.name = "Green Fund Inc."
    organization.save()
    leaving = factories.member(organization, Membership.Role.EDITOR)
    actions.leave(leaving.memberships.get(), by=leaving)
    mail = OutgoingMail.objects.get(message="member_left")
    for text in (mail.text, mail.html):
        assert "no longer belongs to Green Fund Inc. What they wrote" in text
