"""Who may do what, once more by hand: everybody is asked, so that nobody gains or loses a right."""

import pytest

from organizations import permissions
from organizations.models import (
    ConflictOfInterest,
    ConnectMessage,
    DueDiligence,
    Membership,
    Organization,
    User,
)
from organizations.workflow import CLEARED
from tests import factories
from tests.rights import People, Predicate, may

pytestmark = pytest.mark.django_db

ALONE: list[tuple[Predicate, set[str]]] = [
    (permissions.is_reviewer, {"reviewer", "senior"}),
    (permissions.is_senior_reviewer, {"senior"}),
    (permissions.is_administrator, {"administrator"}),
    (permissions.can_hand_over_for_others, {"senior"}),
    (permissions.can_see_conflicts, {"senior"}),
    (permissions.can_settle_registrations, {"reviewer", "senior", "administrator"}),
    (permissions.can_work_inbox, {"reviewer", "senior", "administrator"}),
    (permissions.can_read_concerns, {"senior", "administrator"}),
]
ABOUT_AN_ORGANIZATION: list[tuple[Predicate, set[str]]] = [
    (permissions.belongs_to, {"owner", "editor", "reader"}),
    (permissions.can_edit_profile, {"owner", "editor"}),
    (permissions.can_manage_members, {"owner"}),
    (permissions.can_rename, {"owner"}),
    (permissions.can_say_listing, {"owner"}),
    (permissions.can_review_organization, {"reviewer", "senior"}),
]


def test_who_may_do_what(people: People, organization: Organization) -> None:
    for predicate, names in ALONE:
        assert may(people, predicate) == names, predicate
    for predicate, names in ABOUT_AN_ORGANIZATION:
        assert may(people, predicate, organization) == names, predicate


@pytest.mark.parametrize("lost", ["is_staff", "is_active"])
def test_who_left_the_secretariat_has_no_role_in_it(senior: User, lost: str) -> None:
    setattr(senior, lost, False)
    assert permissions.roles_of(senior) == frozenset()


def test_nobody_reviews_their_own_organization_or_one_where_they_have_a_conflict(
    people: People, reviewer: User, senior: User, organization: Organization
) -> None:
    Membership.objects.create(
        user=senior, organization=organization, role=Membership.Role.READER, function="Adviser"
    )
    assert may(people, permissions.can_review_organization, organization) == {"reviewer"}
    elsewhere = factories.organization()
    ConflictOfInterest.objects.create(person=reviewer, organization=elsewhere, reason="A cousin.")
    assert may(people, permissions.can_review_organization, elsewhere) == {"senior"}


def test_whose_a_cycle_is_says_who_is_nobodys_or_theirs_and_seniors(
    people: People, reviewer: User, senior: User, organization: Organization
) -> None:
    cycle = DueDiligence(organization=organization)
    assert may(people, permissions.can_assign_cycle, cycle) == {"reviewer", "senior"}
    cycle.assignee = reviewer
    assert may(people, permissions.can_assign_cycle, cycle) == {"reviewer", "senior"}
    cycle.assignee = senior
    assert may(people, permissions.can_assign_cycle, cycle) == {"senior"}
    cycle.status = CLEARED
    assert may(people, permissions.can_assign_cycle, cycle) == set()


def test_a_conflict_is_ended_once_and_by_another_senior(
    people: People, reviewer: User, senior: User, organization: Organization
) -> None:
    conflict = ConflictOfInterest.objects.create(
        person=reviewer, organization=organization, reason="A cousin."
    )
    assert may(people, permissions.can_end_conflict, conflict) == {"senior"}
    conflict.ended_at = conflict.declared_at
    assert may(people, permissions.can_end_conflict, conflict) == set()
    elsewhere = factories.organization()
    own = ConflictOfInterest.objects.create(
        person=senior, organization=elsewhere, reason="A cousin."
    )
    assert may(people, permissions.can_end_conflict, own) == set()


def test_administrators_look_after_every_account_but_their_own(
    people: People, owner: User, administrator: User
) -> None:
    assert may(people, permissions.can_manage_people, owner) == {"administrator"}
    assert may(people, permissions.can_manage_people, administrator) == set()


def test_reports_of_a_concern_are_for_few(people: People) -> None:
    message = ConnectMessage()
    handled = may(people, permissions.can_handle_message, message)
    assert handled == {"reviewer", "senior", "administrator"}
    message.is_concern = True
    concerns = may(people, permissions.can_handle_message, message)
    assert concerns == {"senior", "administrator"}
