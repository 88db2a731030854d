"""The roles of the secretariat: Django groups, and what each may touch in the admin.

Which queue a person works and what they may decide stands in `permissions.py` of each app.
"""

from collections.abc import Iterable

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.text import slugify

REVIEWER = "Reviewer"
SENIOR_REVIEWER = "Senior reviewer"
LIBRARY_EDITOR = "Library editor"
ADMINISTRATOR = "Administrator"

ROLES = (REVIEWER, SENIOR_REVIEWER, LIBRARY_EDITOR, ADMINISTRATOR)

_REVIEWING = (
    "organizations.view_organization",
    "organizations.view_membership",
    "organizations.view_duediligence",
    "organizations.view_user",
    "organizations.view_connectmessage",
    "organizations.change_connectmessage",
)
_EVERYTHING = ("view", "add", "change", "delete")
GRANTS: dict[str, tuple[str, ...]] = {
    REVIEWER: _REVIEWING,
    SENIOR_REVIEWER: _REVIEWING,
    LIBRARY_EDITOR: (),
    ADMINISTRATOR: (
        *_REVIEWING,
        "organizations.add_user",
        "organizations.change_user",
        "organizations.change_organization",
        "organizations.add_membership",
        "organizations.change_membership",
        *(f"organizations.{verb}_connectroute" for verb in _EVERYTHING),
        "organizations.view_subscription",
        "organizations.delete_subscription",
        *(f"alliance.{verb}_term" for verb in ("view", "add", "change")),
        *(f"alliance.{verb}_country" for verb in ("view", "change")),
        *(f"alliance.{verb}_countrygroupmembership" for verb in _EVERYTHING),
        "alliance.view_vocabulary",
        "alliance.change_vocabulary",
        "alliance.view_event",
        "alliance.view_outgoingmail",
        "auth.view_group",
    ),
}


@transaction.atomic
def load_groups() -> None:
    """Make the roles and what they may do; may run again and again.

    What staff granted a role besides is left alone.
    """
    for role in ROLES:
        grant(role, GRANTS[role])


def codes_of(roles: Iterable[str]) -> list[str]:
    """Roles as the event trail names them: "senior-reviewer"."""
    return sorted(map(slugify, roles))


def grant(role: str, names: Iterable[str]) -> None:
    """Let a role do what is named as in "knowledge.add_report"; unknown names raise LookupError.

    An app that stands above this one calls it for its own models.
    """
    group, _ = Group.objects.get_or_create(name=role)
    wanted = {(app, codename) for app, _, codename in (name.partition(".") for name in names)}
    for label in {app for app, _ in wanted}:
        # In a new database a migration runs before Django has written its permissions.
        create_permissions(apps.get_app_config(label), verbosity=0)
    found = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.select_related("content_type").filter(
            content_type__app_label__in={app for app, _ in wanted},
            codename__in={codename for _, codename in wanted},
        )
    }
    if missing := wanted - found.keys():
        raise LookupError(f"No such permissions: {sorted('.'.join(name) for name in missing)}")
    group.permissions.add(*(found[name] for name in wanted))
