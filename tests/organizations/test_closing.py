"""An organization that nobody speaks for any more is closed, and stays so."""

import pytest
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.models import Event
from organizations.actions import joining as actions
from organizations.actions import members
from organizations.due_diligence.rules import missing_for_clearance
from organizations.models import (
    Invitation,
    JoinRequest,
    Membership,
    Organization,
    PossibleDuplicate,
    User,
)
from organizations.screening.runs import is_screened_with, screen_organization
from submissions.actions.my_data import erase_account
from tests import factories
from tests.organizations.registering import mails
from tests.organizations.screening import take

pytestmark = pytest.mark.django_db


def closed(place: Organization) -> Organization:
    """Closed by a direct change, as if it had happened before anybody could see it."""
    Organization.objects.filter(pk=place.pk).update(closed_at=timezone.now())
    return Organization.objects.get(pk=place.pk)


def asked(place: Organization | None, user: User | None = None) -> JoinRequest:
    return JoinRequest.objects.create(
        user=user or factories.user(),
        typed_name="Department of Climate Change",
        organization=place,
        function="Analyst",
    )


def test_what_leads_into_an_organization_ends_with_it(
    organization: Organization, owner: User
) -> None:
    request = asked(organization)
    elsewhere = asked(factories.organization())
    invitation = members.invite(organization, by=owner, email="new@example.org", role="owner")
    erase_account(owner, by=owner)
    request.refresh_from_db()
    invitation.refresh_from_db()
    organization.refresh_from_db()
    assert organization.closed_at is not None
    assert (request.status, request.decided_by) == ("declined", owner)
    assert (invitation.is_open, invitation.revoked_by) == (False, owner)
    assert ("join_declined", request.user.email) in mails()
    assert list(JoinRequest.objects.open()) == [elsewhere]
    names = set(Event.objects.values_list("name", flat=True))
    assert {"organization.closed", "member.invitation_revoked", "member.join_declined"} <= names


def test_nobody_is_let_into_a_closed_organization(
    organization: Organization, reviewer: User
) -> None:
    request = asked(organization)
    organization = closed(organization)
    with pytest.raises(ActionRefused, match="has been closed"):
        actions.accept_request(request, by=reviewer, role="owner")
    with pytest.raises(ActionRefused, match="has been closed"):
        members.add_member(organization, user=request.user, role="owner", function="Analyst")
    assert not Membership.objects.exists()
    assert actions.decline_request(request, by=reviewer).status == "declined"


def test_no_invitation_opens_a_closed_organization(organization: Organization, owner: User) -> None:
    person = factories.user()
    members.invite(organization, by=owner, email=person.email, role="owner")
    closed(organization)
    with pytest.raises(ActionRefused, match="has been closed"):
        members.accept_invitation(Invitation.objects.get(), by=person, function="Head")
    with pytest.raises(ActionRefused, match="has been closed"):
        members.invite(organization, by=owner, email="other@example.org", role="owner")


def test_staff_point_no_request_to_a_closed_organization(
    organization: Organization, reviewer: User
) -> None:
    request = asked(None)
    with pytest.raises(ActionRefused, match="has been closed"):
        actions.point_request(request, by=reviewer, organization=closed(organization))
    request.refresh_from_db()
    assert request.organization is None


def test_no_second_registration_moves_into_a_closed_organization(
    organization: Organization, owner: User, reviewer: User
) -> None:
    newer = factories.organization(name=organization.name)
    factories.member(newer, Membership.Role.OWNER)
    pair = PossibleDuplicate.objects.create(newer=newer, older=organization)
    closed(organization)
    with pytest.raises(ActionRefused, match="has been closed"):
        actions.turn_into_request(pair, by=reviewer)


def test_a_closed_organization_is_never_taken_for_screened(
    organization: Organization, owner: User
) -> None:
    snapshot = take()
    never_compared = closed(factories.organization())
    assert not is_screened_with(snapshot, never_compared)
    screen_organization(organization)
    assert is_screened_with(snapshot, organization)
    organization = closed(organization)
    assert not is_screened_with(snapshot, organization)
    assert str(missing_for_clearance(organization)[0]) == (
        "The organization is closed: nobody speaks for it any more."
    )
