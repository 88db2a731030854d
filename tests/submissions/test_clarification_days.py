"""Questions grow old: two reminders, then the case lapses, and nobody lapses unreminded."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import timezone as time_zone

import pytest
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from organizations.models import User
from submissions import actions
from submissions.actions.clarification_days import lapse_unanswered, remind_of_questions
from submissions.models import Clarification
from tests.submissions.asking import answered, in_days, under_questions


@contextmanager
def due_in(clarification: Clarification, days: int) -> Iterator[None]:
    """As if the last day were so many days from now."""
    Clarification.objects.filter(pk=clarification.pk).update(due_on=in_days(days))
    yield
    clarification.refresh_from_db()


@contextmanager
def as_if_greenwich_had(hour: int, minute: int) -> Iterator[None]:
    """The portal's clock shows this time of the day, whatever time it is."""
    now = datetime.now(UTC)
    shown = timedelta(hours=hour, minutes=minute)
    at = timedelta(hours=now.hour, minutes=now.minute)
    with timezone.override(time_zone(shown - at)):
        yield


def reminders() -> int:
    return OutgoingMail.objects.filter(message="clarification_reminder").count()


def test_two_reminders_go_out_each_once(owner: User, reviewer: User) -> None:
    clarification = under_questions(owner, reviewer)
    for days, sent in ((6, 0), (5, 1), (4, 1), (2, 1), (1, 2), (0, 2)):
        with due_in(clarification, days):
            remind_of_questions()
            remind_of_questions()
        assert (reminders(), clarification.reminders_sent) == (sent, sent)
    assert OutgoingMail.objects.filter(message="clarification_reminder")[0].recipient == owner.email


def test_it_lapses_when_the_day_is_over_everywhere(owner: User, reviewer: User) -> None:
    clarification = under_questions(owner, reviewer)
    with due_in(clarification, 1):
        remind_of_questions()
    with due_in(clarification, 0):
        assert lapse_unanswered() == 0
    with due_in(clarification, -2):
        assert (lapse_unanswered(), lapse_unanswered()) == (1, 0)
    submission = clarification.submission
    submission.refresh_from_db()
    assert (submission.status, submission.status_by) == ("lapsed", None)
    assert not clarification.is_open
    mail = OutgoingMail.objects.get(message="clarification_lapsed")
    assert (mail.recipient, "Connect form" in mail.text) == (owner.email, True)
    with pytest.raises(ActionRefused, match="The portal was quicker: it is now “Closed”"):
        answered(clarification, owner)


def test_a_day_is_over_when_it_is_noon_of_the_next_in_greenwich(
    owner: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer)
    with due_in(clarification, 1):
        remind_of_questions()
    with as_if_greenwich_had(11, 50), due_in(clarification, -1):
        assert lapse_unanswered() == 0
    with as_if_greenwich_had(12, 10), due_in(clarification, -1):
        assert lapse_unanswered() == 1


def test_nobody_lapses_unreminded_after_the_portal_stood_still(owner: User, reviewer: User) -> None:
    clarification = under_questions(owner, reviewer)
    with due_in(clarification, -10):
        assert lapse_unanswered() == 0
        assert remind_of_questions() == 1
    assert (reminders(), clarification.due_on) == (1, in_days(1))
    assert lapse_unanswered() == 0


def test_answered_questions_are_neither_reminded_of_nor_lapse(owner: User, reviewer: User) -> None:
    clarification = under_questions(owner, reviewer)
    submission = answered(clarification, owner)
    with due_in(clarification, -2):
        assert (remind_of_questions(), lapse_unanswered()) == (0, 0)
    submission.refresh_from_db()
    assert (submission.status, reminders()) == ("eligibility_screening", 0)


def test_a_senior_takes_a_lapsed_case_up_again_and_may_ask_again(
    owner: User, reviewer: User, senior: User
) -> None:
    clarification = under_questions(owner, reviewer)
    with due_in(clarification, 0):
        remind_of_questions()
    with due_in(clarification, -2):
        lapse_unanswered()
    submission = actions.reopen(clarification.submission, by=senior, reason="They wrote to us.")
    again = actions.ask(
        submission, by=reviewer, questions=[actions.Question("And now?")], due_on=in_days(14)
    )
    assert answered(again, owner).status == "eligibility_screening"


def test_reminding_and_lapsing_are_told_in_the_trail(owner: User, reviewer: User) -> None:
    clarification = under_questions(owner, reviewer)
    with due_in(clarification, 0):
        remind_of_questions()
    with due_in(clarification, -2):
        lapse_unanswered()
    [lapsed, reminded] = Event.objects.all().about(clarification.submission)[:2]
    assert (reminded.name, lapsed.name) == (
        "submission.clarification_reminded",
        "submission.lapsed",
    )
    assert lapsed.actor_id is None
    assert timezone.now() - lapsed.at < timedelta(minutes=1)
