"""Links in mails that let somebody act without logging in: signed, and good for one thing each."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.urls import reverse
from django.utils.crypto import salted_hmac

from alliance import turned_away
from organizations.models import EmailChange, Invitation, User

STAFF_INVITATION_VALID_FOR = timedelta(days=7)

_inviting = Signer(salt="organizations.invitation", sep=".")
_confirming = Signer(salt="organizations.email_change.confirm", sep=".")
_objecting = Signer(salt="organizations.email_change.object", sep=".")
_appointing = TimestampSigner(salt="organizations.staff_invitation", sep=".")


def invitation_link(invitation: Invitation) -> str:
    """The link of the newest mail; that of an earlier one leads nowhere."""
    token = _inviting.sign(f"{invitation.pk.hex}-{invitation.round}")
    return _address("invitation", token)


def invitation_of(token: str) -> Invitation | None:
    """The invitation that this link is for, if it can still be accepted."""
    named = _unsigned(_inviting, token)
    if named is None:
        return None
    uuid, _, number = named.partition("-")
    invitation = (
        Invitation.objects.open()
        .select_related("organization__country", "organization__type", "invited_by")
        .filter(uuid=uuid, round=int(number), organization__closed_at=None)
        .first()
    )
    return invitation if invitation is not None and invitation.is_open else None


def confirm_link(change: EmailChange) -> str:
    return _address("email_change_confirm", _confirming.sign(str(change.pk)))


def object_link(change: EmailChange) -> str:
    return _address("email_change_object", _objecting.sign(str(change.pk)))


def to_confirm(token: str) -> EmailChange | None:
    """The change that waits for this link; None once it has ended."""
    return _open_change(_unsigned(_confirming, token))


def to_object(token: str) -> EmailChange | None:
    return _open_change(_unsigned(_objecting, token))


def staff_invitation_link(user: User) -> str:
    """Lets somebody set a first password; dead as soon as one is set, or after seven days."""
    return _address("staff_invitation", _appointing.sign(f"{user.pk}-{_state_of(user)}"))


def staff_invitation_of(token: str) -> User | None:
    named = _unsigned(_appointing, token, max_age=STAFF_INVITATION_VALID_FOR)
    if named is None:
        return None
    number, _, state = named.partition("-")
    user = User.objects.filter(pk=int(number), is_staff=True, is_active=True).first()
    return user if user is not None and state == _state_of(user) else None


def _state_of(user: User) -> str:
    """Changes with the password."""
    return salted_hmac("organizations.staff_invitation", user.password).hexdigest()[:20]


def _open_change(number: str | None) -> EmailChange | None:
    if number is None:
        return None
    return EmailChange.objects.open().select_related("user").filter(pk=int(number)).first()


def _address(name: str, token: str) -> str:
    return settings.SITE_URL + reverse(name, args=[token])


def _unsigned(signer: Signer, token: str, **limits: timedelta) -> str | None:
    try:
        return str(signer.unsign(token, **limits))
    except (BadSignature, ValueError) as error:  # ValueError: letters that no encoding has
        turned_away.note_signature("link", error)
        return None
