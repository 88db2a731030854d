"""The page of a form saves itself while somebody writes on it."""

from typing import Any

import pytest
from django.test import Client

from alliance.files.staging import token_for
from organizations.models import User
from submissions import actions
from submissions.desk import Desk
from submissions.models import Attachment, DraftVisit, Kind, Submission
from tests import factories
from tests.submissions.writing import edit_url, token_in

pytestmark = pytest.mark.django_db


def autosave(client: Client, submission: Submission, **changes: Any) -> Any:
    place = submission.organization.memberships.first()
    assert place is not None
    desk = Desk(submission.kind, place, submission.uuid, submission)
    data = factories.complete_data(submission.kind, draft=desk.token, **changes)
    return client.post("/submissions/autosave/", data)


def test_a_page_saves_itself(owner_client: Client, owner: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    answer = autosave(owner_client, draft, version=str(draft.version), outcomes="By itself")
    content = answer.json()
    assert (answer.status_code, content["version"]) == (200, draft.version + 1)
    assert content["address"] == edit_url(draft)
    assert content["here"] == ""
    draft.refresh_from_db()
    assert draft.typed["outcomes"] == ["By itself"]
    assert draft.saved_at is not None
    assert content["saved_at"] == draft.saved_at.isoformat()


def test_the_page_of_a_new_form_saves_itself_into_one_draft(owner_client: Client) -> None:
    token = token_in(owner_client.get("/offers/new/", follow=True))
    for _number in range(2):
        data = factories.demand_offer_data(Kind.OFFER, draft=token)
        assert owner_client.post("/submissions/autosave/", data).status_code == 200
    assert Submission.objects.get().kind == Kind.OFFER


def test_the_application_saves_itself(owner_client: Client) -> None:
    token = token_in(owner_client.get("/apply/"))
    data = factories.application_data(draft=token, description="Half a sen")
    content = owner_client.post("/submissions/autosave/", data).json()
    assert content["address"] == "/apply/"
    assert Submission.objects.get().typed["description"] == ["Half a sen"]


def test_saving_by_itself_never_overwrites_a_newer_version(
    owner_client: Client, owner: User, editor: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    stale = str(draft.version)
    actions.save_draft(
        draft, by=editor, typed=draft.typed | {"outcomes": ["Theirs"]}, version=draft.version
    )
    answer = autosave(owner_client, draft, version=stale, outcomes="Mine")
    content = answer.json()
    assert answer.status_code == 409
    assert content["refused"].startswith("Chikondi ")
    assert content["typed"]["outcomes"] == ["Theirs"]
    draft.refresh_from_db()
    assert draft.typed["outcomes"] == ["Theirs"]


def test_people_who_write_at_the_same_time_are_told(
    owner_client: Client, owner: User, editor: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    actions.note_visit(draft, by=editor)
    assert "Open here too: Chikondi" in owner_client.get(edit_url(draft)).content.decode()
    answer = autosave(owner_client, draft, version=str(draft.version))
    assert answer.json()["here"] == f"Open here too: {editor}"
    assert DraftVisit.objects.filter(user=editor.pk).count() == 1


def test_a_file_sent_ahead_is_kept_with_the_next_saving(owner_client: Client, owner: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    token = token_for(factories.staged_document())
    content = autosave(
        owner_client, draft, version=str(draft.version), **{"attachments-held": token}
    ).json()
    kept = Attachment.objects.get()
    assert kept.submission == draft
    assert kept.name in content["documents"]
    again = autosave(
        owner_client, draft, version=str(content["version"]), **{"attachments-held": token}
    )
    assert again.status_code == 200
    assert Attachment.objects.count() == 1


def test_a_saving_of_documents_alone_has_its_time_too(
    owner_client: Client, owner: User, editor: User
) -> None:
    draft = factories.draft(editor, Kind.DEMAND)
    before = draft.saved_at
    held = {"attachments-held": token_for(factories.staged_document())}
    data = draft.typed | held | {"version": str(draft.version)}
    place = owner.memberships.get()
    data["draft"] = Desk(draft.kind, place, draft.uuid, draft).token
    content = owner_client.post("/submissions/autosave/", data).json()
    draft.refresh_from_db()
    assert (content["version"], draft.saved_by) == (draft.version, owner)
    assert before is not None
    assert draft.saved_at is not None
    assert draft.saved_at > before
    assert content["saved_at"] == draft.saved_at.isoformat()


def test_what_is_longer_than_any_answer_is_cut_and_that_is_said(
    owner_client: Client, owner: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    answer = autosave(
        owner_client,
        draft,
        version=str(draft.version),
        outcomes="x" * 20_001,
        themes=["y" * 15_000] * 2,
        description="z" * 20_000,
    )
    draft.refresh_from_db()
    kept = {name: sum(map(len, values)) for name, values in draft.typed.items()}
    assert [kept[name] for name in ("outcomes", "themes", "description")] == [20_000] * 3
    told = answer.json()["cut"]
    assert told.count("is too long to be kept whole. Please shorten it.") == 2
    assert "main results" in told


@pytest.mark.parametrize("data", [{}, {"draft": "forged"}, {"draft": "\0"}])
def test_a_page_that_is_none_saves_nothing(owner_client: Client, data: dict[str, str]) -> None:
    answer = owner_client.post("/submissions/autosave/", data)
    assert answer.status_code in {400, 404}
    assert not Submission.objects.exists()


def test_the_saving_of_what_was_sent_meanwhile_is_refused_in_words(
    owner_client: Client, owner: User
) -> None:
    sent = factories.submitted(owner, Kind.DEMAND)
    answer = autosave(owner_client, sent, version=str(sent.version), outcomes="Late")
    assert answer.status_code == 403
    assert "sent already" in answer.json()["refused"]


def test_readers_and_strangers_save_nothing(owner: User, reader: User, stranger: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    for person in (reader, stranger):
        answer = autosave(
            factories.logged_in(person), draft, version=str(draft.version), outcomes="Not mine"
        )
        assert answer.status_code in {403, 404}
    draft.refresh_from_db()
    assert draft.typed["outcomes"] != ["Not mine"]


def test_the_page_learns_which_document_is_attached_already(
    owner_client: Client, owner: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    kept = factories.attachment(draft, by=owner)
    twin = factories.staged_document(kept.file.read())
    held = {"attachments-held": [token_for(twin)]}
    content = autosave(owner_client, draft, version=str(draft.version), **held).json()
    text = f"“{twin.name}”: This file is attached already, as “{kept.name}”."
    assert content["not_kept"] == [text]
    again = autosave(owner_client, draft, version=str(content["version"])).json()
    assert again["not_kept"] == []
    assert draft.attachments.get() == kept
