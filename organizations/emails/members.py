"""Mails about who belongs to an organization."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from alliance.emails import queue_mail
from organizations import links
from organizations.models import Invitation, JoinRequest, Membership, Organization, User


def invitation(row: Invitation) -> None:
    """To the invited address; the same whether it has an account or not."""
    context = {
        "inviter": row.invited_by,
        "organization": row.organization,
        "role": row.get_role_display().lower(),
        "link": links.invitation_link(row),
    }
    queue_mail("invitation", row.email, context, is_secret=True)


def invitation_accepted(membership: Membership) -> None:
    """To the owners, but for the one who has just come."""
    context = {
        "person": membership.user,
        "organization": membership.organization,
        "role": membership.get_role_display().lower(),
        "link": _page("members"),
    }
    _to_all(owners_of(membership.organization, but=membership.user), "invitation_accepted", context)


def role_changed(membership: Membership, *, by: User) -> None:
    context = {
        "user": membership.user,
        "by": by,
        "organization": membership.organization,
        "role": membership.get_role_display().lower(),
        "link": _page("organization"),
    }
    queue_mail("member_role_changed", membership.user.email, context)


def removed(membership: Membership) -> None:
    context = {
        "user": membership.user,
        "organization": membership.organization,
        "link": _page("join"),
    }
    queue_mail("member_removed", membership.user.email, context)


def left(membership: Membership) -> None:
    """To the owners who stay."""
    context = {
        "person": membership.user,
        "organization": membership.organization,
        "link": _page("members"),
    }
    _to_all(owners_of(membership.organization, but=membership.user), "member_left", context)


def join_asked(request: JoinRequest) -> None:
    """To the owners, who answer it."""
    assert request.organization is not None
    context = {
        "person": request.user,
        "email": request.user.email,
        "function": request.function,
        "organization": request.organization,
        "message": request.message,
        "link": _page("members"),
    }
    _to_all(owners_of(request.organization), "join_asked", context)


def join_waits_for_staff(count: int) -> None:
    link = _page("admin:organizations_joinrequest_changelist")
    queue_mail("join_waits_for_staff", settings.SECRETARIAT_EMAIL, {"count": count, "link": link})


def join_accepted(request: JoinRequest) -> None:
    context = {
        "user": request.user,
        "organization": request.organization,
        "link": _page("organization"),
    }
    queue_mail("join_accepted", request.user.email, context)


def join_declined(request: JoinRequest) -> None:
    """Says the name as it was typed: whether it is registered is not for this person to know."""
    context = {"user": request.user, "name": request.typed_name, "link": _page("connect")}
    queue_mail("join_declined", request.user.email, context)


def join_passed_on(user: User, organization: Organization) -> None:
    """To somebody whose registration the secretariat takes for a second one."""
    context = {"user": user, "organization": organization, "link": _page("connect")}
    queue_mail("join_passed_on", user.email, context)


def owners_of(organization: Organization, *, but: User | None = None) -> Iterable[User]:
    """Those whose account is open."""
    owners = User.objects.filter(
        memberships__organization=organization,
        memberships__role=Membership.Role.OWNER,
        is_active=True,
    )
    return owners.exclude(pk=but.pk) if but is not None else owners


def _to_all(people: Iterable[User], message: str, context: dict[str, Any]) -> None:
    for person in people:
        queue_mail(message, person.email, {"user": person, **context})


def _page(name: str) -> str:
    return settings.SITE_URL + reverse(name)
