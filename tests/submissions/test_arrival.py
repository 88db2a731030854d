"""What follows on sending: done by the worker, once, and whatever happens to its job."""

import pytest
from django.db import IntegrityError

from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from organizations.models import DueDiligence, Organization, ScreenedName, User
from submissions import actions
from submissions.actions.arrival import take_in, take_in_received
from submissions.actions.my_data import erase_account
from submissions.models import Kind, Revision, Submission
from tests import factories
from tests.racing import together

RECEIVED = ["application_received", "demand_offer_received"]


def sent(by: User, kind: str = Kind.EXPRESSION_OF_INTEREST) -> Submission:
    """Sent, and not yet taken in."""
    return factories.send_draft(factories.draft(by, kind), by=by)


def confirmed() -> list[str]:
    return list(
        OutgoingMail.objects.filter(message__in=RECEIVED).values_list("recipient", flat=True)
    )


@pytest.mark.django_db
def test_sending_leaves_a_row_that_says_what_is_still_to_be_done(owner: User) -> None:
    submission = sent(owner)
    submission.refresh_from_db()
    assert (submission.status, submission.is_arriving) == ("submitted", True)
    assert confirmed() == []
    assert not ScreenedName.objects.filter(kind="lead").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(Kind))
def test_taking_in_confirms_to_the_sender_and_tells_due_diligence(owner: User, kind: Kind) -> None:
    submission = sent(owner, kind)
    assert take_in_received() == 1
    submission.refresh_from_db()
    assert not submission.is_arriving
    assert confirmed() == [owner.email]
    told = DueDiligence.objects.get().engagement
    assert told == (["knowledge", "network"] if submission.is_application else [kind])
    assert ScreenedName.objects.filter(kind="lead").exists() == submission.is_application


@pytest.mark.django_db
def test_what_is_taken_in_twice_is_told_once(owner: User) -> None:
    submission = sent(owner)
    first = take_in(submission)
    assert take_in(submission).is_arriving is first.is_arriving is False
    assert take_in_received() == 0
    assert confirmed() == [owner.email]
    assert Event.objects.filter(name="screening.name_added").count() == 1


@pytest.mark.django_db
def test_what_cannot_be_taken_in_holds_up_no_other_and_stays_due(owner: User) -> None:
    broken = sent(owner, Kind.DEMAND)
    Revision.objects.filter(submission=broken).delete()
    sound = sent(owner, Kind.OFFER)
    assert take_in_received() == 1
    assert list(Submission.objects.arriving()) == [broken]
    assert confirmed() == [owner.email]
    sound.refresh_from_db()
    assert not sound.is_arriving


@pytest.mark.django_db
def test_what_the_profile_does_not_say_yet_is_taken_from_the_application(owner: User) -> None:
    Organization.objects.update(website="", description="")
    sent(owner)
    take_in_received()
    place = Organization.objects.get()
    assert place.website == "https://metmalawi.example"
    assert place.description.startswith("We run the national weather service")


@pytest.mark.django_db
def test_an_account_that_is_gone_gets_no_mail(owner: User) -> None:
    sent(owner)
    erase_account(owner, by=owner)
    take_in_received()
    assert confirmed() == []


@pytest.mark.django_db
def test_nothing_is_decided_before_it_is_taken_in(owner: User, senior: User) -> None:
    submission = factories.for_decision(owner, reviewer=factories.staff("Reviewer"))
    Submission.objects.update(is_arriving=True)

    def decide() -> None:
        actions.decide(
            submission,
            by=senior,
            outcome="decline",
            reason=factories.term("decision-reason", "other"),
            explanation="Read twice.",
            letter="Dear colleague,\n\nno.",
        )

    with pytest.raises(ActionRefused, match="only just arrived"):
        decide()
    take_in_received()
    decide()


@pytest.mark.django_db
def test_a_draft_never_arrives(owner: User) -> None:
    factories.draft(owner)
    with pytest.raises(IntegrityError, match="submission_arriving_is_received"):
        Submission.objects.update(is_arriving=True)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_it_in_once(contents: None) -> None:
    owner = factories.member(factories.organization(), "owner")
    submission = sent(owner)
    together(*4 * [lambda: take_in(submission)])
    assert confirmed() == [owner.email]
