"""Who may do what with a submission in which state, once more by hand: everybody is asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.workflow import Actor
from organizations.models import Organization, User
from submissions import permissions
from submissions.models import Kind, Submission
from tests.rights import People, Predicate, may

pytestmark = pytest.mark.django_db

WRITERS = {"owner", "editor"}
REVIEWERS = {"reviewer", "senior"}
SENIORS = {"senior"}
NOBODY: set[str] = set()
EOI, DEMAND = Kind.EXPRESSION_OF_INTEREST, Kind.DEMAND

# By predicate: the kind, the state, and who may.
IN_STATES: list[tuple[Predicate, Kind, str, set[str]]] = [
    (permissions.can_review, EOI, "submitted", REVIEWERS),
    (permissions.can_decide, EOI, "for_decision", SENIORS),
    (permissions.can_assign, EOI, "draft", NOBODY),
    (permissions.can_assign, EOI, "submitted", REVIEWERS),
    (permissions.can_assign, EOI, "approved", NOBODY),
    (permissions.can_assign, DEMAND, "published", REVIEWERS),
    (permissions.can_change, DEMAND, "submitted", NOBODY),
    (permissions.can_change, DEMAND, "paused", WRITERS),
    (permissions.can_write, EOI, "draft", WRITERS),
    (permissions.can_write, EOI, "submitted", NOBODY),
    (permissions.can_write, DEMAND, "published", WRITERS),
    (permissions.can_copy, EOI, "draft", NOBODY),
    (permissions.can_copy, EOI, "submitted", NOBODY),
    (permissions.can_copy, EOI, "declined", WRITERS),
    (permissions.can_copy, DEMAND, "draft", NOBODY),
    (permissions.can_copy, DEMAND, "submitted", WRITERS),
    (permissions.can_withdraw, EOI, "draft", NOBODY),
    (permissions.can_withdraw, EOI, "submitted", WRITERS),
    (permissions.can_ask, EOI, "submitted", NOBODY),
    (permissions.can_ask, EOI, "due_diligence", REVIEWERS),
    (permissions.can_answer, EOI, "submitted", NOBODY),
    (permissions.can_answer, EOI, "clarification_requested", WRITERS),
]


def test_who_may_do_what_in_which_state(people: People, organization: Organization) -> None:
    for predicate, kind, status, names in IN_STATES:
        submission = Submission(kind=kind, status=status, organization=organization)
        assert may(people, predicate, submission) == names, (predicate, kind, status)
    assert may(people, permissions.can_apply, organization) == WRITERS
    assert may(people, permissions.can_read_statistics) == REVIEWERS | {"administrator"}
    assert may(people, permissions.can_edit_rules) == {"senior", "administrator"}
    assert may(people, permissions.can_edit_letters) == {"senior", "administrator"}


def test_a_case_that_is_somebodys_is_theirs_and_the_seniors_to_give(
    people: People, reviewer: User, senior: User, organization: Organization
) -> None:
    case = Submission(kind=EOI, status="submitted", organization=organization, assignee=reviewer)
    assert may(people, permissions.can_assign, case) == REVIEWERS
    case.assignee = senior
    assert may(people, permissions.can_assign, case) == SENIORS


def test_in_which_capacity_somebody_walks_the_arrows(
    people: People, organization: Organization
) -> None:
    case = Submission(kind=EOI, status="for_decision", organization=organization)
    found = {
        name: permissions.capacities(person, case)
        for name, person in people.items()
        if isinstance(person, User)
    }
    assert {name: actors for name, actors in found.items() if actors} == {
        "owner": {Actor.APPLICANT},
        "editor": {Actor.APPLICANT},
        "reviewer": {Actor.REVIEWER},
        "senior": {Actor.REVIEWER, Actor.SENIOR},
    }


def test_the_steps_of_a_review_are_for_staff_and_decisions_stand_apart(
    owner: User, reviewer: User, senior: User, organization: Organization
) -> None:
    case = Submission(kind=EOI, status="for_decision", organization=organization)
    for person, names in ((owner, []), (reviewer, ["request_clarification"])):
        steps = permissions.review_arrows(person, case)
        assert [arrow.name for arrow in steps] == names
    case.status = "declined"
    assert [arrow.name for arrow in permissions.review_arrows(senior, case)] == ["reopen"]


@pytest.mark.parametrize(
    ("status", "ends_in", "by_secretariat", "names"),
    [
        ("submitted", 90, False, []),
        ("published", 90, False, ["pause", "fulfil", "close"]),
        ("published", 9, False, ["renew", "pause", "fulfil", "close"]),
        ("paused", 9, False, ["resume", "fulfil", "close"]),
        ("paused", 90, True, ["fulfil", "close"]),
        ("expired", -1, False, ["renew"]),
    ],
)
def test_what_members_do_with_what_is_published(
    owner: User,
    reader: User,
    organization: Organization,
    status: str,
    ends_in: int,
    by_secretariat: bool,
    names: list[str],
) -> None:
    submission = Submission(
        kind=DEMAND,
        status=status,
        organization=organization,
        expires_on=timezone.localdate() + timedelta(days=ends_in),
        is_paused_by_secretariat=by_secretariat,
    )
    found = permissions.publication_arrows(owner, submission)
    assert [arrow.name for arrow in found] == names
    assert permissions.publication_arrows(reader, submission) == []
