"""Whoever compares, clears or ends holds the organization's row, and looks again behind it."""

import pytest

from alliance.models import Event, OutgoingMail
from organizations.actions import due_diligence as actions
from organizations.actions import due_diligence_work as work
from organizations.actions import screening as screening_actions
from organizations.actions.due_diligence_work import Answered
from organizations.due_diligence.checks import checks_of
from organizations.models import (
    DueDiligence,
    Hit,
    Organization,
    RelatedName,
    ScreenedName,
    ScreeningRun,
    User,
)
from organizations.screening.runs import screen_organization
from tests import factories
from tests.organizations.lists import person
from tests.organizations.screening import LISTED, take
from tests.racing import meanwhile

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("contents")]


@pytest.fixture
def place() -> Organization:
    take([person()])
    place = factories.organization()
    factories.member(place, "owner")
    return place


def ready(place: Organization, by: User) -> DueDiligence:
    """A cycle of which nothing is missing."""
    cycle = place.due_diligence_cycles.get()
    for arrow in ("start_screening", "start_review"):
        cycle = actions.advance(cycle, by=by, arrow=arrow)
    answers = {check.code: Answered("yes") for check in checks_of(cycle.level)}
    return work.answer_checks(cycle, by=by, answers=answers)


def name_somebody_listed(place: Organization) -> None:
    RelatedName.objects.create(organization=place, kind="board", name=LISTED)


def test_two_who_screen_one_organization_at_once_note_each_name_and_hit_once(
    place: Organization,
) -> None:
    name_somebody_listed(place)
    answer = meanwhile(lambda: screen_organization(place), lambda: screen_organization(place))
    assert answer == "done"
    assert ScreenedName.objects.count() == 4  # the institution, its owner, its head, the board
    assert [run.new for run in ScreeningRun.objects.order_by("id")] == [1, 0]
    assert Hit.objects.count() == 1


def test_clearing_waits_for_a_comparison_and_is_refused_for_its_hit(place: Organization) -> None:
    reviewer = factories.staff("Reviewer")
    cycle = ready(place, reviewer)
    name_somebody_listed(place)
    screen_organization(place)
    Hit.objects.all().delete()

    def clear() -> None:
        actions.advance(cycle, by=reviewer, arrow="clear", reason="All in order.")

    answer = meanwhile(lambda: screen_organization(place), clear)
    assert answer == "1 hit of the screening is open."
    assert DueDiligence.objects.get().status == "under_review"


def test_a_name_that_is_added_at_once_by_two_is_one_row(place: Organization) -> None:
    reviewer = factories.staff("Reviewer")

    def add() -> None:
        screening_actions.add_screened_person(
            place, name="Ada Phiri", role="board", source="secretariat", by=reviewer
        )

    assert meanwhile(add, add) == "done"
    assert ScreenedName.objects.get().added_by == reviewer
    assert Event.objects.filter(name="screening.name_added").count() == 1


def test_of_two_sweeps_at_once_one_ends_a_clearance_and_begins_the_next_cycle(
    place: Organization,
) -> None:
    factories.clear(place)
    DueDiligence.objects.update(valid_until="2020-01-01")
    ended: list[int] = []

    def sweep() -> None:
        ended.append(actions.expire_clearances())

    assert meanwhile(sweep, sweep) == "done"
    assert ended == [1, 0]
    cycles = DueDiligence.objects.order_by("number").values_list("number", "status")
    assert list(cycles) == [(1, "expired"), (2, "screening")]
    assert OutgoingMail.objects.filter(message="organization_finding").count() == 1
    assert Event.objects.filter(name="due_diligence.expired").count() == 1
