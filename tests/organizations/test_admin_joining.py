"""What the secretariat settles in the admin: double registrations, requests to join."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from organizations.duplicates import find_duplicates
from organizations.models import JoinRequest, Membership, Organization, PossibleDuplicate, User
from tests import factories

pytestmark = pytest.mark.django_db

PAIRS = "/admin/organizations/possibleduplicate/"
REQUESTS = "/admin/organizations/joinrequest/"


@pytest.fixture
def pair(owner: User, organization: Organization) -> PossibleDuplicate:
    second = factories.organization(name=organization.name.upper())
    factories.member(second, Membership.Role.OWNER, email="second@gmail.com")
    find_duplicates()
    return PossibleDuplicate.objects.get()


@pytest.fixture
def asked(owner: User, organization: Organization) -> JoinRequest:
    return JoinRequest.objects.create(
        user=factories.user(first_name="Chikondi"),
        organization=organization,
        typed_name=organization.name,
        function="Officer",
        asked_at=timezone.now() - timedelta(days=8),
    )


def test_reviewer_sees_the_pair_with_its_reasons_and_keeps_it_apart(
    pair: PossibleDuplicate, reviewer_client: Client, reviewer: User
) -> None:
    assert pair.newer.name in reviewer_client.get(PAIRS).content.decode()
    page = reviewer_client.get(f"{PAIRS}{pair.pk}/change/").content.decode()
    assert "the name" in page
    assert "second@gmail.com" in page
    answer = reviewer_client.post(f"{PAIRS}{pair.pk}/keep-apart/")
    assert answer["Location"] == f"{PAIRS}{pair.pk}/change/"
    pair.refresh_from_db()
    assert (pair.status, pair.decided_by) == ("kept_apart", reviewer)
    assert pair.newer.name not in reviewer_client.get(PAIRS).content.decode()
    assert pair.newer.name in reviewer_client.get(f"{PAIRS}?state=all").content.decode()


def test_reviewer_turns_the_pair_into_a_request(
    pair: PossibleDuplicate, reviewer_client: Client, organization: Organization
) -> None:
    reviewer_client.post(f"{PAIRS}{pair.pk}/make-request/")
    request = JoinRequest.objects.get()
    assert (request.organization, request.leaves) == (organization, pair.newer)
    page = reviewer_client.post(f"{PAIRS}{pair.pk}/keep-apart/", follow=True)
    assert "Somebody has settled this meanwhile." in page.content.decode()


def test_reviewer_lets_in_whom_no_owner_answered(
    asked: JoinRequest, reviewer_client: Client, organization: Organization
) -> None:
    page = reviewer_client.get(f"{REQUESTS}{asked.pk}/change/").content.decode()
    assert "Answer in place of the owners" in page
    answer = reviewer_client.post(f"{REQUESTS}{asked.pk}/accept/", {"role": "king"}, follow=True)
    assert "Choose one of the three roles." in answer.content.decode()
    reviewer_client.post(f"{REQUESTS}{asked.pk}/accept/", {"role": "reader"})
    assert asked.user.memberships.get().organization == organization


def test_reviewer_waits_for_the_owners_first(asked: JoinRequest, reviewer_client: Client) -> None:
    JoinRequest.objects.update(asked_at=timezone.now())
    assert "Chikondi" not in reviewer_client.get(REQUESTS).content.decode()
    page = reviewer_client.post(f"{REQUESTS}{asked.pk}/decline/", follow=True)
    assert "The owners of the organization answer this request." in page.content.decode()
    assert JoinRequest.objects.get().status == "open"


def test_reviewer_says_which_organization_was_meant(
    asked: JoinRequest, reviewer_client: Client, organization: Organization
) -> None:
    JoinRequest.objects.update(organization=None, typed_name="The weather people")
    path = f"{REQUESTS}{asked.pk}/"
    assert "Which organization is meant?" in reviewer_client.get(f"{path}change/").content.decode()
    page = reviewer_client.post(f"{path}point/", {"name": "Nobody"}, follow=True)
    assert "Not one registered organization has exactly this name." in page.content.decode()
    reviewer_client.post(f"{path}point/", {"name": organization.name})
    assert JoinRequest.objects.get().organization == organization


def test_library_editors_do_not_see_it(
    pair: PossibleDuplicate, asked: JoinRequest, library_editor: User
) -> None:
    browser = factories.logged_in(library_editor)
    for path in (PAIRS, REQUESTS, f"{PAIRS}{pair.pk}/change/", f"{REQUESTS}{asked.pk}/change/"):
        assert browser.get(path).status_code == 403
    assert browser.post(f"{PAIRS}{pair.pk}/keep-apart/").status_code == 403
    assert browser.post(f"{REQUESTS}{asked.pk}/decline/").status_code == 403


@pytest.mark.parametrize("object_id", ["999999", "x", "0", "%F0%9F%92%A9"])
def test_odd_ids_are_not_found(reviewer_client: Client, object_id: str) -> None:
    assert reviewer_client.post(f"{PAIRS}{object_id}/keep-apart/").status_code == 404
    assert reviewer_client.post(f"{REQUESTS}{object_id}/decline/").status_code == 404
