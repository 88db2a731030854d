"""Who belongs to an organization: inviting, roles, removing, leaving, handing over.

Each act locks the organization's row, so that of two at once neither leaves it without an owner.
"""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit, limits
from alliance.exceptions import ActionRefused
from alliance.limits import Limit
from organizations.actions.registration import Person
from organizations.emails import members as emails_members
from organizations.models import Invitation, Membership, Organization, User
from organizations.permissions import can_manage_members

# Mail that an organization can have us send to strangers.
INVITATIONS = Limit("invitations", most=30, seconds=24 * limits.HOUR)

_Role = Membership.Role
_OWNERS_ONLY = _("Only an owner of the organization can do this.")
_LAST_OWNER = _(
    "This is the only owner. Hand the organization over to a colleague first, so that somebody "
    "can look after it."
)
_TOO_MANY = _("Your organization has sent many invitations today. Please try again tomorrow.")
_CLOSED = _("This organization has been closed: nobody speaks for it any more.")
_ENDED = _("This invitation has been accepted, taken back or replaced meanwhile.")


def _lock(organization: Organization) -> Organization:
    return Organization.objects.locked().get(pk=organization.pk)


def lock_living(organization: Organization) -> Organization:
    """The locked organization. Raises ActionRefused for one that is closed."""
    organization = _lock(organization)
    if organization.closed_at is not None:
        raise ActionRefused(_CLOSED)
    return organization


def _lock_for_owner(organization: Organization, by: User) -> Organization:
    """The locked organization. Raises ActionRefused for whoever does not own it (any more)."""
    organization = lock_living(organization)
    owns = Membership.objects.filter(organization=organization, user=by, role=_Role.OWNER)
    if not can_manage_members(by, organization) or not owns.exists():
        raise ActionRefused(_OWNERS_ONLY)
    return organization


@transaction.atomic
def invite(organization: Organization, *, by: User, email: str, role: str) -> Invitation:
    """Ask an address into the organization; whether it has an account makes no difference here.

    An address that was invited before gets a new mail, with the role that is given now.
    """
    organization = _lock_for_owner(organization, by)
    email = email.lower()
    if Membership.objects.filter(organization=organization, user__email=email).exists():
        raise ActionRefused(_("This person belongs to your organization already."))
    invitation = Invitation.objects.open().filter(organization=organization, email=email).first()
    if invitation is not None:
        return _send_again(invitation, by=by, role=role)
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        role=role,
        invited_by=by,
        expires_at=timezone.now() + Invitation.VALID_FOR,
    )
    _send(invitation)
    audit.record("member.invited", by=by, about=organization, role=role)
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Send it once more, good for another seven days; the earlier mail's link ends."""
    _lock_for_owner(invitation.organization, by)
    return _send_again(_lock_open(invitation), by=by)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Take it back: its link ends."""
    organization = _lock_for_owner(invitation.organization, by)
    invitation = _lock_open(invitation)
    invitation.revoked_at, invitation.revoked_by = timezone.now(), by
    invitation.save(update_fields=["revoked_at", "revoked_by"])
    audit.record("member.invitation_revoked", by=by, about=organization)
    return invitation


def _lock_open(invitation: Invitation) -> Invitation:
    found = (
        Invitation.objects.open()
        .select_for_update(of=("self",))
        .select_related("organization")
        .filter(pk=invitation.pk)
        .first()
    )
    if found is None:
        raise ActionRefused(_ENDED)
    return found


def _send_again(invitation: Invitation, *, by: User, role: str = "") -> Invitation:
    invitation.role = role or invitation.role
    invitation.round += 1
    invitation.invited_at, invitation.invited_by = timezone.now(), by
    invitation.expires_at = timezone.now() + Invitation.VALID_FOR
    invitation.save()
    _send(invitation)
    audit.record("member.invited", by=by, about=invitation.organization, role=invitation.role)
    return invitation


def _send(invitation: Invitation) -> None:
    if limits.take(INVITATIONS, str(invitation.organization_id)):
        raise ActionRefused(_TOO_MANY)
    emails_members.invitation(invitation)


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User, function: str) -> Membership:
    """Somebody who has an account, and no organization, joins by the link sent to their address."""
    invitation = _lock_acceptable(invitation)
    if by.email != invitation.email:
        raise ActionRefused(
            _("This invitation is for another address. Log in with the one it was sent to.")
        )
    return _accept(invitation, by, function)


@transaction.atomic
def register_invited(invitation: Invitation, *, person: Person, password: str) -> Membership:
    """Make an account for the invited address; the link proves it, so no code is asked for."""
    invitation = _lock_acceptable(invitation)
    try:
        with transaction.atomic():
            user = User.objects.create(
                email=invitation.email,
                password=make_password(password),
                first_name=person.first_name,
                last_name=person.last_name,
            )
    except IntegrityError:
        raise ActionRefused(
            _("There is an account with this address. Log in to accept the invitation.")
        ) from None
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    audit.record("user.registered", by=user, about=user)
    return _accept(invitation, user, person.function)


def _lock_acceptable(invitation: Invitation) -> Invitation:
    lock_living(invitation.organization)
    sent = invitation.round
    invitation = _lock_open(invitation)
    if invitation.round != sent or invitation.has_expired:
        raise ActionRefused(_ENDED)
    return invitation


def _accept(invitation: Invitation, user: User, function: str) -> Membership:
    membership = add_member(
        invitation.organization, user=user, role=invitation.role, function=function
    )
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    emails_members.invitation_accepted(membership)
    return membership


def add_member(organization: Organization, *, user: User, role: str, function: str) -> Membership:
    """Put somebody into an organization that is not closed.

    Raises ActionRefused for whoever belongs to one.
    """
    lock_living(organization)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user, organization=organization, role=role, function=function
            )
    except IntegrityError:
        raise ActionRefused(
            _(
                "This account belongs to an institution already, and one account speaks for one "
                "institution. It has to leave the other one first."
            )
        ) from None
    audit.record("member.joined", by=user, about=organization, role=role)
    return membership


@transaction.atomic
def change_role(membership: Membership, *, by: User, role: str) -> Membership:
    """Give a member another role; the last owner keeps theirs."""
    organization = _lock_for_owner(membership.organization, by)
    membership = _refreshed(membership)
    if membership.role == role:
        return membership
    _keep_an_owner(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    audit.record(
        "member.role_changed",
        by=by,
        about=organization,
        person=membership.user_id,
        before=before,
        after=role,
    )
    if membership.user_id != by.pk:
        emails_members.role_changed(membership, by=by)
    return membership


@transaction.atomic
def hand_over(membership: Membership, *, by: User) -> Membership:
    """Make a colleague owner in one's own place; the earlier owner stays as editor."""
    organization = _lock_for_owner(membership.organization, by)
    membership = _refreshed(membership)
    if membership.user_id == by.pk:
        raise ActionRefused(_("You own the organization already."))
    Membership.objects.filter(organization=organization, user=by).update(role=_Role.EDITOR)
    membership.role = _Role.OWNER
    membership.save(update_fields=["role"])
    audit.record("organization.handed_over", by=by, about=organization, person=membership.user_id)
    emails_members.role_changed(membership, by=by)
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, by: User) -> None:
    """Take a colleague off the list; what they wrote stays with the organization."""
    organization = _lock_for_owner(membership.organization, by)
    membership = _refreshed(membership)
    if membership.user_id == by.pk:
        raise ActionRefused(_("To go yourself, choose to leave the organization."))
    emails_members.removed(membership)
    audit.record("member.removed", by=by, about=organization, person=membership.user_id)
    membership.delete()


@transaction.atomic
def leave(membership: Membership, *, by: User) -> None:
    """Go; the last owner hands over first."""
    organization = _lock(membership.organization)
    membership = _refreshed(membership)
    if membership.user_id != by.pk:
        raise ActionRefused(_OWNERS_ONLY)
    _keep_an_owner(membership)
    membership.delete()
    audit.record("member.left", by=by, about=organization)
    emails_members.left(membership)


def _refreshed(membership: Membership) -> Membership:
    """As it is now, behind the organization's lock."""
    found = (
        Membership.objects.select_related("organization", "user").filter(pk=membership.pk).first()
    )
    if found is None:
        raise ActionRefused(_("This person does not belong to your organization any more."))
    return found


def _keep_an_owner(leaving: Membership) -> None:
    if is_only_owner(leaving):
        raise ActionRefused(_LAST_OWNER)


def is_only_owner(membership: Membership) -> bool:
    """Whether nobody else could look after the organization."""
    others = Membership.objects.filter(
        organization=membership.organization_id, role=_Role.OWNER, user__is_active=True
    ).exclude(pk=membership.pk)
    return membership.role == _Role.OWNER and not others.exists()
