"""Invitations by mail: they expire, work once, for one address, and can be taken back."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.utils import timezone

from alliance.models import Event, OutgoingMail
from organizations.actions import members as actions
from organizations.models import Invitation, Membership, Organization, User
from tests import factories
from tests.organizations.registering import mails

pytestmark = pytest.mark.django_db

INVITE = "/organization/members/invite/"
ADDRESS = "chikondi@example.org"
ACCOUNT = {
    "first_name": "Chikondi",
    "last_name": "Phiri",
    "function": "Programme officer",
    "password1": "seven green parrots sing",
    "password2": "seven green parrots sing",
}


def link() -> str:
    """The path in the newest invitation."""
    text = OutgoingMail.objects.filter(message="invitation").latest("id").text
    return next(line for line in text.splitlines() if "/invitation/" in line).removeprefix(
        settings.SITE_URL
    )


@pytest.fixture
def invited(owner_client: Client) -> str:
    answer = owner_client.post(INVITE, {"email": "Chikondi@Example.org", "role": "editor"})
    assert answer["Location"] == "/organization/members/"
    return link()


def errors(response: Any) -> list[str]:
    return list(response.context["form"].non_field_errors())


def test_invitation_goes_to_the_address_with_who_and_where(
    invited: str, owner: User, organization: Organization
) -> None:
    assert mails() == [("invitation", ADDRESS)]
    mail = OutgoingMail.objects.get()
    assert mail.is_secret
    assert mail.subject == f"{owner} invites you to the UNOSSC Alliance"
    assert organization.name in mail.text
    assert "as editor" in mail.text
    event = Event.objects.about(organization).get()
    assert (event.name, event.data) == ("member.invited", {"role": "editor"})


def test_invited_person_registers_through_the_link(
    invited: str, owner: User, organization: Organization
) -> None:
    client = Client()
    page = client.get(invited).content.decode()
    assert organization.name in page
    assert ADDRESS in page
    assert "Organization logo" not in page
    assert client.post(invited, ACCOUNT)["Location"] == "/dashboard/"
    person = User.objects.get(email=ADDRESS)
    membership = Membership.objects.get(user=person)
    assert (membership.organization, membership.role) == (organization, "editor")
    assert membership.function == "Programme officer"
    assert EmailAddress.objects.get(user=person).verified
    assert client.get("/organization/").status_code == 200
    assert mails()[1:] == [("invitation_accepted", owner.email)]
    assert Client().get(invited).status_code == 404
    assert Client().post(invited, ACCOUNT).status_code == 404


def test_what_is_wrong_is_said_and_nothing_is_made(invited: str) -> None:
    page = Client().post(invited, ACCOUNT | {"password1": "phiri-chikondi-1", "function": ""})
    assert sorted(page.context["form"].errors) == ["function", "password1", "password2"]
    assert not User.objects.filter(email=ADDRESS).exists()
    assert Client().get(invited).status_code == 200


def test_person_with_an_account_logs_in_and_accepts(
    invited: str, organization: Organization
) -> None:
    person = factories.user(email=ADDRESS)
    page = Client().get(invited).content.decode()
    assert f"/login/?next={invited}" in page
    assert "password1" not in page
    client = factories.logged_in(person)
    assert client.post(invited, {"function": "Adviser"})["Location"] == "/dashboard/"
    assert person.memberships.get().organization == organization


def test_account_made_meanwhile_is_not_overwritten(invited: str) -> None:
    person = factories.user(email=ADDRESS)
    page = Client().post(invited, ACCOUNT)
    assert page.status_code == 200
    person.refresh_from_db()
    assert person.check_password(factories.PASSWORD)
    assert not person.memberships.exists()


def test_somebody_else_who_is_logged_in_cannot_accept(invited: str) -> None:
    client = factories.logged_in(factories.user())
    for page in (client.get(invited), client.post(invited, {"function": "Adviser"})):
        assert "was sent to another address" in page.content.decode()
    assert Invitation.objects.get().accepted_at is None


def test_member_of_another_organization_has_to_leave_first(invited: str) -> None:
    other = factories.organization()
    person = factories.member(other, Membership.Role.OWNER, email=ADDRESS)
    client = factories.logged_in(person)
    for page in (client.get(invited), client.post(invited, {"function": "Adviser"})):
        assert "belongs to an institution already" in page.content.decode()
    assert person.memberships.get().organization == other


def test_owner_learns_nothing_about_an_invited_address(
    owner_client: Client, stranger: User
) -> None:
    answers = []
    for email in (stranger.email, "nobody@example.org"):
        page = owner_client.post(INVITE, {"email": email, "role": "reader"}, follow=True)
        lines = page.content.decode().replace(email, "somebody").splitlines()
        kept = [line for line in lines if "csrf" not in line and "/invitations/" not in line]
        answers.append((page.status_code, len(kept)))
        Invitation.objects.all().delete()
    assert answers[0] == answers[1]
    assert [message for message, _ in mails()] == ["invitation", "invitation"]
    texts = [mail.text.splitlines()[:3] for mail in OutgoingMail.objects.all()]
    assert texts[0] == texts[1]


def test_invitation_expires_after_seven_days(invited: str) -> None:
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=6, hours=23))
    assert Client().get(invited).status_code == 200
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(invited).status_code == 404
    assert Client().post(invited, ACCOUNT).status_code == 404


def test_new_invitation_is_valid_for_seven_days(invited: str) -> None:
    row = Invitation.objects.get()
    assert row.expires_at - row.invited_at == pytest.approx(
        timedelta(days=7), abs=timedelta(seconds=9)
    )


def test_sending_again_ends_the_earlier_link(invited: str, owner_client: Client) -> None:
    row = Invitation.objects.get()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    page = owner_client.get("/organization/members/").content.decode()
    assert "expired" in page
    owner_client.post(f"/organization/invitations/{row.pk}/resend/")
    assert link() != invited
    assert Client().get(invited).status_code == 404
    assert Client().get(link()).status_code == 200


def test_inviting_again_sends_the_same_invitation_with_the_new_role(
    invited: str, owner_client: Client
) -> None:
    owner_client.post(INVITE, {"email": ADDRESS, "role": "reader"})
    row = Invitation.objects.get()
    assert (row.role, row.round) == ("reader", 2)
    assert Client().get(invited).status_code == 404


def test_taken_back_invitation_is_dead(invited: str, owner_client: Client, owner: User) -> None:
    row = Invitation.objects.get()
    owner_client.post(f"/organization/invitations/{row.pk}/revoke/")
    row.refresh_from_db()
    assert (row.revoked_by, row.revoked_at is not None) == (owner, True)
    assert Client().get(invited).status_code == 404
    page = owner_client.post(f"/organization/invitations/{row.pk}/resend/", follow=True)
    assert "accepted, taken back or replaced meanwhile" in page.content.decode()


def test_strangers_and_colleagues_do_not_touch_invitations(
    invited: str, stranger: User, editor: User
) -> None:
    row = Invitation.objects.get()
    for act in ("resend", "revoke"):
        address = f"/organization/invitations/{row.pk}/{act}/"
        assert factories.logged_in(stranger).post(address).status_code == 404
        assert factories.logged_in(editor).post(address).status_code == 403
    assert factories.logged_in(editor).get(INVITE).status_code == 403
    row.refresh_from_db()
    assert (row.round, row.revoked_at) == (1, None)


def test_member_is_not_invited_again(owner_client: Client, editor: User) -> None:
    page = owner_client.post(INVITE, {"email": editor.email.upper(), "role": "reader"})
    assert errors(page) == ["This person belongs to your organization already."]


def test_an_organization_sends_so_many_invitations_a_day(
    organization: Organization, owner_client: Client, owner: User
) -> None:
    for number in range(actions.INVITATIONS.most):
        actions.invite(organization, by=owner, email=f"p{number}@example.org", role="reader")
    page = owner_client.post(INVITE, {"email": ADDRESS, "role": "reader"})
    assert errors(page)[0].startswith("Your organization has sent many invitations today.")
    assert not Invitation.objects.filter(email=ADDRESS).exists()


@pytest.mark.parametrize("token", ["x", "1.forged", "a-1.forged", "%ED%A0%80", "0" * 3000])
def test_forged_links_open_nothing(client: Client, token: str) -> None:
    for response in (client.get(f"/invitation/{token}/"), client.post(f"/invitation/{token}/")):
        assert response.status_code in {400, 404}


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "chikondi"), ("email", "a\0@example.org"), ("email", "a@b" * 500), ("role", "boss")],
)
def test_hostile_input_stands_beside_its_field(
    owner_client: Client, field: str, value: str
) -> None:
    page = owner_client.post(INVITE, {"email": ADDRESS, "role": "reader"} | {field: value})
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert Invitation.objects.count() == 0


def test_trail_holds_no_address(invited: str) -> None:
    Client().post(invited, ACCOUNT)
    for event in Event.objects.all():
        assert "example.org" not in str(event.data)
        assert "Chikondi" not in str(event.data)
