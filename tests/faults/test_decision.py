"""Two seniors at once, one approves and one declines: one wins, the other loses nothing typed.

The whole takes minutes: `make faults ONLY=decision`. The suite runs a tenth of it.
"""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connections
from django.test import Client

from alliance.models import Event, OutgoingMail
from organizations.models import User
from submissions.models import Submission
from tests import factories
from tests.faults.promises import Promise
from tests.submissions.test_admin_review import act

pytestmark = pytest.mark.promise("No double decision")

RACES = pytest.mark.parametrize(
    "races",
    [
        pytest.param(20, id="short"),
        pytest.param(200, id="whole", marks=pytest.mark.whole),
    ],
)
OUTCOMES = ("approve", "decline")


def typed(outcome: str) -> dict[str, str]:
    """A decision with words of its own, by which they are found again."""
    return {
        "outcome": outcome,
        "reason_code": "other",
        "explanation": f"I {outcome} this after two hours of reading.",
        "letter": f"Dear colleague,\n\nwe {outcome} what you have sent.",
    }


def at_once(case: Submission, seniors: list[User]) -> list[tuple[int, str]]:
    """Status and page that each browser gets when both forms are sent in one moment."""
    clients = [factories.logged_in(senior) for senior in seniors]
    barrier = threading.Barrier(len(clients))

    def send(client: Client, outcome: str) -> tuple[int, str]:
        try:
            barrier.wait()
            answer = client.post(act("decide", case), typed(outcome))
            return answer.status_code, answer.text
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clients)) as pool:
        acts = [partial(send, *pair) for pair in zip(clients, OUTCOMES, strict=True)]
        return [future.result() for future in [pool.submit(one) for one in acts]]


@pytest.mark.timeout(1800)
@pytest.mark.django_db(transaction=True)
@RACES
def test_of_approve_and_decline_at_once_one_wins_and_nothing_typed_is_lost(
    contents: None, races: int, promise: Promise
) -> None:
    reviewer = factories.staff("Reviewer")
    seniors = [factories.staff("Senior reviewer", first_name=name) for name in ("Kofi", "Inés")]
    wins = dict.fromkeys(OUTCOMES, 0)
    for _race in range(races):
        case = factories.for_decision(
            factories.member(factories.organization(), "owner"), reviewer=reviewer
        )
        answers = at_once(case, seniors)
        assert sorted(status for status, _page in answers) == [302, 409]
        decision = case.decisions.get()
        winner = OUTCOMES.index(decision.outcome)
        assert answers[winner][0] == 302
        assert decision.made_by == seniors[winner]
        wins[decision.outcome] += 1
        loser = typed(OUTCOMES[1 - winner])
        page = re.sub(r"\s+", " ", answers[1 - winner][1])
        assert f"{seniors[winner]} has decided already" in page
        for name in ("explanation", "letter"):
            for line in filter(None, loser[name].splitlines()):
                assert line in page
        assert Event.objects.about(case).filter(name="submission.decided").count() == 1
    promise.counted(races, **{f"{outcome}d": number for outcome, number in wins.items()})
    assert not OutgoingMail.objects.filter(message="decision_published").exists()
