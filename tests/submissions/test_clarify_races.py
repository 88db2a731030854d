"""Two people at once over the same questions: one wins, the other is told who did what."""

import pytest

from alliance.models import OutgoingMail
from organizations.models import User
from submissions import actions
from submissions.answers import Answers
from submissions.models import Clarification, Submission
from tests import factories
from tests.racing import at_once
from tests.submissions.asking import under_questions

pytestmark = pytest.mark.django_db(transaction=True)

# Each race is run some times: who is quicker, the machine decides.
ROUNDS = 3


def ready(owner: User, reviewer: User) -> Clarification:
    """A round whose question is answered, and nothing sent back yet."""
    clarification = under_questions(owner, reviewer)
    clarification.items.update(answer="71 of them.")
    return clarification


def send_back(clarification: Clarification, by: User) -> None:
    submission = Submission.objects.get(pk=clarification.submission_id)
    person = User.objects.get(pk=by.pk)
    actions.send_back(
        submission, by=person, version=clarification.submission.version, answers=Answers({})
    )


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_members_who_send_back_at_once_one_does(contents: None, number: int) -> None:
    place = factories.organization()
    people = [factories.member(place, "owner", first_name=name) for name in ("Grace", "Tiwonge")]
    clarification = ready(people[0], factories.staff("Reviewer"))
    told = at_once(*(lambda person=person: send_back(clarification, person) for person in people))

    winner, loser = (people[told.index("done")], next(word for word in told if word != "done"))
    assert loser == f"{winner} was quicker: it is now “Under review”."
    assert Submission.objects.get().revisions.count() == 2
    assert OutgoingMail.objects.filter(message="clarification_answered").count() == 1
    assert Clarification.objects.get().answered_by == winner


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_a_decline_and_answers_at_once_one_counts(contents: None, number: int) -> None:
    owner = factories.member(factories.organization(), "owner", first_name="Grace")
    senior = factories.staff("Senior reviewer", first_name="Amina")
    clarification = ready(owner, factories.staff("Reviewer"))
    submission = Submission.objects.get()
    decision = actions.decide(
        submission,
        by=senior,
        outcome="decline",
        reason=factories.term("decision-reason", "not-relevant"),
        explanation="No link.",
        letter="We are sorry.",
    )

    def decline() -> None:
        fresh = submission.decisions.get(pk=decision.pk)
        actions.publish_decision(fresh, by=User.objects.get(pk=senior.pk))

    told = at_once(decline, lambda: send_back(clarification, owner))
    submission.refresh_from_db()
    clarification.refresh_from_db()
    assert told.count("done") == 1
    if told[0] == "done":
        assert (submission.status, clarification.answered_at) == ("declined", None)
        assert told[1] == "The secretariat was quicker: it is now “Not approved”."
    else:
        assert (submission.status, clarification.ended_at) == ("eligibility_screening", None)
        assert str(owner) in told[0]
    assert not clarification.is_open


def test_who_sends_back_while_a_colleague_saves_never_sends_unseen_words(contents: None) -> None:
    place = factories.organization()
    grace, tiwonge = (factories.member(place, "owner", first_name=name) for name in "GT")
    clarification = ready(grace, factories.staff("Reviewer"))
    seen = Submission.objects.get()
    item = clarification.items.get()
    actions.save_answers(
        seen, by=tiwonge, version=seen.version, answers={item.pk: "69 of them."}, typed={}
    )
    with pytest.raises(actions.NewerVersionSaved) as refused:
        actions.send_back(seen, by=grace, version=seen.version, answers=Answers({}))
    assert refused.value.current.saved_by == tiwonge
    assert Submission.objects.get().revisions.count() == 1
    assert not OutgoingMail.objects.filter(message="clarification_answered").exists()
