"""An organization says whether the public directory may show it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.models import Event
from organizations.actions.listing import say_listing, take_declared_listing
from organizations.models import Organization, User
from tests import factories

pytestmark = pytest.mark.django_db

AGREE, END = "/organization/listing/agree/", "/organization/listing/end/"


def said(place: Organization) -> tuple[bool, User | None]:
    place.refresh_from_db()
    return place.may_be_listed, place.listing_said_by


def names(place: Organization) -> list[str]:
    return [event.name for event in Event.objects.about(place).order_by("pk")]


def test_owner_agrees_and_takes_it_back_each_once(
    owner_client: Client, owner: User, organization: Organization
) -> None:
    page = owner_client.get("/organization/").content.decode()
    assert AGREE in page
    assert END not in page
    for _click in range(2):
        assert owner_client.post(AGREE)["Location"] == "/organization/"
    assert said(organization) == (True, owner)
    page = owner_client.get("/organization/").content.decode()
    assert END in page
    assert f"by {owner.get_full_name()}" in page
    for _click in range(2):
        owner_client.post(END)
    assert said(organization) == (False, owner)
    assert names(organization) == ["organization.listing_agreed", "organization.listing_taken_back"]


def test_only_owners_say_it(editor: User, organization: Organization) -> None:
    client = factories.logged_in(editor)
    assert client.post(AGREE).status_code == 403
    assert AGREE not in client.get("/organization/").content.decode()
    with pytest.raises(ActionRefused, match="Only an owner"):
        say_listing(organization, by=editor, agrees=True)
    assert said(organization) == (False, None)


@pytest.mark.parametrize("agrees", [True, False])
def test_declaration_counts_unless_an_owner_has_spoken_since(
    owner: User, organization: Organization, agrees: bool
) -> None:
    declared = timezone.now()
    take_declared_listing(organization, by=owner, agrees=not agrees, at=declared)
    assert said(organization) == (not agrees, owner)
    say_listing(organization, by=owner, agrees=agrees)
    take_declared_listing(organization, by=owner, agrees=not agrees, at=declared)
    assert said(organization) == (agrees, owner)
    later = timezone.now() + timedelta(minutes=1)
    take_declared_listing(organization, by=None, agrees=not agrees, at=later)
    assert said(organization) == (not agrees, None)


@pytest.mark.parametrize(("changes", "agreed"), [({}, True), ({"confirm_dd-publish": None}, False)])
def test_approval_brings_what_the_declaration_said(
    owner: User, organization: Organization, changes: dict[str, None], agreed: bool
) -> None:
    senior = factories.staff("Senior reviewer")
    sent = factories.for_decision(owner, reviewer=senior, **changes)
    assert said(organization) == (False, None)
    factories.decided(sent, "approve", by=senior)
    assert said(organization) == (agreed, owner)


def test_a_decline_brings_nothing(owner: User, organization: Organization) -> None:
    senior = factories.staff("Senior reviewer")
    factories.decided(factories.for_decision(owner, reviewer=senior), "decline", by=senior)
    assert said(organization) == (False, None)


def test_database_refuses_an_agreement_that_nobody_gave(organization: Organization) -> None:
    with (
        pytest.raises(IntegrityError, match="organization_listing_said_by_somebody"),
        transaction.atomic(),
    ):
        Organization.objects.filter(pk=organization.pk).update(may_be_listed=True)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Another name"},
        {"website": "https://elsewhere.example.org"},
        {"closed_at": timezone.now()},
        {"may_be_listed": True, "listing_said_at": timezone.now()},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_the_public_sees_is_looked_at_again_when_it_changes(
    organization: Organization, changes: dict[str, object]
) -> None:
    row = Organization.objects.filter(pk=organization.pk)
    row.update(shown_at=timezone.now())
    row.update(registration_number="17")
    assert not row.to_be_shown().exists()
    row.update(**changes)
    assert row.to_be_shown().exists()


def test_a_clearance_and_its_end_are_looked_at(organization: Organization) -> None:
    row = Organization.objects.filter(pk=organization.pk)
    cycle = factories.clear(organization)
    for changes in ({"valid_until": "2098-01-01"}, {"status": "suspended"}):
        row.update(shown_at=timezone.now())
        organization.due_diligence_cycles.update(level_reason="Nobody outside sees this.")
        assert not row.to_be_shown().exists()
        organization.due_diligence_cycles.filter(pk=cycle.pk).update(**changes)
        assert row.to_be_shown().exists()
