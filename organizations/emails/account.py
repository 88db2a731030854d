"""Mails about the safety of an account, beside those of allauth's flows."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.emails import queue_mail
from organizations import links
from organizations.models import EmailChange, User


def email_change_asked(change: EmailChange) -> None:
    """To the present address, which can agree or object."""
    context = {
        "user": change.user,
        "new_email": change.new_email,
        "confirm_link": links.confirm_link(change),
        "object_link": links.object_link(change),
        "day": change.takes_effect_at,
    }
    queue_mail("email_change_asked", change.user.email, context, is_secret=True)


def email_changed(user: User, *, former: str) -> None:
    """To both addresses."""
    context = {"user": user, "former": former, "link": _page("connect")}
    for address in (former, user.email):
        queue_mail("email_changed", address, context)


def email_change_stopped(user: User) -> None:
    context = {"user": user, "link": _page("account_reset_password")}
    queue_mail("email_change_stopped", user.email, context)


def email_change_failed(user: User) -> None:
    queue_mail("email_change_failed", user.email, {"user": user, "link": _page("account_email")})


def staff_invitation(user: User) -> None:
    context = {"user": user, "link": links.staff_invitation_link(user)}
    queue_mail("staff_invitation", user.email, context, is_secret=True)


def roles_changed(user: User, *, roles: Sequence[str]) -> None:
    context = {"user": user, "roles": ", ".join(roles) or _("none")}
    queue_mail("staff_roles_changed", user.email, context)


def second_factor_reset(user: User) -> None:
    queue_mail("second_factor_reset", user.email, {"user": user, "link": _page("account_login")})


def _page(name: str) -> str:
    return settings.SITE_URL + reverse(name)
