"""Changing the address that one logs in with: confirmed by the new one and by the present one."""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from organizations.emails import account as emails_account
from organizations.models import EmailChange, User

_End = EmailChange.End


@transaction.atomic
def ask_for_change(user: User, *, new_email: str) -> EmailChange:
    """The code sent to the new address was entered: ask the present one. Replaces an earlier ask."""
    user = User.objects.select_for_update().get(pk=user.pk)
    for earlier in EmailChange.objects.open().filter(user=user):
        _end(earlier, _End.CANCELLED)
    change = EmailChange.objects.create(user=user, new_email=new_email.lower())
    audit.record("user.email_change_asked", by=user, about=user)
    emails_account.email_change_asked(change)
    return change


@transaction.atomic
def cancel_change(user: User) -> None:
    """The person takes it back; nothing happens where there is none."""
    for change in EmailChange.objects.open().select_for_update().filter(user=user):
        _end(change, _End.CANCELLED)
        audit.record("user.email_change_cancelled", by=user, about=user)


@transaction.atomic
def confirm_change(change: EmailChange) -> EmailChange:
    """The present address agrees: the new one counts from now on."""
    return _apply(_lock_open(change), _End.CONFIRMED)


@transaction.atomic
def object_to_change(change: EmailChange) -> EmailChange:
    """“This was not me”: nothing changes, and whoever knew the password is out.

    The password counts no more, which ends every login; a new one is set by a reset, whose code
    goes to the present address.
    """
    change = _lock_open(change)
    user = change.user
    user.set_unusable_password()
    user.save(update_fields=["password"])
    audit.record("user.email_change_objected", by=user, about=user)
    emails_account.email_change_stopped(user)
    return _end(change, _End.OBJECTED)


def apply_changes() -> int:
    """Let take effect what nobody objected to in time; returns how many. A sweep."""
    applied = 0
    for pk in EmailChange.objects.due().values_list("pk", flat=True):
        with transaction.atomic():
            due = EmailChange.objects.due().select_for_update(of=("self",), skip_locked=True)
            change = due.select_related("user").filter(pk=pk).first()
            if change is not None:
                _apply(change, _End.NO_OBJECTION)
                applied += 1
    return applied


def _lock_open(change: EmailChange) -> EmailChange:
    found = (
        EmailChange.objects.open()
        .select_for_update(of=("self",))
        .select_related("user")
        .filter(pk=change.pk)
        .first()
    )
    if found is None:
        raise ActionRefused(_("This change has been made, taken back or replaced meanwhile."))
    return found


def _apply(change: EmailChange, end: EmailChange.End) -> EmailChange:
    user, new = change.user, change.new_email
    former = user.email
    try:
        with transaction.atomic():
            user.email = new
            user.save(update_fields=["email"])
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=new, primary=True, verified=True)
    except IntegrityError:  # somebody else took it while we waited
        user.email = former
        emails_account.email_change_failed(user)
        return _end(change, _End.TAKEN)
    audit.record("user.email_changed", by=user, about=user, how=str(end))
    emails_account.email_changed(user, former=former)
    return _end(change, end)


def _end(change: EmailChange, end: EmailChange.End) -> EmailChange:
    change.end, change.ended_at, change.new_email = end, timezone.now(), ""
    change.save(update_fields=["end", "ended_at", "new_email"])
    return change
