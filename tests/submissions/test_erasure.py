"""A person erases their account: nothing of them is left, and what is others' stays."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from alliance.retention import forget_what_is_old
from organizations.models import (
    ConnectMessage,
    Membership,
    Organization,
    ScreenedName,
    User,
)
from submissions import actions
from submissions.actions.my_data import erase_account
from submissions.models import Decision, Note, Revision, Submission
from submissions.personal_data import TABLES
from submissions.retention import KEPT
from tests import factories
from tests.racing import together
from tests.submissions.planting import EMAIL, FIRST, LAST, NAME, WORDS, hit_on, plant
from tests.submissions.whole_database import columns_with, wordy_columns

# A network address is no word, so there is nothing to look for.
NOT_WORDS = {"usersessions_usersession.ip"}


@pytest.fixture
def zubeyde(organization: Organization, reviewer: User, senior: User) -> User:
    """A person whose name or address stands in every column that can hold one."""
    person = factories.member(
        organization, Membership.Role.OWNER, first_name=FIRST, last_name=LAST, email=EMAIL
    )
    plant(person, organization, reviewer=reviewer, senior=senior)
    return person


def personal_columns() -> set[str]:
    """`table.column` of everything that the lists of personal data call personal."""
    return {
        f"{model._meta.db_table}.{model._meta.get_field(name).column}"
        for table in TABLES
        if table.kept and table.model != "alliance.Event"
        for model in [apps.get_model(table.model)]
        for name in wordy_columns(model) - table.plain
    }


def let_a_day_pass() -> None:
    """The farewell has been sent, and is a day old."""
    OutgoingMail.objects.filter(message="account_erased").update(
        status=OutgoingMail.Status.SENT,
        sent_at=timezone.now(),
        created_at=timezone.now() - timedelta(days=1, minutes=1),
    )
    forget_what_is_old(KEPT)


def test_the_person_stands_in_every_personal_column_before(zubeyde: User) -> None:
    assert columns_with(WORDS) == personal_columns() - NOT_WORDS


def test_nothing_is_left_of_somebody_who_was_alone(zubeyde: User) -> None:
    erase_account(zubeyde, by=zubeyde)
    farewell = {f"alliance_outgoingmail.{column}" for column in ("recipient", "text", "html")}
    assert columns_with(WORDS) == farewell
    let_a_day_pass()
    assert columns_with(WORDS) == set()


def test_colleagues_go_on_naming_the_head_of_their_institution(
    zubeyde: User, organization: Organization
) -> None:
    factories.member(organization, Membership.Role.OWNER)
    erase_account(zubeyde, by=zubeyde)
    let_a_day_pass()
    assert columns_with(WORDS) == {
        "organizations_relatedname.name",
        "organizations_screenedname.name",
        "organizations_screenedname.spelling",
    }
    assert {row.kind for row in ScreenedName.objects.filter(name=NAME)} == {"head"}
    organization.refresh_from_db()
    assert organization.closed_at is None
    assert organization.description == "Please ask [former member] or write to <[former member]>."


def test_a_namesake_and_a_longer_address_are_left_alone(
    zubeyde: User, organization: Organization
) -> None:
    """The same name in another institution, and a name of which only one half is the same."""
    namesake = factories.member(
        factories.organization(), Membership.Role.OWNER, first_name=FIRST, last_name=LAST
    )
    theirs = factories.submitted(namesake, lead_name=NAME, lead_email=f"my.{EMAIL}")
    ours = Submission.objects.get(organization=organization)
    Note.objects.create(submission=ours, text=f"{FIRST} Miller will call.")
    erase_account(zubeyde, by=zubeyde)
    namesake.refresh_from_db()
    answers = theirs.revisions.get().answers
    assert (answers["lead_name"], answers["lead_email"]) == (NAME, f"my.{EMAIL}")
    assert namesake.get_full_name() == NAME
    assert Note.objects.filter(text=f"{FIRST} Miller will call.").exists()


def declarations() -> list[Any]:
    """What was declared and when; explanations are words, and may name somebody."""
    return [
        ([replace(answer, explanation="") for answer in row.statements], row.declared_at)
        for row in Revision.objects.order_by("pk")
    ]


def test_the_record_stays_without_the_name(zubeyde: User, organization: Organization) -> None:
    before = declarations()
    assert before[0][0]
    erase_account(zubeyde, by=zubeyde)
    assert declarations() == before
    assert {str(row.declared_by) for row in Revision.objects.all()} == {"a former member"}
    revision = Revision.objects.get(submission__organization=organization)
    assert revision.answers["lead_name"] == revision.answers["lead_email"] == "[former member]"
    assert revision.answers["lead_title"] == ""
    assert revision.answers["name"] == "Department of Climate Change and Meteorological Services"
    assert Decision.objects.get().letter == "Dear [former member],\n\nwe are sorry."


def test_a_reported_concern_stays_without_its_sender(zubeyde: User) -> None:
    erase_account(zubeyde, by=zubeyde)
    concern = ConnectMessage.objects.get()
    assert concern.is_concern
    assert (concern.name, concern.email, concern.organization, concern.job_title) == (
        "",
        "",
        "",
        "",
    )
    assert concern.message == "Please ask [former member] or write to <[former member]>."


@pytest.mark.parametrize("status", ["open", "confirmed"])
def test_what_the_sanctions_check_has_found_stays_with_the_name(zubeyde: User, status: str) -> None:
    registrant = ScreenedName.objects.get(kind="registrant")
    hit = hit_on(registrant, status)
    erase_account(zubeyde, by=zubeyde)
    hit.refresh_from_db()
    assert hit.name == registrant
    assert hit.reason == "Please ask [former member] or write to <[former member]>."
    assert list(ScreenedName.objects.filter(name=NAME)) == [registrant]


def test_revisions_are_frozen_again_afterwards(zubeyde: User) -> None:
    erase_account(zubeyde, by=zubeyde)
    with pytest.raises(Exception, match="Cannot update rows"):
        Revision.objects.update(answers={})


def test_the_last_member_closes_the_organization(
    owner: User, editor: User, organization: Organization
) -> None:
    erase_account(editor, by=editor)
    sent = factories.submitted(owner)
    erase_account(owner, by=owner)
    organization.refresh_from_db()
    sent.refresh_from_db()
    assert organization.closed_at is not None
    assert (sent.status, str(sent.status_by)) == ("withdrawn", "a former member")
    names = set(Event.objects.values_list("name", flat=True))
    assert {"user.erased", "organization.closed", "submission.withdrawn"} <= names


def test_a_draft_that_was_never_sent_goes_with_its_last_member(owner: User) -> None:
    factories.draft(owner)
    erase_account(owner, by=owner)
    assert not Submission.objects.exists()


def test_a_last_member_who_only_reads_can_go_too(
    owner: User, reader: User, organization: Organization
) -> None:
    sent = factories.submitted(owner)
    Membership.objects.filter(user=owner).delete()
    erase_account(reader, by=reader)
    sent.refresh_from_db()
    assert sent.status == "withdrawn"


def test_the_only_owner_hands_over_first(owner: User, editor: User) -> None:
    with pytest.raises(ActionRefused, match="Make one of them an owner first"):
        erase_account(owner, by=owner)
    Membership.objects.filter(user=editor).update(role=Membership.Role.OWNER)
    assert erase_account(owner, by=owner).erased_at is not None


def test_who_works_for_the_secretariat_cannot_go_before_that_ends(reviewer: User) -> None:
    with pytest.raises(ActionRefused, match="You work for the secretariat"):
        erase_account(reviewer, by=reviewer)


def test_who_once_worked_for_the_secretariat_leaves_the_cases_to_others(
    owner: User, reviewer: User
) -> None:
    case = actions.start_review(factories.submitted(owner), by=reviewer)
    assert case.assignee == reviewer
    User.objects.filter(pk=reviewer.pk).update(is_staff=False)
    erase_account(reviewer, by=reviewer)
    case.refresh_from_db()
    assert case.assignee_id is None
    assert not reviewer.groups.exists()


def test_login_fails_and_the_address_is_free_again(owner: User) -> None:
    email = owner.email
    erase_account(owner, by=owner)
    assert authenticate(None, email=email, password=factories.PASSWORD) is None
    owner.refresh_from_db()
    assert (owner.is_active, owner.has_usable_password()) == (False, False)
    assert User.objects.create_user(email, factories.PASSWORD).pk != owner.pk


def test_the_database_refuses_an_erased_person_with_a_name(owner: User) -> None:
    erase_account(owner, by=owner)
    with pytest.raises(Exception, match="user_erased_is_nobody"):
        User.objects.filter(pk=owner.pk).update(first_name=FIRST)


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_go_at_once_the_second_closes_the_house(contents: None) -> None:
    place = factories.organization()
    owners = [factories.member(place, Membership.Role.OWNER) for _ in range(2)]
    sent = factories.submitted(owners[0])

    together(*(partial(erase_account, person, by=person) for person in owners))
    place.refresh_from_db()
    sent.refresh_from_db()
    assert (place.closed_at is not None, sent.status) == (True, "withdrawn")
    assert User.objects.filter(erased_at=None, pk__in=[person.pk for person in owners]).count() == 0
