import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from alliance.models import Event
from organizations import workflow
from organizations.due_diligence.explanations import explain
from organizations.models import DueDiligence, Organization, User
from organizations.permissions import can_edit_profile, member_of
from tests import factories
from tests.organizations.registering import picture

pytestmark = pytest.mark.django_db

EDIT = "/organization/edit/"


def test_member_sees_profile_members_and_state(
    owner_client: Client, owner: User, reader: User, organization: Organization
) -> None:
    page = owner_client.get("/organization/").content.decode()
    assert f"<h1>{organization.name}</h1>" in page
    assert "Ministry or government department, Malawi" in page
    assert owner.get_full_name() in page
    assert reader.get_full_name() in page
    assert "Not started" in page
    assert escape("The secretariat begins its checks") in page


def test_cleared_organization_sees_until_when(
    owner_client: Client, organization: Organization
) -> None:
    factories.clear(organization)
    page = owner_client.get("/organization/").content.decode()
    assert "Confirmed" in page
    assert "Valid until 1 January 2099" in page


@pytest.mark.parametrize("members", [1, 3])
def test_page_costs_the_same_for_few_and_many_members(
    organization: Organization,
    owner: User,
    members: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(members - 1):
        factories.member(organization, "reader")
    client = factories.logged_in(owner)
    client.get("/organization/")
    with django_assert_num_queries(11):
        client.get("/organization/")


def test_nobody_sees_another_organization(
    owner_client: Client, stranger: User, organization: Organization
) -> None:
    theirs = stranger.memberships.get().organization
    page = owner_client.get("/organization/").content.decode()
    assert theirs.name not in page
    assert stranger.email not in page


def test_staff_without_organization_are_told_so(reviewer: User) -> None:
    page = factories.logged_in(reviewer).get("/organization/").content.decode()
    assert "You do not belong to an organization" in page


def test_every_state_is_explained() -> None:
    for state in workflow.DUE_DILIGENCE.states:
        assert str(explain(DueDiligence(status=state.code))).endswith(".")
    assert explain(None) == explain(DueDiligence(status=workflow.NOT_STARTED))


def test_owner_changes_the_profile(owner_client: Client, organization: Organization) -> None:
    data = {
        "website": "example.org",
        "description": "We measure more rain.",
        "head": organization.related_names.get().name,
        "logo": picture(),
    }
    assert owner_client.post(EDIT, data)["Location"] == "/organization/"
    organization.refresh_from_db()
    assert organization.website == "https://example.org"
    assert organization.description == "We measure more rain."
    assert organization.logo.name != "logos/none.webp"
    event = Event.objects.about(organization).get()
    assert event.name == "organization.profile_changed"
    assert event.data == {"fields": ["website", "description", "logo"]}


def test_editor_changes_the_profile_and_reader_does_not(
    editor: User, reader: User, organization: Organization
) -> None:
    data = {"website": "", "description": "We measure rain.", "logo": picture()}
    assert factories.logged_in(editor).post(EDIT, data).status_code == 302
    readers_browser = factories.logged_in(reader)
    assert readers_browser.post(EDIT, data | {"logo": picture()}).status_code == 403
    assert EDIT not in readers_browser.get("/organization/").content.decode()
    assert can_edit_profile(editor, organization)
    assert not can_edit_profile(reader, organization)


def test_stranger_may_not_edit_this_organization(
    stranger: User, organization: Organization
) -> None:
    assert not can_edit_profile(stranger, organization)
    membership = member_of(stranger)
    assert membership is not None
    assert membership.organization != organization


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (
            "website",
            "javascript:alert(1)",
            "Enter a web address that begins with http:// or https://.",
        ),
        (
            "website",
            "ftp://example.org",
            "Enter a web address that begins with http:// or https://.",
        ),
        ("description", "word " * 151, "Please shorten this by 1 word."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    owner_client: Client, field: str, value: str, message: str
) -> None:
    data = {"website": "", "description": "", "logo": picture(), field: value}
    page = owner_client.post(EDIT, data)
    assert page.status_code == 200
    assert page.context["form"].errors == {field: [message]}
