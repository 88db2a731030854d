"""The page that answers questions saves itself while somebody writes on it."""

from typing import Any

import pytest
from django.test import Client

from alliance.files.staging import token_for
from organizations.models import User
from submissions.models import Attachment, Clarification, Submission
from tests import factories
from tests.submissions.asking import answered, asked, under_questions

pytestmark = pytest.mark.django_db

MINE = "71 of them, every hour."


def send(client: Client, clarification: Clarification, **changes: Any) -> Any:
    submission = Submission.objects.get(pk=clarification.submission_id)
    data = {f"answer_{item.pk}": MINE for item in clarification.items.all()}
    data |= {"version": str(submission.version)} | changes
    return client.post(f"/submissions/{submission.uuid}/answers/", data)


def test_answers_save_themselves(owner_client: Client, owner: User, reviewer: User) -> None:
    clarification = under_questions(owner, reviewer, "description")
    version = clarification.submission.version
    answer = send(owner_client, clarification, description="Half a sen")
    content = answer.json()
    submission = Submission.objects.get()
    assert (answer.status_code, content["version"]) == (200, version + 1)
    assert content["address"] == submission.get_absolute_url()
    assert submission.saved_at is not None
    assert content["saved_at"] == submission.saved_at.isoformat()
    assert clarification.items.get().answer == MINE
    assert submission.typed["description"] == ["Half a sen"]
    assert submission.status == "clarification_requested"


def test_answers_saved_meanwhile_are_told_of_and_not_overwritten(
    owner_client: Client, owner: User, editor: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer, "description")
    stale = str(clarification.submission.version)
    send(factories.logged_in(editor), clarification, description="Theirs")
    answer = send(owner_client, clarification, description="Mine", version=stale)
    content = answer.json()
    assert answer.status_code == 409
    assert content["refused"].startswith(f"{editor} saved")
    # What the form asks, and nothing else of the submission.
    item = clarification.items.get()
    assert content["typed"] == {"description": ["Theirs"], f"answer_{item.pk}": [MINE]}
    assert Submission.objects.get().typed["description"] == ["Theirs"]


def test_of_answers_that_two_wrote_none_is_lost(
    owner_client: Client, owner: User, editor: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer, "description")
    path = clarification.submission.get_absolute_url()
    page = owner_client.get(path)
    [name] = [name for name in page.context["form"].fields if name.startswith("answer_")]
    send(factories.logged_in(editor), clarification, description="Theirs", **{name: ""})
    before = page.context["form"]["description"].value()
    data = {"version": "1", "base": page.context["base"], "description": before, name: MINE}
    merged = owner_client.post(path, data | {"save": "1"})
    assert merged.status_code == 409
    assert merged.context["differing"] == []
    form = merged.context["form"]
    assert (form["description"].value(), form[name].value()) == ("Theirs", MINE)


def test_people_who_answer_at_the_same_time_are_told(
    owner_client: Client, owner: User, editor: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer)
    send(factories.logged_in(editor), clarification)
    page = owner_client.get(clarification.submission.get_absolute_url()).content.decode()
    assert f"Open here too: {editor}" in page
    assert send(owner_client, clarification).json()["here"] == f"Open here too: {editor}"


def test_a_document_sent_ahead_is_kept_with_the_answers(
    owner_client: Client, owner: User, reviewer: User
) -> None:
    submission = factories.submitted(owner, "demand")
    clarification = asked(submission, reviewer, "attachments")
    token = token_for(factories.staged_document())
    content = send(owner_client, clarification, **{"attachments-held": token}).json()
    kept = Attachment.objects.get()
    assert kept.name in content["documents"]
    assert content["room"] == Attachment.MOST - 1


def test_answers_that_come_too_late_are_refused_in_words(
    owner_client: Client, owner: User, editor: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer)
    answered(clarification, editor)
    answer = send(owner_client, clarification, description="Late")
    assert answer.status_code == 403
    assert "was quicker" in answer.json()["refused"]


def test_nothing_was_asked_so_there_is_nothing_to_save(owner_client: Client, owner: User) -> None:
    submission = factories.submitted(owner)
    answer = owner_client.post(f"{submission.get_absolute_url()}answers/", {"version": "1"})
    assert answer.status_code == 404
    assert answer.json()["refused"] == "This page is out of date. Please open it again."


def test_who_has_sent_answers_back_leaves_no_copy_on_the_device(
    owner_client: Client, owner: User, editor: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer)
    path = clarification.submission.get_absolute_url()
    name = f"{clarification.submission.uuid}-{clarification.pk}"
    assert f'data-draft="{name}"' in owner_client.get(path).content.decode()
    answered(clarification, owner)
    assert f'data-draft-saved="{owner.pk} {name}"' in owner_client.get(path).content.decode()
    # A colleague's own copy may hold what was never sent.
    theirs = factories.logged_in(editor).get(path).content.decode()
    assert "data-draft-saved" not in theirs
