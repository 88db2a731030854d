"""Drafts: saved, shared, several at once, copied, thrown away."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail, StagedUpload
from organizations.models import Organization, User
from submissions import actions
from submissions.models import Attachment, DraftVisit, Kind, Submission
from tests import factories
from tests.racing import together

pytestmark = pytest.mark.django_db

BOTH = [Kind.DEMAND, Kind.OFFER]


@pytest.mark.parametrize("kind", BOTH)
def test_an_organization_has_as_many_demands_and_offers_as_it_needs(
    owner: User, organization: Organization, kind: str
) -> None:
    first, second = (actions.start_draft(organization, kind, by=owner) for _number in range(2))
    assert first.pk != second.pk


def test_saving_twice_from_one_page_makes_one_draft(
    owner: User, organization: Organization
) -> None:
    name = uuid.uuid4()
    drafts = {
        actions.start_draft(organization, Kind.DEMAND, by=owner, name=name).pk
        for _click in range(2)
    }
    assert len(drafts) == 1


@pytest.mark.django_db(transaction=True)
def test_ten_first_savings_at_once_make_one_draft(contents: None) -> None:
    place = factories.organization()
    owner = factories.member(place, "owner")
    name = uuid.uuid4()

    def begin() -> int:
        return actions.start_draft(
            Organization.objects.get(pk=place.pk),
            Kind.OFFER,
            by=User.objects.get(pk=owner.pk),
            name=name,
        ).pk

    assert len(set(together(*10 * [begin]))) == 1


def test_there_is_an_end_to_drafts(owner: User, organization: Organization) -> None:
    Submission.objects.bulk_create(
        Submission(kind=Kind.DEMAND, organization=organization) for _number in range(50)
    )
    with pytest.raises(ActionRefused, match="very many drafts"):
        actions.start_draft(organization, Kind.DEMAND, by=owner)


def test_readers_and_strangers_write_no_drafts(
    reader: User, stranger: User, organization: Organization, owner: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    for person in (reader, stranger):
        with pytest.raises(ActionRefused, match="Only owners and editors"):
            actions.start_draft(organization, Kind.DEMAND, by=person)
        with pytest.raises(ActionRefused, match="Only owners and editors"):
            actions.save_draft(draft, by=person, typed={}, version=draft.version)
        with pytest.raises(ActionRefused, match="Only owners and editors"):
            actions.discard_draft(draft, by=person)
    assert Submission.objects.get() == draft


@pytest.mark.parametrize(("kind", "prefix"), [(Kind.DEMAND, "DEM"), (Kind.OFFER, "OFF")])
def test_a_demand_or_offer_is_sent_numbered_titled_and_confirmed(
    owner: User, kind: str, prefix: str
) -> None:
    sent = factories.submitted(
        owner,
        kind,
        geography=["africa", "specific-countries"],
        countries=["MW", "ZM"],
        themes=["climate", "drr-resilience"],
    )
    sent.refresh_from_db()
    assert sent.status == "submitted"
    assert sent.reference is not None
    assert sent.reference.startswith(f"{prefix}-")
    assert sent.title == "We read river gauges by hand"
    assert sent.places == ["africa", "specific-countries", "MW", "ZM"]
    assert sent.themes == ["climate", "drr-resilience"]
    assert sent.sdgs == ["sdg-11", "sdg-13"]
    assert (sent.country_id, sent.region, sent.partner_category) == ("MW", "africa", "government")
    mail = OutgoingMail.objects.get(message="demand_offer_received")
    assert f"your {Kind(kind).label}" in mail.subject
    assert sent.reference in mail.text
    assert "We read river gauges by hand" in mail.text
    names = Event.objects.all().about(sent).order_by("id").values_list("name", flat=True)
    assert list(names) == ["submission.begun", "submission.submitted"]


def test_a_copy_says_what_the_old_one_said_and_is_a_draft(owner: User) -> None:
    old = factories.submitted(owner, Kind.OFFER)
    copy = actions.copy_to_draft(old, by=owner)
    assert copy.pk != old.pk
    assert copy.status == "draft"
    said = {name: values for name, values in old.typed.items() if values != [""]}
    assert copy.typed == said | {"links": ["https://example.org/gauges"]}  # as it was sent
    assert copy.saved_by == owner


def test_a_copied_application_asks_for_the_declaration_afresh(owner: User) -> None:
    explained = {
        "confirm_dd-conflict": None,
        "cannot_dd-conflict": "on",
        "why_dd-conflict": "A board member works for a supplier.",
    }
    old = factories.submitted(owner, Kind.EXPRESSION_OF_INTEREST, **explained)
    assert old.typed["why_dd-conflict"] == ["A board member works for a supplier."]
    actions.withdraw(old, by=owner)
    copy = actions.copy_to_draft(old, by=owner)
    assert copy.typed["website"] == ["https://metmalawi.example"]
    declared = ("confirm_", "cannot_", "why_")
    assert [name for name in copy.typed if name.startswith(declared)] == []


def test_a_copy_says_what_was_sent_not_what_was_typed_since(owner: User) -> None:
    old = factories.offer(owner, status="published")
    typed = old.typed | {"description": ["Half a sen"]}
    actions.save_draft(old, by=owner, typed=typed, version=old.version)
    copy = actions.copy_to_draft(old, by=owner)
    assert copy.typed["description"] == [old.revisions.get().answers["description"]]


def test_an_application_is_not_copied_over_an_open_one(owner: User) -> None:
    old = factories.submitted(owner)
    actions.withdraw(old, by=owner)
    writing = factories.draft(owner, website="new.example")
    with pytest.raises(ActionRefused, match="open Expression of Interest already"):
        actions.copy_to_draft(old, by=owner)
    writing.refresh_from_db()
    assert writing.typed["website"] == ["new.example"]


def test_a_discarded_draft_takes_its_documents_along(
    owner: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    file = factories.attachment(draft, by=owner)
    name = str(file.file.name)
    assert storages["private"].exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard_draft(draft, by=owner)
    assert not Submission.objects.exists()
    assert not storages["private"].exists(name)


def test_what_was_sent_is_not_discarded(owner: User) -> None:
    sent = factories.submitted(owner, Kind.DEMAND)
    with pytest.raises(ActionRefused, match="sent already"):
        actions.discard_draft(sent, by=owner)


def test_documents_are_sent_along_and_stay_with_what_they_were_sent_with(owner: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    kept, removed = (factories.attachment(draft, by=owner) for _number in range(2))
    actions.remove_attachment(removed, by=owner)
    assert list(draft.attachments.all()) == [kept]
    sent = factories.submit_draft(draft, by=owner)
    assert list(sent.revisions.get().attachments.all()) == [kept]
    with pytest.raises(ActionRefused, match="can no longer be changed"):
        actions.remove_attachment(kept, by=owner)


def test_there_are_ten_documents_at_most_and_each_once(owner: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    upload = factories.staged_document(b"the same bytes")
    again = factories.staged_document(b"the same bytes")
    assert len(actions.add_attachments(draft, [upload, again], by=owner)) == 1
    assert StagedUpload.objects.waiting().count() == 0
    for _number in range(9):
        factories.attachment(draft, by=owner)
    with pytest.raises(ActionRefused, match="There can be 10 documents"):
        factories.attachment(draft, by=owner)
    assert draft.attachments.present().count() == 10


def test_a_document_with_a_virus_is_not_sent_along(owner: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    file = factories.attachment(draft, by=owner)
    Attachment.objects.filter(pk=file.pk).update(
        scan="refused", scan_due_at=None, scanned_at=file.added_at
    )
    with pytest.raises(ActionRefused, match="A virus was found in"):
        factories.submit_draft(draft, by=owner)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_people_at_a_draft_are_told_of_each_other(owner: User, editor: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    assert actions.note_visit(draft, by=owner) == []
    assert actions.note_visit(draft, by=editor) == [owner]


@pytest.mark.parametrize(("seconds", "is_there"), [(100, True), (125, False)])
def test_who_was_not_heard_of_for_two_minutes_has_left(
    owner: User, editor: User, seconds: int, is_there: bool
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    actions.note_visit(draft, by=owner)
    DraftVisit.objects.update(seen_at=timezone.now() - timedelta(seconds=seconds))
    assert actions.note_visit(draft, by=editor) == ([owner] if is_there else [])
