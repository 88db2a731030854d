"""The same institution registered twice is put to the secretariat, and to nobody else."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from alliance.exceptions import ActionRefused
from alliance.models import Event
from organizations.actions import joining as actions
from organizations.actions.registration import Profile, change_profile
from organizations.duplicates import (
    Reason,
    Traits,
    domain_of,
    find_duplicates,
    fold_name,
    fold_number,
    reasons,
)
from organizations.models import JoinRequest, Membership, Organization, PossibleDuplicate, User
from tests import factories
from tests.organizations.registering import code_in_mail, mails, registration

pytestmark = pytest.mark.django_db

NAME = "Office national de l’assainissement du Sénégal"


def registered(name: str, email: str = "", **fields: str) -> Organization:
    row = factories.organization(name=name, **({"website": ""} | fields))
    email = email or f"person{row.pk}@gmail.com"
    factories.member(row, Membership.Role.OWNER, email=email)
    return row


def pairs() -> list[tuple[Organization, Organization, list[str]]]:
    rows = PossibleDuplicate.objects.order_by("id")
    return [(row.newer, row.older, row.reasons) for row in rows]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NAME, "OFFICE NATIONAL DE L'ASSAINISSEMENT DU SENEGAL"),
        (NAME, "Sénégal: Office national de l’Assainissement du"),
        ("Solar Works Ltd.", "Solar Works Limited"),
        ("Agua Viva S.A. de C.V.", "Agua Viva SA"),
        ("Wasserwerk GmbH & Co. KG", "Wasserwerk"),
        ("Ｆｕｌｌｗｉｄｔｈ Institute", "Fullwidth Institute"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    alike = reasons(
        Traits(names=frozenset({fold_name(one)})), Traits(frozenset({fold_name(other)}))
    )
    assert alike == [Reason.NAME]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministry of Health, Malawi", "Ministry of Energy, Malawi"),
        ("University of Dakar", "University of Lagos"),
        ("SA", "Ltd"),
    ],
)
def test_names_of_two(one: str, other: str) -> None:
    assert reasons(Traits(frozenset({fold_name(one)})), Traits(frozenset({fold_name(other)}))) == []


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.Onas.SN/page?x=1", "onas.sn"),
        ("info@onas.sn", "onas.sn"),
        ("somebody@gmail.com", ""),
        ("https://facebook.com/onas", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_domains(address: str, domain: str) -> None:
    assert domain_of(address) == domain


def test_numbers_are_compared_within_a_country() -> None:
    assert fold_number("SN-2001/77 b", "SN") == fold_number("sn 2001 77B", "SN")
    assert fold_number("77", "SN") != fold_number("77", "MW")
    assert fold_number(" - ", "SN") == ""


def test_pair_is_found_once_with_its_reasons() -> None:
    older = registered(NAME, "a@onas.sn", registration_number="77", website="https://onas.sn")
    registered("Something else entirely", "b@other.example")
    newer = registered("Office National de l'Assainissement du Senegal", "c@onas.sn")
    assert find_duplicates() == 1
    assert pairs() == [(newer, older, ["name", "domain"])]
    assert find_duplicates() == 0
    assert Organization.objects.filter(compared_at=None).count() == 0


def test_former_name_counts(owner: User, organization: Organization) -> None:
    organization.related_names.create(kind="former_name", name="Weather Service of Nyasaland")
    newer = registered("Nyasaland, Weather Service of")
    find_duplicates()
    assert pairs() == [(newer, organization, ["name"])]


def test_public_mail_says_nothing() -> None:
    registered("One", "one@gmail.com")
    registered("Another", "another@gmail.com")
    assert find_duplicates() == 0


def test_registration_without_a_confirmed_address_is_not_compared() -> None:
    registered(NAME)
    second = registered(NAME)
    EmailAddress.objects.filter(user__memberships__organization=second).update(verified=False)
    assert find_duplicates() == 0
    EmailAddress.objects.update(verified=True)
    assert find_duplicates() == 1


def test_newcomer_is_told_nothing(client: Client) -> None:
    older = registered(NAME, "first@onas.sn")
    client.post("/register/", registration(institution=NAME, email="second@onas.sn"))
    client.post("/register/confirm/", {"code": code_in_mail()})
    before = mails()
    assert find_duplicates() == 1
    assert mails() == before
    newer = Organization.objects.exclude(pk=older.pk).get()
    for path in ("/organization/", "/dashboard/", "/organization/members/"):
        page = client.get(path).content.decode()
        assert "first@onas.sn" not in page
        assert "duplicate" not in page.lower()
    assert [row.newer for row in PossibleDuplicate.objects.all()] == [newer]


def test_pair_kept_apart_is_asked_about_again_only_for_a_new_reason(
    reviewer: User, owner: User, organization: Organization
) -> None:
    newer = registered(organization.name)
    find_duplicates()
    actions.keep_apart(PossibleDuplicate.objects.get(), by=reviewer)
    Organization.objects.update(compared_at=None)
    assert find_duplicates() == 0
    for row in (newer, organization):
        person = row.memberships.get().user
        change_profile(row, by=person, profile=Profile(registration_number="MW 12"))
    assert find_duplicates() == 1
    pair = PossibleDuplicate.objects.get()
    assert (pair.status, pair.reasons) == ("open", ["name", "registration_number"])


def test_pair_becomes_a_request_that_the_owners_answer(
    reviewer: User, owner: User, organization: Organization
) -> None:
    newer = registered(organization.name, "chikondi@example.org")
    newcomer = newer.memberships.get().user
    find_duplicates()
    actions.turn_into_request(PossibleDuplicate.objects.get(), by=reviewer)
    assert mails() == [("join_asked", owner.email), ("join_passed_on", newcomer.email)]
    actions.accept_request(JoinRequest.objects.get(), by=owner, role="editor")
    assert newcomer.memberships.get().organization == organization
    newer.refresh_from_db()
    assert newer.closed_at is not None


def test_second_registration_with_other_members_stays_open(
    reviewer: User, owner: User, organization: Organization
) -> None:
    newer = registered(organization.name)
    factories.member(newer, Membership.Role.OWNER)
    find_duplicates()
    actions.turn_into_request(PossibleDuplicate.objects.get(), by=reviewer)
    actions.accept_request(JoinRequest.objects.get(), by=owner, role="editor")
    newer.refresh_from_db()
    assert (newer.closed_at, newer.memberships.count()) == (None, 1)


def test_second_registration_never_stays_without_an_owner(
    reviewer: User, owner: User, organization: Organization
) -> None:
    newer = registered(organization.name)
    leaving = newer.memberships.get().user
    factories.member(newer, Membership.Role.READER)
    factories.member(newer, Membership.Role.EDITOR, is_active=False)
    heir = factories.member(newer, Membership.Role.EDITOR)
    factories.member(newer, Membership.Role.EDITOR)
    find_duplicates()
    actions.turn_into_request(PossibleDuplicate.objects.get(), by=reviewer)
    actions.accept_request(JoinRequest.objects.get(), by=owner, role="editor")
    assert newer.memberships.get(role="owner").user == heir
    assert ("member_role_changed", heir.email) in mails()
    event = Event.objects.get(name="member.role_changed")
    assert (event.actor_id, event.data["person"]) == (leaving.pk, heir.pk)


def test_second_registration_of_closed_accounts_alone_is_left_to_staff(
    reviewer: User, owner: User, organization: Organization
) -> None:
    newer = registered(organization.name)
    factories.member(newer, Membership.Role.EDITOR, is_active=False)
    find_duplicates()
    actions.turn_into_request(PossibleDuplicate.objects.get(), by=reviewer)
    actions.accept_request(JoinRequest.objects.get(), by=owner, role="editor")
    assert newer.memberships.get().role == "editor"
    request = JoinRequest.objects.create(
        user=factories.user(), typed_name="x", organization=newer, function="Head"
    )
    assert actions.may_answer(request, reviewer)


def test_members_and_those_involved_do_not_settle_it(
    reviewer: User, owner: User, organization: Organization
) -> None:
    registered(organization.name)
    find_duplicates()
    pair = PossibleDuplicate.objects.get()
    Membership.objects.create(
        user=reviewer, organization=organization, role="reader", function="Adviser"
    )
    for person in (owner, reviewer):
        with pytest.raises(ActionRefused, match="Reviewers and administrators settle this"):
            actions.keep_apart(pair, by=person)
    assert PossibleDuplicate.objects.get().status == "open"


def test_work_grows_with_new_registrations_not_with_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(5):
        registered(f"Institute of the number {'abcde'[number] * 6}")
    find_duplicates()
    registered("A newcomer of no known name")
    with django_assert_num_queries(8):
        assert find_duplicates() == 0
