"""The table of states, and the database that refuses any other way."""

import itertools
from collections import deque

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.workflow import Actor, Turn, Workflow
from organizations.models import DueDiligence, Membership, User
from organizations.workflow import DUE_DILIGENCE, HIT
from submissions.models import Kind, Revision, Submission
from submissions.workflow import DEMAND_OR_OFFER, EXPRESSION_OF_INTEREST
from tests import factories

Pairs = set[tuple[str, str]]

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

DEMAND_OR_OFFER_LABELS = {
    "draft": "Draft",
    "submitted": "Received",
    "clarification_requested": "Action needed",
    "published": "Published",
    "paused": "Paused",
    "fulfilled": "Fulfilled",
    "closed": "Closed",
    "expired": "Expired",
    "declined": "Not published",
    "lapsed": "Lapsed",
    "withdrawn": "Withdrawn",
}

DEMAND_OR_OFFER_ARROWS = {
    ("draft", "submitted"),
    ("submitted", "clarification_requested"),
    ("clarification_requested", "submitted"),
    ("submitted", "published"),
    ("submitted", "declined"),
    ("clarification_requested", "declined"),
    ("clarification_requested", "lapsed"),
    *(
        (state, "withdrawn")
        for state in ("submitted", "clarification_requested", "published", "paused")
    ),
    ("published", "paused"),
    ("paused", "published"),
    *itertools.product(("published", "paused"), ("fulfilled", "closed", "expired")),
    ("published", "published"),
    ("expired", "published"),
    ("declined", "submitted"),
    ("lapsed", "submitted"),
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


@pytest.mark.parametrize(
    ("workflow", "labels"),
    [(EXPRESSION_OF_INTEREST, PUBLIC_LABELS), (DEMAND_OR_OFFER, DEMAND_OR_OFFER_LABELS)],
)
def test_the_states_have_their_public_labels(workflow: Workflow, labels: dict[str, str]) -> None:
    assert {state.code: str(state.public_label) for state in workflow.states} == labels


def test_the_arrows_are_those_of_the_workflow() -> None:
    assert set(EXPRESSION_OF_INTEREST.pairs()) == ARROWS
    assert set(DEMAND_OR_OFFER.pairs()) == DEMAND_OR_OFFER_ARROWS
    assert set(DUE_DILIGENCE.pairs()) == DUE_DILIGENCE_ARROWS


APPLICANT, SENIOR, PORTAL = {Actor.APPLICANT}, {Actor.SENIOR}, {Actor.SYSTEM}
STAFF = {Actor.REVIEWER, Actor.SENIOR}


def check_actors(workflow: Workflow, actors: dict[str, set[Actor]]) -> None:
    assert {arrow.name: set(arrow.actors) for arrow in workflow.arrows} == actors


def test_who_may_do_what_with_an_expression_of_interest() -> None:
    """The tables once more, by hand: nobody gains or loses an arrow by a slip."""
    check_actors(
        EXPRESSION_OF_INTEREST,
        {
            "submit": APPLICANT,
            "start_review": STAFF,
            "confirm_eligibility": STAFF,
            "put_for_decision": STAFF,
            "approve": SENIOR,
            "approve_with_conditions": SENIOR,
            "decline": SENIOR,
            "find_ineligible": SENIOR,
            "request_clarification": STAFF,
            "answer_clarification_in_eligibility_screening": APPLICANT,
            "answer_clarification_in_due_diligence": APPLICANT,
            "answer_clarification_in_for_decision": APPLICANT,
            "lapse": PORTAL,
            "withdraw": APPLICANT,
            "reopen": SENIOR,
        },
    )


def test_who_may_do_what_with_a_demand_or_offer() -> None:
    check_actors(
        DEMAND_OR_OFFER,
        {
            "submit": APPLICANT,
            "request_clarification": STAFF,
            "answer_clarification_in_submitted": APPLICANT,
            "publish": SENIOR,
            "decline": SENIOR,
            "lapse": PORTAL,
            "withdraw": APPLICANT,
            "pause": APPLICANT | SENIOR | PORTAL,
            "resume": APPLICANT | SENIOR | PORTAL,
            "fulfil": APPLICANT,
            "close": APPLICANT | SENIOR,
            "expire": PORTAL,
            "renew": APPLICANT,
            "reopen": SENIOR,
        },
    )


def test_who_may_do_what_in_due_diligence_and_with_a_hit() -> None:
    check_actors(
        DUE_DILIGENCE,
        {
            "start_screening": STAFF | PORTAL,
            "start_review": STAFF,
            "request_clarification": STAFF,
            "answer_clarification": APPLICANT,
            "take_back_question": STAFF,
            "escalate": STAFF,
            "return_to_review": SENIOR,
            "clear": STAFF,
            "clear_with_conditions": STAFF,
            "refuse": SENIOR,
            "suspend": SENIOR | PORTAL,
            "expire": PORTAL,
        },
    )
    check_actors(HIT, {"dismiss": STAFF, "confirm": SENIOR, "reopen": SENIOR})


@pytest.mark.parametrize("actor", list(Actor))
@pytest.mark.parametrize(
    ("kind", "workflow"),
    [
        (Kind.EXPRESSION_OF_INTEREST, EXPRESSION_OF_INTEREST),
        (Kind.DEMAND, DEMAND_OR_OFFER),
        (Kind.OFFER, DEMAND_OR_OFFER),
    ],
)
def test_every_way_that_no_arrow_gives_is_refused_to_every_actor(
    kind: Kind, workflow: Workflow, actor: Actor
) -> None:
    names = {arrow.name for arrow in EXPRESSION_OF_INTEREST.arrows + DEMAND_OR_OFFER.arrows}
    for name, state in itertools.product(names, workflow.codes()):
        subject = Submission(kind=kind, status=state)
        assert subject.workflow is workflow
        arrow = workflow.find(name, state)
        if arrow is not None and actor in arrow.actors:
            workflow.move(subject, name, by=None, actors=[actor])
            assert subject.status == arrow.target
        else:
            with pytest.raises(ActionRefused):
                workflow.move(subject, name, by=None, actors=[actor])
            assert subject.status == state


CHANGE = "UPDATE submissions_submission SET status = %s WHERE id = %s"


def refuses(statement: str, *values: str | int) -> bool:
    """Whether the database refuses this statement of raw SQL."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as error:
        return "Invalid transition" in str(error)
    return False


def way_to(target: str, arrows: Pairs) -> list[str]:
    """States from `submitted` to `target`, each one arrow from the last."""
    ways = {"submitted": ["submitted"]}
    queue = deque(["submitted"])
    while queue:
        here = queue.popleft()
        for before, after in sorted(arrows):
            if before == here and after not in ways:
                ways[after] = [*ways[here], after]
                queue.append(after)
    return ways[target]


def check_every_pair(submission: Submission, arrows: Pairs) -> None:
    """Try each change of status by raw SQL: what no arrow gives is refused, the rest goes through.

    A row that keeps its status is no change: it always goes through.
    """
    for before in [code for code in submission.workflow.codes() if code != "draft"]:
        with transaction.atomic():
            for status in way_to(before, arrows)[1:]:
                assert not refuses(CHANGE, status, submission.pk)
            for after in {code for pair in (*ARROWS, *DEMAND_OR_OFFER_ARROWS) for code in pair}:
                if after in (before, "draft"):
                    continue
                here = transaction.savepoint()
                refused = refuses(CHANGE, after, submission.pk)
                transaction.savepoint_rollback(here)
                assert refused == ((before, after) not in arrows), (before, after)
            transaction.set_rollback(True)


def test_the_database_refuses_every_other_change_of_a_sent_submission(owner: User) -> None:
    check_every_pair(factories.submitted(owner), ARROWS)


def received(kind: Kind, owner: User) -> Submission:
    """A row with all that its states ask for, made without any action: the database alone acts."""
    submission = Submission.objects.create(
        kind=kind, organization=Membership.objects.get(user=owner).organization
    )
    shown = Revision.objects.create(submission=submission, number=1, answers={}, language="en")
    submission.status = "submitted"
    submission.submitted_at = submission.published_at = timezone.now()
    submission.reference = submission.make_reference()
    submission.shown_revision = shown
    submission.expires_on = timezone.localdate()
    submission.save()
    return submission


@pytest.mark.parametrize("kind", [Kind.DEMAND, Kind.OFFER])
def test_the_database_refuses_every_other_change_of_a_demand_or_offer(
    kind: Kind, owner: User
) -> None:
    check_every_pair(received(kind, owner), DEMAND_OR_OFFER_ARROWS)


def test_a_sent_submission_never_becomes_a_draft_again(owner: User) -> None:
    for submission in (factories.submitted(owner), received(Kind.DEMAND, owner)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Submission.objects.filter(pk=submission.pk).update(
                status="draft", reference=None, submitted_at=None
            )


def test_a_bulk_update_is_refused_too(owner: User) -> None:
    factories.submitted(owner)
    with pytest.raises(DatabaseError, match="transition"), transaction.atomic():
        Submission.objects.update(status="approved")
    assert Submission.objects.get().status == "submitted"


def test_a_bulk_update_over_both_tables_changes_nothing_where_one_row_refuses(owner: User) -> None:
    """Withdrawing is an arrow from `submitted` in both, pausing in neither."""
    rows = [factories.submitted(owner), received(Kind.DEMAND, owner), received(Kind.OFFER, owner)]
    for status in ("paused", "expired", "due_diligence"):
        with pytest.raises(DatabaseError, match="transition"), transaction.atomic():
            Submission.objects.order_by("-id").update(status=status)
    assert {row.status for row in Submission.objects.all()} == {"submitted"}
    assert Submission.objects.update(status="withdrawn") == len(rows)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("status", ["approved", "published", "submitted"])
def test_a_submission_is_born_as_a_draft_only(owner: User, kind: Kind, status: str) -> None:
    place = owner.memberships.get().organization
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        Submission.objects.create(kind=kind, organization=place, status=status)


@pytest.mark.parametrize("column", ["shown_revision", "published_at", "expires_on"])
def test_nothing_is_published_without_what_it_shows_and_until_when(
    owner: User, column: str
) -> None:
    submission = received(Kind.DEMAND, owner)
    Submission.objects.filter(pk=submission.pk).update(**{column: None})
    with pytest.raises(IntegrityError, match="shows_a_revision"), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(status="published")


def test_only_what_is_paused_can_be_paused_by_the_portal(owner: User) -> None:
    received(Kind.DEMAND, owner)
    with pytest.raises(IntegrityError, match="paused_by_portal"), transaction.atomic():
        Submission.objects.update(is_paused_by_portal=True)


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
        "UPDATE submissions_revision SET declaration = '[]', declared_at = NULL",
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
    assert DEMAND_OR_OFFER.codes(turn=Turn.APPLICANT) == ["draft", "clarification_requested"]
    assert DEMAND_OR_OFFER.codes(turn=Turn.SECRETARIAT) == ["submitted"]
