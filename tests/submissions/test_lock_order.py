"""Locks are taken in one order, the organization's row first, so that nobody waits in a ring."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import transaction

from organizations.models import DueDiligence, Organization, User
from submissions import actions
from submissions.actions.moves import locked
from submissions.actions.my_data import erase_account
from submissions.actions.publication_sweeps import pause_uncleared
from submissions.models import Decision, PublicEntry, Submission
from submissions.public.writing import take_up_missed
from tests import factories
from tests.racing import told, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def holding(person: User) -> Iterator[None]:
    """Hold the person's row, which erasing asks for once it has locked the organization."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        yield


def while_erasing(person: User, act: Callable[[], object]) -> list[str]:
    """Erase the person, and do the other thing in the middle of it."""
    with ThreadPoolExecutor(2) as pool:
        running: list[Future[str]] = []
        with holding(person):
            running.append(pool.submit(told, lambda: erase_account(person, by=person)))
            wait_until_blocked(1)
            running.append(pool.submit(told, act))
            wait_until_blocked(2)
        return [future.result(timeout=30) for future in running]


def pending(by: User, senior: User) -> Decision:
    return actions.decide(
        factories.for_decision(by, reviewer=factories.staff("Reviewer")),
        by=senior,
        outcome="decline",
        reason=factories.term("decision-reason", "other"),
        explanation="Read twice.",
        letter="Dear colleague,\n\nno.",
    )


def test_erasing_and_publishing_a_decision_do_not_wait_for_each_other(contents: None) -> None:
    owner = factories.member(factories.organization(), "owner")
    senior = factories.staff("Senior reviewer")
    decision = pending(owner, senior)
    answers = while_erasing(owner, lambda: actions.publish_decision(decision, by=senior))
    assert answers[0] == "done"
    assert answers[1] != "done"  # it was withdrawn first
    assert Submission.objects.get().status == "withdrawn"


def test_erasing_and_the_sweep_of_uncleared_do_not_wait_for_each_other(contents: None) -> None:
    owner = factories.member(factories.organization(), "owner")
    factories.demand(owner, "published")
    DueDiligence.objects.update(status="suspended")
    assert while_erasing(owner, pause_uncleared) == ["done", "done"]
    assert Submission.objects.get().status == "withdrawn"


def test_erasing_and_the_sweep_of_missed_entries_do_not_wait_for_each_other(
    contents: None,
) -> None:
    owner = factories.member(factories.organization(), "owner")
    factories.demand(owner, "published")
    PublicEntry.objects.all().delete()
    assert while_erasing(owner, take_up_missed) == ["done", "done"]
    assert not PublicEntry.objects.exists()


def test_erasing_and_sending_do_not_wait_for_each_other(contents: None) -> None:
    place = factories.organization()
    owner = factories.member(place, "owner")
    draft = factories.draft(owner)
    while_erasing(owner, lambda: factories.submit_draft(draft, by=owner))
    assert Organization.objects.get().closed_at is not None


def test_the_organization_is_locked_first_and_what_waited_for_it_is_read_anew(
    contents: None,
) -> None:
    owner = factories.member(factories.organization(), "owner")
    draft = factories.draft(owner)
    seen = []

    def lock() -> None:
        with transaction.atomic():
            seen.append(locked(draft).version)

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            Submission.objects.filter(pk=draft.pk).update(version=70)
            waiting = pool.submit(told, lock)
            wait_until_blocked(1)
            # It waits for the submission with the organization in its hands.
            others = Organization.objects.select_for_update(no_key=True, skip_locked=True)
            assert list(others) == []
        waiting.result(timeout=30)
    assert seen == [70]
