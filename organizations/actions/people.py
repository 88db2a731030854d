"""The accounts of the secretariat, looked after by administrators; never by oneself."""

from collections.abc import Collection

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from organizations.emails import account as emails_account
from organizations.groups import ROLES, codes_of
from organizations.models import User
from organizations.permissions import can_manage_people, is_administrator, roles_of

_NOT_YOURS = _("Another administrator has to do this: nobody changes the rights of their own.")


@transaction.atomic
def invite_staff(
    *, by: User, email: str, first_name: str, last_name: str, roles: Collection[str]
) -> User:
    """Make an account for a colleague, who sets the password by a link in a mail.

    The second factor is asked for at the door of the admin, which stays shut without one.
    """
    if not is_administrator(by):
        raise ActionRefused(_NOT_YOURS)
    user = User(email=email.lower(), first_name=first_name, last_name=last_name, is_staff=True)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise ActionRefused(
            _("There is an account with this address already: open it to give it a role.")
        ) from None
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    user.groups.set(Group.objects.filter(name__in=_known(roles)))
    audit.record("user.invited", by=by, about=user, roles=codes_of(roles))
    emails_account.staff_invitation(user)
    return user


@transaction.atomic
def resend_staff_invitation(user: User, *, by: User) -> User:
    user = _lock(user, by)
    if user.has_usable_password():
        raise ActionRefused(_("This person has set a password already."))
    audit.record("user.invited", by=by, about=user, roles=codes_of(roles_of(user)))
    emails_account.staff_invitation(user)
    return user


@transaction.atomic
def take_up_staff_invitation(user: User, *, password: str) -> User:
    """Set the first password; the link proved the address."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.has_usable_password() or not user.is_active:
        raise ActionRefused(_("This invitation has been used already. Please log in."))
    user.set_password(password)
    user.save(update_fields=["password"])
    EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)
    audit.record("user.email_confirmed", by=user, about=user, first=True)
    return user


@transaction.atomic
def set_roles(user: User, *, by: User, roles: Collection[str]) -> User:
    """Give and take roles; who has none left is no longer staff."""
    user = _lock(user, by)
    wanted = _known(roles)
    before = set(user.groups.values_list("name", flat=True))
    if before == wanted and user.is_staff == bool(wanted):
        return user
    user.groups.set(Group.objects.filter(name__in=wanted))
    user.is_staff = bool(wanted)
    user.save(update_fields=["is_staff"])
    audit.record(
        "user.roles_changed", by=by, about=user, before=codes_of(before), after=codes_of(wanted)
    )
    end_sessions(user)
    emails_account.roles_changed(user, roles=sorted(wanted))
    return user


@transaction.atomic
def deactivate(user: User, *, by: User) -> User:
    """Close an account: nobody logs in with it, and nothing of it is lost."""
    user = _lock(user, by)
    if not user.is_active:
        return user
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    audit.record("user.deactivated", by=by, about=user)
    return user


@transaction.atomic
def activate(user: User, *, by: User) -> User:
    user = _lock(user, by)
    if user.erased_at is not None:
        raise ActionRefused(_("This person has had their data erased."))
    if user.is_active:
        return user
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record("user.activated", by=by, about=user)
    return user


@transaction.atomic
def reset_second_factor(user: User, *, by: User) -> User:
    """Take a lost second factor off an account; its person sets a new one up at the next login."""
    user = _lock(user, by)
    removed, _rows = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise ActionRefused(_("This account has no second factor."))
    end_sessions(user)
    audit.record("user.second_factor_reset", by=by, about=user)
    emails_account.second_factor_reset(user)
    return user


def end_sessions(user: User) -> None:
    """Log the person out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def _lock(user: User, by: User) -> User:
    """The account, locked together with that of whoever acts.

    So of two administrators who take the role of each other at once the second one has none any
    more: one always stays, because nobody takes their own.
    """
    both = User.objects.filter(pk__in=[user.pk, by.pk]).order_by("pk").select_for_update()
    locked = {person.pk: person for person in both}
    if not can_manage_people(locked[by.pk], user):
        raise ActionRefused(_NOT_YOURS)
    return locked[user.pk]


def _known(roles: Collection[str]) -> set[str]:
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise LookupError(f"No such roles: {sorted(unknown)}")
    return set(roles)
