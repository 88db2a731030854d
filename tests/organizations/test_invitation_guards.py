"""An invitation that ends while somebody looks at its page opens nothing: the action looks again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.exceptions import ActionRefused
from organizations.actions import members as actions
from organizations.actions.registration import Person
from organizations.models import Invitation, Membership, Organization, User
from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "chikondi@example.org"
ENDED = "This invitation has been accepted, taken back or replaced meanwhile."
CHIKONDI = Person(
    first_name="Chikondi", last_name="Phiri", email=ADDRESS, function="Programme officer"
)


@pytest.fixture
def invitation(organization: Organization, owner: User) -> Invitation:
    return actions.invite(organization, by=owner, email=ADDRESS, role="editor")


def accept(invitation: Invitation, by: User) -> str:
    """What the invited person is told; "joined" where nothing was refused."""
    try:
        actions.accept_invitation(invitation, by=by, function="Adviser")
    except ActionRefused as refused:
        assert not by.memberships.exists()
        return str(refused)
    return "joined"


def register(invitation: Invitation) -> str:
    """The same, for somebody who has no account yet."""
    try:
        actions.register_invited(invitation, person=CHIKONDI, password=factories.PASSWORD)
    except ActionRefused as refused:
        assert not User.objects.filter(email=ADDRESS).exists()
        return str(refused)
    return "joined"


def expire() -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_one_that_has_expired_meanwhile_is_refused(invitation: Invitation) -> None:
    expire()
    assert not invitation.has_expired  # as the page has read it
    assert register(invitation) == ENDED
    assert accept(invitation, factories.user(email=ADDRESS)) == ENDED
    assert Invitation.objects.get().accepted_at is None


def test_one_that_was_taken_back_meanwhile_is_refused(invitation: Invitation, owner: User) -> None:
    actions.revoke_invitation(Invitation.objects.get(), by=owner)
    assert register(invitation) == ENDED
    assert accept(invitation, factories.user(email=ADDRESS)) == ENDED


def test_one_that_was_sent_again_meanwhile_counts_by_its_newest_mail(
    invitation: Invitation, owner: User
) -> None:
    newer = actions.resend_invitation(Invitation.objects.get(), by=owner)
    assert register(invitation) == ENDED
    person = factories.user(email=ADDRESS)
    assert accept(invitation, person) == ENDED
    assert accept(newer, person) == "joined"


def test_one_for_another_address_is_refused(invitation: Invitation) -> None:
    refusal = "This invitation is for another address. Log in with the one it was sent to."
    assert accept(invitation, factories.user()) == refusal
    assert accept(invitation, factories.user(email=f"my.{ADDRESS}")) == refusal
    assert Invitation.objects.get().accepted_at is None


def test_the_account_of_an_invitation_has_the_invited_address_whatever_is_claimed(
    invitation: Invitation,
) -> None:
    claimed = Person(
        first_name="Chikondi", last_name="Phiri", email="boss@example.org", function="Officer"
    )
    actions.register_invited(invitation, person=claimed, password=factories.PASSWORD)
    membership = Membership.objects.get(role="editor")
    assert membership.user.email == ADDRESS
    assert not User.objects.filter(email="boss@example.org").exists()


def test_one_is_accepted_once(invitation: Invitation) -> None:
    assert accept(invitation, factories.user(email=ADDRESS)) == "joined"
    assert accept(invitation, factories.user()) == ENDED


def test_a_closed_organization_is_joined_by_nobody(
    invitation: Invitation, organization: Organization
) -> None:
    Organization.objects.update(closed_at=timezone.now())
    refusal = "This organization has been closed: nobody speaks for it any more."
    assert register(invitation) == refusal
    assert accept(invitation, factories.user(email=ADDRESS)) == refusal
