"""Rows of the admin that people read and nobody edits; some have a page of our own."""

import re
from typing import Any, cast

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from alliance.drawing import kept
from alliance.workflow import State
from organizations.models import User
from organizations.permissions import can_review_organization, is_reviewer

_NUMBER = re.compile(r"[0-9]{1,18}")


def number_of(object_id: str | int) -> int:
    """The number of a row in an address; 0, which no row has, for what cannot be one."""
    text = str(object_id)
    return int(text) if _NUMBER.fullmatch(text) else 0


def pill(state: State) -> SafeString:
    """A state as lists show it; they show few of them, hundreds of times."""
    label = str(state.label)

    def draw() -> SafeString:
        return format_html('<span class="pill" data-state="{}">{}</span>', state.pill, label)

    return kept(("pill", state.pill, label), draw)


class ReadingAdmin(admin.ModelAdmin[Any]):
    """Open to reviewers, or to whom `may_enter` says."""

    list_per_page = 50
    show_full_result_count = False
    actions: Any = None

    def may_enter(self, user: User) -> bool:
        return is_reviewer(user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and self.may_enter(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class PageAdmin(ReadingAdmin):
    """Rows with a `page` whose buttons move them on."""

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page of one row: each kind of row has its own."""
        raise NotImplementedError

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of the row in place of Django's form."""
        return self.page(request, object_id)


class CaseAdmin(PageAdmin):
    """Rows about an organization.

    All pages of a row, its history as well, are closed to staff who belong to the organization.
    """

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may_enter = super().has_view_permission(request, obj)
        if obj is None or not may_enter:
            return may_enter
        return can_review_organization(cast(User, request.user), obj.organization)

    @admin.display(description=_("State"), ordering="status")
    def state_pill(self, case: Any) -> SafeString:
        return pill(case.state)

    @admin.display(description=_("Days in state"), ordering="-status_at")
    def days_in_state(self, case: Any) -> int:
        return (timezone.now() - case.status_at).days
