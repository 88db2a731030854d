"""The table of states, and the database that refuses any other way."""

import itertools
from collections import deque

import pytest
from django.db import DatabaseError, connection, transaction

from alliance.exceptions import ActionRefused
from alliance.workflow import Actor, Turn
from organizations.models import DueDiligence, User
from organizations.workflow import DUE_DILIGENCE
from submissions.models import Submission
from submissions.workflow import EXPRESSION_OF_INTEREST
from tests import factories

PUBLIC_LABELS = {
    "draft": "Draft",
    "submitted": "Received",
    "eligibility_screening": "Under review",
    "due_diligence": "Under review",
    "for_decision": "Under review",
    "clarification_requested": "Action needed",
    "approved": "Approved",
    "approved_with_conditions": "Approved",
    "declined": "Not approved",
    "ineligible": "Not approved",
    "withdrawn": "Withdrawn",
    "lapsed": "Closed",
}

REVIEW = ("eligibility_screening", "due_diligence", "for_decision")
ARROWS = {
    ("draft", "submitted"),
    ("submitted", "eligibility_screening"),
    ("eligibility_screening", "due_diligence"),
    ("due_diligence", "for_decision"),
    ("for_decision", "approved"),
    ("for_decision", "approved_with_conditions"),
    ("for_decision", "declined"),
    ("eligibility_screening", "ineligible"),
    ("clarification_requested", "declined"),
    ("clarification_requested", "lapsed"),
    *((state, "clarification_requested") for state in REVIEW),
    *(("clarification_requested", state) for state in REVIEW),
    *((state, "withdrawn") for state in ("submitted", *REVIEW, "clarification_requested")),
    *(
        (state, "eligibility_screening")
        for state in ("declined", "ineligible", "lapsed", "approved", "approved_with_conditions")
    ),
}

# After an expired cycle screening begins in a new row: cycles are only ever added.
DUE_DILIGENCE_ARROWS = {
    ("not_started", "screening"),
    ("screening", "under_review"),
    ("under_review", "clarification_requested"),
    ("clarification_requested", "under_review"),
    ("under_review", "escalated"),
    ("escalated", "under_review"),
    ("escalated", "not_cleared"),
    ("under_review", "cleared"),
    ("under_review", "cleared_with_conditions"),
    ("under_review", "not_cleared"),
    ("cleared", "suspended"),
    ("cleared_with_conditions", "suspended"),
    ("suspended", "under_review"),
    ("cleared", "expired"),
    ("cleared_with_conditions", "expired"),
}


def test_the_states_have_their_public_labels() -> None:
    states = {state.code: str(state.public_label) for state in EXPRESSION_OF_INTEREST.states}
    assert states == PUBLIC_LABELS


def test_the_arrows_are_those_of_the_workflow() -> None:
    assert set(EXPRESSION_OF_INTEREST.pairs()) == ARROWS
    assert set(DUE_DILIGENCE.pairs()) == DUE_DILIGENCE_ARROWS


def test_only_seniors_decide_and_only_applicants_withdraw() -> None:
    by_name = {arrow.name: arrow.actors for arrow in EXPRESSION_OF_INTEREST.arrows}
    for name in ("approve", "approve_with_conditions", "decline", "find_ineligible", "reopen"):
        assert by_name[name] == {Actor.SENIOR}
    for name in ("submit", "withdraw"):
        assert by_name[name] == {Actor.APPLICANT}


@pytest.mark.parametrize("actor", list(Actor))
def test_every_way_that_no_arrow_gives_is_refused_to_every_actor(actor: Actor) -> None:
    names = {arrow.name for arrow in EXPRESSION_OF_INTEREST.arrows}
    for name, state in itertools.product(names, EXPRESSION_OF_INTEREST.codes()):
        subject = Submission(kind="eoi", status=state)
        arrow = EXPRESSION_OF_INTEREST.find(name, state)
        if arrow is not None and actor in arrow.actors:
            EXPRESSION_OF_INTEREST.move(subject, name, by=None, actors=[actor])
            assert subject.status == arrow.target
        else:
            with pytest.raises(ActionRefused):
                EXPRESSION_OF_INTEREST.move(subject, name, by=None, actors=[actor])
            assert subject.status == state


def refuses(statement: str, *values: str | int) -> bool:
    """Whether the database refuses this statement of raw SQL."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as error:
        return "Invalid transition" in str(error)
    return False


def way_to(target: str) -> list[str]:
    """States from `submitted` to `target`, each one arrow from the last."""
    ways = {"submitted": ["submitted"]}
    queue = deque(["submitted"])
    while queue:
        here = queue.popleft()
        for before, after in sorted(ARROWS):
            if before == here and after not in ways:
                ways[after] = [*ways[here], after]
                queue.append(after)
    return ways[target]


def test_the_database_refuses_every_other_change_of_a_sent_submission(owner: User) -> None:
    submission = factories.submitted(owner)
    change = "UPDATE submissions_submission SET status = %s WHERE id = %s"
    sent = [code for code in EXPRESSION_OF_INTEREST.codes() if code != "draft"]
    for before in sent:
        with transaction.atomic():
            for status in way_to(before)[1:]:
                assert not refuses(change, status, submission.pk)
            for after in sent:
                if after == before:
                    continue
                here = transaction.savepoint()
                refused = refuses(change, after, submission.pk)
                transaction.savepoint_rollback(here)
                assert refused == ((before, after) not in ARROWS), (before, after)
            transaction.set_rollback(True)


def test_a_bulk_update_is_refused_too(owner: User) -> None:
    factories.submitted(owner)
    with pytest.raises(DatabaseError, match="transition"), transaction.atomic():
        Submission.objects.update(status="approved")
    assert Submission.objects.get().status == "submitted"


def test_a_submission_is_born_as_a_draft_only(owner: User) -> None:
    place = owner.memberships.get().organization
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        Submission.objects.create(kind="eoi", organization=place, status="approved")


def test_the_database_refuses_every_other_change_of_due_diligence(owner: User) -> None:
    cycle = DueDiligence.objects.get()
    with pytest.raises(DatabaseError, match="transition"), transaction.atomic():
        DueDiligence.objects.filter(pk=cycle.pk).update(status="cleared", valid_until="2099-01-01")
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        DueDiligence.objects.create(
            organization=cycle.organization, number=2, level="basic", status="screening"
        )


def test_what_was_sent_and_the_trail_cannot_be_rewritten(owner: User) -> None:
    submission = factories.submitted(owner)
    for statement in (
        "UPDATE submissions_revision SET answers = '{}'",
        "UPDATE submissions_declarationanswer SET wording = 'x'",
        "UPDATE alliance_event SET name = 'x'",
        "DELETE FROM alliance_event",
        "UPDATE submissions_submission SET organization_id = organization_id + 1",
    ):
        with (
            pytest.raises(DatabaseError, match="Cannot"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert submission.revisions.get().answers["name"] == submission.title


def test_whose_turn_it_is_follows_the_state() -> None:
    assert EXPRESSION_OF_INTEREST.codes(turn=Turn.APPLICANT) == ["draft", "clarification_requested"]
    assert EXPRESSION_OF_INTEREST.codes(turn=Turn.SECRETARIAT) == ["submitted", *REVIEW]
