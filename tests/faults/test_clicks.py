"""Any number of clicks, one submission: the same form comes twenty times at once.

The whole takes minutes: `make faults ONLY=clicks`. The suite runs a tenth of it.
"""

import json
import re
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.members import Data, Member, document, form_data, hidden, make_members
from tests.faults.promises import Promise
from tests.portal import Portal

pytestmark = [
    pytest.mark.promise("Any number of clicks, one submission"),
]

AT_ONCE = 20
ROUNDS = pytest.mark.parametrize(
    "rounds",
    [
        pytest.param(5, id="short"),
        pytest.param(50, id="whole", marks=pytest.mark.whole),
    ],
)
KINDS = ("demand", "offer")

# Of each Demand and Offer of somebody: what there is of it, and what was told of it.
_COUNTED = """
import json
from alliance.models import Event, OutgoingMail
from submissions.models import Submission
counted = []
for row in Submission.objects.filter(organization__memberships__user__email={email!r}):
    documents = row.attachments.all()
    counted.append({{
        "uuid": str(row.uuid),
        "status": row.status,
        "revisions": row.revisions.count(),
        "documents": sum(document.file.storage.exists(document.file.name) for document in documents),
        "events": Event.objects.about(row).filter(name={event!r}).count(),
        "mails": OutgoingMail.objects.filter(
            message={message!r}, text__contains=row.reference or str(row.uuid)
        ).count(),
    }})
print(json.dumps(counted))
"""

_ASK = """
import json
from organizations.models import User
from tests import factories
from tests.submissions.asking import asked
owner = User.objects.get(email={email!r})
reviewer = factories.staff("Reviewer", email="reviewer-" + owner.email)
found = []
for number in range({rounds}):
    submission = factories.submitted(owner, ("demand", "offer")[number % 2])
    found.append(str(asked(submission, reviewer, "description").submission.uuid))
print(json.dumps(found))
"""


@pytest.fixture
def member(portal: Portal) -> Member:
    return make_members(portal, f"clicker-{secrets.token_hex(3)}", 1)[0]


def at_once(member: Member, path: str, data: Data, content: bytes = b"") -> set[tuple[int, str]]:
    """What comes back, status and address, when the form is sent so often in one moment."""
    barrier = threading.Barrier(AT_ONCE)

    def send(_: int) -> tuple[int, str]:
        barrier.wait()
        answer = member.post(path, data, content)
        return answer.status, answer.location

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return set(pool.map(send, range(AT_ONCE)))


def counted(
    portal: Portal, member: Member, *, event: str, message: str
) -> dict[str, dict[str, int | str]]:
    """By the uuid of what this member's organization has."""
    program = _COUNTED.format(email=member.email, event=event, message=message)
    return {row.pop("uuid"): row for row in json.loads(portal.run(program))}


def uuid_in(path: str) -> str:
    found = re.search(r"/submissions/([0-9a-f-]{36})/", path)
    assert found, path
    return found[1]


@pytest.mark.timeout(1800)
@ROUNDS
def test_submitted_twenty_times_at_once_it_is_one_submission_and_one_mail(
    portal: Portal, member: Member, rounds: int, promise: Promise
) -> None:
    sent = []
    for number in range(rounds):
        kind = KINDS[number % 2]
        start = member.start(kind)
        check = member.post(start, form_data(kind, member.get(start).page), document()).location
        page = member.get(check).page
        data: Data = {name: hidden(page, name) for name in ("version", "documents")}
        answers = at_once(member, check, data)
        sent.append(uuid_in(check))
        assert answers == {(302, f"/submissions/{sent[-1]}/received/")}
    once = {"status": "submitted", "revisions": 1, "documents": 1, "events": 1, "mails": 1}
    expected = dict.fromkeys(sent, once)
    # The letter is the worker's.
    deadline = time.monotonic() + 60
    counts = {"event": "submission.submitted", "message": "demand_offer_received"}
    while (found := counted(portal, member, **counts)) != expected and time.monotonic() < deadline:
        time.sleep(0.5)
    assert found == expected
    promise.counted(rounds, clicks=rounds * AT_ONCE, submissions=len(found))


@pytest.mark.timeout(1800)
@ROUNDS
def test_saved_twenty_times_at_once_a_new_page_makes_one_draft_with_one_document(
    portal: Portal, member: Member, rounds: int, promise: Promise
) -> None:
    drafts = []
    for number in range(rounds):
        kind = KINDS[number % 2]
        start = member.start(kind)
        data, content = form_data(kind, member.get(start).page) | {"save": "1"}, document()
        answers = at_once(member, start, data, content)
        assert len(answers) == 1, answers
        status, edit = answers.pop()
        assert status == 302
        drafts.append(uuid_in(edit))
    once = {"status": "draft", "revisions": 0, "documents": 1, "events": 1, "mails": 0}
    found = counted(portal, member, event="submission.begun", message="demand_offer_received")
    assert found == dict.fromkeys(drafts, once)
    promise.counted(rounds, clicks=rounds * AT_ONCE, drafts=len(found))


@pytest.mark.timeout(1800)
@ROUNDS
def test_sent_back_twenty_times_at_once_the_answers_make_one_revision_and_one_mail(
    portal: Portal, member: Member, rounds: int, promise: Promise
) -> None:
    asked = json.loads(portal.run(_ASK.format(email=member.email, rounds=rounds)))
    for uuid in asked:
        path = f"/submissions/{uuid}/"
        page = member.get(path).page
        answer = re.search(r'name="(answer_\d+)"', page)
        assert answer
        data: Data = {
            "version": hidden(page, "version"),
            "description": "We read the gauges once an hour now.",
            answer[1]: "Once an hour.",
        }
        answers = at_once(member, path, data)
        assert answers == {(302, path)}
    once = {"status": "submitted", "revisions": 2, "documents": 0, "events": 1, "mails": 1}
    found = counted(
        portal,
        member,
        event="submission.clarification_answered",
        message="clarification_answered",
    )
    assert found == dict.fromkeys(asked, once)
    promise.counted(rounds, clicks=rounds * AT_ONCE, revisions=len(found))
