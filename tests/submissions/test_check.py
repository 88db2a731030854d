"""What is sent is what its sender has read, whatever colleagues do meanwhile."""

import pytest
from django.conf import settings
from django.test import Client

from alliance.files.forms import HeldFileField
from organizations.models import User
from organizations.permissions import member_of
from submissions import actions
from submissions.desk import Desk
from submissions.models import Kind, Submission
from tests import factories

pytestmark = pytest.mark.django_db

TOLD = "saved a newer version meanwhile. Please read it once more: nothing has been sent yet."


def check_url(draft: Submission) -> str:
    return f"/submissions/{draft.uuid}/check/"


def change(draft: Submission, by: User) -> None:
    typed = draft.typed | {"outcomes": ["Theirs, unread."]}
    actions.save_draft(draft, by=by, typed=typed, version=draft.version)


def let_the_proof_grow_old(client: Client) -> None:
    session = client.session
    for record in session.get("account_authentication_methods", []):
        record["at"] -= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1
    session.save()


def desk_of(draft: Submission) -> Desk:
    assert draft.saved_by is not None
    membership = member_of(draft.saved_by)
    assert membership is not None
    return Desk(draft.kind, membership, draft.uuid, draft)


def test_who_submits_what_a_colleague_has_changed_is_told_by_whom(
    owner_client: Client, owner: User, editor: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    change(draft, editor)
    data = {"version": draft.version, "documents": ""}
    page = owner_client.post(check_url(draft), data, follow=True).content.decode()
    assert f"{editor} {TOLD}" in page
    assert "Theirs, unread." in page
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_change_during_the_proof_of_identity_is_told_before_anything_is_sent(
    owner: User, editor: User
) -> None:
    client = factories.logged_in(owner)
    let_the_proof_grow_old(client)
    draft = factories.draft(owner, Kind.DEMAND)
    answer = client.post(check_url(draft), {"version": draft.version, "documents": ""})
    assert answer["Location"].startswith("/account/reauthenticate/")
    change(draft, editor)
    assert f"{editor} {TOLD}" in client.get(check_url(draft)).content.decode()
    # Said once: what stands there now has been read.
    assert TOLD not in client.get(check_url(draft)).content.decode()


def test_who_comes_back_to_what_they_read_is_told_nothing(owner: User) -> None:
    client = factories.logged_in(owner)
    let_the_proof_grow_old(client)
    draft = factories.draft(owner, Kind.DEMAND)
    client.post(check_url(draft), {"version": draft.version, "documents": ""})
    assert TOLD not in client.get(check_url(draft)).content.decode()


@pytest.mark.parametrize("kind", Kind.values)
def test_a_draft_is_checked_with_the_fields_of_all_others_but_files_of_its_own(
    owner: User, kind: str
) -> None:
    first, second = (desk_of(factories.draft(owner, kind)).checked().fields for _turn in range(2))
    own = {name for name, field in first.items() if field is not second[name]}
    assert (
        own == {name for name, field in first.items() if isinstance(field, HeldFileField)} != set()
    )
