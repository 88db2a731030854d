"""Whom a Connect message goes to: by its reason, as administrators have set it up."""

from django.db.models import Q

from organizations.groups import ADMINISTRATOR, REVIEWER, SENIOR_REVIEWER
from organizations.models import ConnectMessage, ConnectRoute, User
from organizations.permissions import can_handle_message

INBOX_ROLES = (REVIEWER, SENIOR_REVIEWER, ADMINISTRATOR)


def route_of(message: ConnectMessage) -> ConnectRoute | None:
    if message.reason_id is None:
        return None
    return ConnectRoute.objects.filter(reason=message.reason_id).select_related("assignee").first()


def told_by(route: ConnectRoute | None, message: ConnectMessage) -> list[User]:
    """Who is written to; nobody stands for the secretariat's mailbox."""
    if route is None:
        return []
    chosen = Q(pk__in=route.people.values("pk")) | Q(pk=route.assignee_id)
    if route.role:
        chosen |= Q(groups__name=route.role)
    people = User.objects.filter(chosen, is_active=True, is_staff=True).distinct().order_by("pk")
    return [person for person in people if can_handle_message(person, message)]


def assigned_by(route: ConnectRoute | None, message: ConnectMessage) -> User | None:
    person = route.assignee if route else None
    return person if person is not None and can_handle_message(person, message) else None


def colleagues_for(message: ConnectMessage) -> list[User]:
    """To whom it can be assigned, by name."""
    roles = INBOX_ROLES[1:] if message.is_concern else INBOX_ROLES
    people = User.objects.filter(is_active=True, is_staff=True, groups__name__in=roles)
    return list(people.distinct().order_by("first_name", "last_name", "pk"))
