"""A colleague deletes the draft that somebody is still writing: the words outlast it."""

import re
from typing import Any

import pytest
from django.test import Client

from organizations.models import User
from submissions import actions
from submissions.desk import Desk
from submissions.models import Attachment, Kind, Submission
from tests import factories
from tests.submissions.writing import buttons, document, edit_url, page_data, shown, token_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def orphaned(owner_client: Client, owner: User, editor: User) -> tuple[str, dict[str, Any]]:
    """The address of a draft that is gone, and what its open page would post."""
    draft = factories.draft(owner, Kind.DEMAND)
    data = page_data(owner_client, draft) | {"outcomes": "Typed for an hour."}
    actions.discard_draft(draft, by=editor)
    return edit_url(draft), data


def test_saving_by_itself_says_who_deleted_the_draft_and_makes_none(
    owner_client: Client, editor: User, orphaned: tuple[str, dict[str, Any]]
) -> None:
    answer = owner_client.post("/submissions/autosave/", orphaned[1])
    assert answer.status_code == 410
    assert answer.json()["refused"].startswith(f"{editor} deleted this draft.")
    assert not Submission.objects.exists()


def test_what_was_typed_becomes_a_new_draft_where_its_writer_wants_that(
    owner_client: Client, editor: User, orphaned: tuple[str, dict[str, Any]]
) -> None:
    address, data = orphaned
    answer = owner_client.post(address, data | {"save": "1", "attachments": document("mine.pdf")})
    page = shown(answer)
    assert answer.status_code == 409
    assert f"<h2>{editor} deleted this draft.</h2>" in page
    assert buttons(page) == ["", "Keep it as a new draft", "Keep it as a new draft"]
    assert not Submission.objects.exists()
    held = re.findall(r'name="attachments-held" value="([^"]+)"', page)
    data |= {"version": "0", "draft": token_in(answer), "save": "1", "attachments-held": held}
    owner_client.post(answer.context["desk"].address, data)
    assert Submission.objects.get().typed["outcomes"] == ["Typed for an hour."]
    assert Attachment.objects.get().name == "mine.pdf"


def test_the_application_can_be_kept_too(owner_client: Client, owner: User, editor: User) -> None:
    draft = factories.draft(owner)
    page = owner_client.get("/apply/")
    data = factories.application_data(version=str(draft.version), draft=token_in(page), save="1")
    actions.discard_draft(draft, by=editor)
    assert owner_client.post("/submissions/autosave/", data).status_code == 410
    answer = owner_client.post("/apply/", data)
    assert answer.status_code == 409
    assert f"{editor} deleted this draft." in shown(answer)
    assert not Submission.objects.exists()


def test_the_page_of_an_application_that_has_ended_begins_another_one(
    owner_client: Client, owner: User
) -> None:
    ended = factories.submitted(owner)
    desk = Desk(ended.kind, owner.memberships.get(), ended.uuid)
    actions.withdraw(ended, by=owner)
    data = factories.application_data(draft=desk.token, description="Half a sen")
    assert owner_client.post("/submissions/autosave/", data).status_code == 200
    assert Submission.objects.drafts().get().typed["description"] == ["Half a sen"]


def test_what_is_deleted_cannot_be_submitted_and_that_is_said(
    owner_client: Client, owner: User, editor: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    actions.discard_draft(draft, by=editor)
    path = f"/submissions/{draft.uuid}/check/"
    answer = owner_client.post(path, {"version": "1", "documents": ""}, follow=True)
    assert f"{editor} deleted this draft. Nothing was sent." in answer.content.decode()
    assert owner_client.get(path).status_code == 404


def test_strangers_learn_nothing_of_what_was_deleted(
    orphaned: tuple[str, dict[str, Any]], stranger: User
) -> None:
    client = factories.logged_in(stranger)
    address, data = orphaned
    for path in (address, address.replace("edit", "check")):
        assert client.post(path, data).status_code == 404


def test_a_missing_page_leads_to_the_dashboard(owner_client: Client) -> None:
    answer = owner_client.get("/submissions/00000000-0000-4000-8000-000000000000/edit/")
    assert answer.status_code == 404
    assert '<a href="/dashboard/">' in answer.content.decode()
