"""Who may do what in the library. The rights come with the staff's groups."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from knowledge.models import Report
from knowledge.models.report import ReportQuerySet
from organizations.models import User


def can_edit_library(user: AbstractBaseUser | AnonymousUser) -> bool:
    return isinstance(user, User) and user.is_staff and user.has_perm("knowledge.change_report")


def reports_visible_to(user: AbstractBaseUser | AnonymousUser) -> ReportQuerySet:
    """Editors see every report, everybody else what has or had a public page."""
    return Report.objects.all() if can_edit_library(user) else Report.objects.known()
