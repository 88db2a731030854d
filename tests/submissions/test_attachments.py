"""Documents of a Demand or an Offer: kept, refused, taken away, handed out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from organizations.models import User
from submissions.forms.documents import REMOVED_DOCUMENTS
from submissions.models import Attachment, Kind, Submission
from tests import factories
from tests.organizations.registering import picture
from tests.submissions.writing import document, edit_url, post, shown

pytestmark = pytest.mark.django_db


def test_a_document_is_kept_though_an_answer_is_wrong(owner_client: Client) -> None:
    answer = post(owner_client, "/demands/new/", attachments=document(), outcomes="")
    kept = Attachment.objects.get()
    assert kept.name == "map.pdf"
    again = owner_client.get(answer["Location"])
    assert [*again.context["form"].errors] == ["outcomes"]
    page = shown(again)
    assert page.count(f'value="{kept.pk}"') == 1
    assert 'name="attachments-held"' not in page


def test_several_documents_come_at_once(owner_client: Client) -> None:
    other = SimpleUploadedFile("table.png", picture().read(), content_type="image/png")
    sent = factories.demand_offer_data(Kind.DEMAND, attachments=[*twins(), other], save="1")
    page = owner_client.post("/demands/new/", sent, follow=True)
    assert "“plan.pdf”: This file is attached already, as “map.pdf”." in shown(page)
    # The same bytes under two names are one document, and the page says so.
    assert sorted(row.name for row in Attachment.objects.all()) == ["map.pdf", "table.png"]


def test_the_eleventh_document_is_refused_and_the_rest_is_kept(
    owner_client: Client, owner: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    for _number in range(9):
        factories.attachment(draft, by=owner)
    more = [document(), SimpleUploadedFile("table.png", picture().read())]
    answer = owner_client.post(
        edit_url(draft),
        factories.demand_offer_data(
            Kind.DEMAND, version=str(draft.version), attachments=more, save="1"
        ),
        follow=True,
    )
    texts = [str(message) for message in answer.context["messages"]]
    assert texts[0].startswith("“table.png”: There can be 10 files.")
    assert draft.attachments.count() == 10


def test_documents_are_taken_away_by_ticking_and_saving(owner_client: Client, owner: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    first, second = (factories.attachment(draft, by=owner) for _number in range(2))
    post(
        owner_client,
        edit_url(draft),
        Kind.DEMAND,
        version=str(draft.version),
        save="1",
        **{"remove-document": [str(first.pk), "nonsense", "\0"]},
    )
    assert list(draft.attachments.all()) == [second]


def twins() -> list[SimpleUploadedFile]:
    """The same bytes under two names."""
    content = document().read()
    return [SimpleUploadedFile(name, content) for name in ("map.pdf", "plan.pdf")]


def test_a_document_that_is_there_already_is_named(owner_client: Client, owner: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    version, (first, twin) = str(draft.version), twins()
    post(owner_client, edit_url(draft), version=version, attachments=first, save="1")
    page = post(owner_client, edit_url(draft), version=version, attachments=twin)
    assert page.status_code == 422
    assert "“plan.pdf”: This file is attached already, as “map.pdf”." in shown(page)
    assert [row.name for row in draft.attachments.all()] == ["map.pdf"]


def test_a_document_takes_the_place_of_its_twin_that_is_ticked(
    owner_client: Client, owner: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    version, (first, twin) = str(draft.version), twins()
    post(owner_client, edit_url(draft), version=version, attachments=first, save="1")
    ticked = {REMOVED_DOCUMENTS: str(draft.attachments.get().pk)}
    post(owner_client, edit_url(draft), version=version, attachments=twin, save="1", **ticked)
    assert [row.name for row in draft.attachments.all()] == ["plan.pdf"]


def test_the_hint_says_once_how_many_documents_there_can_be(owner_client: Client) -> None:
    page = shown(owner_client.get("/demands/new/", follow=True))
    assert "At most 10 files. Maximum file size: 20 MB." in page
    assert "Ten documents" not in page


def test_a_refused_document_is_complained_of_and_the_rest_is_saved(owner_client: Client) -> None:
    program = SimpleUploadedFile("map.pdf", b"MZ\x90\x00" + b"\0" * 2000)
    answer = owner_client.post(
        "/demands/new/",
        factories.demand_offer_data(Kind.DEMAND, attachments=program, save="1"),
        follow=True,
    )
    texts = [str(message) for message in answer.context["messages"]]
    assert texts[0].startswith("“map.pdf”: This file is a program")
    assert Submission.objects.get().typed["outcomes"]
    assert not Attachment.objects.exists()


def test_members_alone_download_a_document(
    owner_client: Client, owner: User, reader: User, stranger: User, reviewer_client: Client
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    kept = factories.attachment(draft, by=owner)
    address = f"/submissions/{draft.uuid}/attachments/{kept.pk}/"
    for client in (owner_client, factories.logged_in(reader)):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    for client in (factories.logged_in(stranger), reviewer_client):
        assert client.get(address).status_code == 404
    other = factories.draft(owner, Kind.OFFER)
    elsewhere = f"/submissions/{other.uuid}/attachments/{kept.pk}/"
    assert owner_client.get(elsewhere).status_code == 404
