"""Who may do what in the library. The rights come with the staff's groups."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from knowledge.models import Report
from knowledge.models.report import ReportQuerySet
from organizations.groups import ADMINISTRATOR, LIBRARY_EDITOR, grant
from organizations.models import User

# Of reports the admin lets drafts be deleted, nothing else; an edition keeps its address.
EDITING = (
    *(f"knowledge.{verb}_report" for verb in ("view", "add", "change", "delete")),
    *(f"knowledge.{verb}_reportauthor" for verb in ("view", "add", "change", "delete")),
    *(f"knowledge.{verb}_edition" for verb in ("view", "add", "change")),
)


def load_rights() -> None:
    """Let library editors and administrators work in the library; may run again and again."""
    for role in (LIBRARY_EDITOR, ADMINISTRATOR):
        grant(role, EDITING)


def can_edit_library(user: AbstractBaseUser | AnonymousUser) -> bool:
    return isinstance(user, User) and user.is_staff and user.has_perm("knowledge.change_report")


def can_read_downloads(user: AbstractBaseUser | AnonymousUser) -> bool:
    """How often reports were downloaded is told to those who work on them."""
    return can_edit_library(user)


def reports_visible_to(user: AbstractBaseUser | AnonymousUser) -> ReportQuerySet:
    """Editors see every report, everybody else what has or had a public page."""
    return Report.objects.all() if can_edit_library(user) else Report.objects.known()
