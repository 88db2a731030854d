"""The secretariat's inbox of Connect messages."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from alliance.admin_selection import SoundSelection
from alliance.audit import record
from alliance.exceptions import ActionRefused
from alliance.models import Term
from organizations.actions.connect import discard_message, release_message
from organizations.actions.connect_thread import mark_dealt_with
from organizations.admin import connect_page
from organizations.admin.reading import PageAdmin
from organizations.connect_routing import INBOX_ROLES
from organizations.forms.connect import REASONS
from organizations.models import ConnectMessage, ConnectRoute, User
from organizations.people import signed_in
from organizations.permissions import can_read_concerns, can_work_inbox


class WhoseFilter(admin.SimpleListFilter):
    title = _("assigned to")
    parameter_name = "whose"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [("mine", _("Me")), ("nobody", _("Nobody")), ("waiting", _("Waiting for me"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ConnectMessage]
    ) -> QuerySet[ConnectMessage]:
        user = signed_in(request)
        match self.value():
            case "mine":
                return queryset.filter(assignee=user)
            case "nobody":
                return queryset.filter(assignee=None)
            case "waiting":
                waiting = ConnectMessage.objects.waiting_for(
                    user, may_read_concerns=can_read_concerns(user)
                )
                return queryset.filter(pk__in=waiting.values("pk"))
        return queryset


class StatusFilter(admin.SimpleListFilter):
    """As Django's own, but what is held back has a place of its own, outside of all others."""

    title = _("status")
    parameter_name = "status__exact"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [*ConnectMessage.Status.choices]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ConnectMessage]
    ) -> QuerySet[ConnectMessage]:
        chosen = self.value()
        if chosen in ConnectMessage.Status.values:
            return queryset.filter(status=chosen)
        return queryset.exclude(status=ConnectMessage.Status.HELD)


class OverdueFilter(admin.SimpleListFilter):
    title = _("time")
    parameter_name = "overdue"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [("yes", _("Overdue"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ConnectMessage]
    ) -> QuerySet[ConnectMessage]:
        overdue = ConnectMessage.objects.overdue()
        return queryset.filter(pk__in=overdue.values("pk")) if self.value() == "yes" else queryset


class ConnectMessageAdmin(SoundSelection, PageAdmin):
    """Messages are answered on their page; nobody changes what was written."""

    list_display = ("created_at", "name", "organization", "reason", "assignee", "status_pill")
    list_display_links = ("created_at", "name")
    list_filter = (
        StatusFilter,
        OverdueFilter,
        WhoseFilter,
        ("reason", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("reason", "assignee")
    search_fields = ("name", "email", "organization", "message", "replies__text")
    search_help_text = _("Name, address, organization or words of the thread")
    actions = ("deal_with", "release", "discard")

    def may_enter(self, user: User) -> bool:
        return can_work_inbox(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConnectMessage]:
        return ConnectMessage.objects.open_to(may_read_concerns=can_read_concerns(request.user))

    @admin.display(description=_("Status"), ordering="status")
    def status_pill(self, message: ConnectMessage) -> SafeString:
        shown = format_html(
            '<span class="pill" data-state="{}">{}</span>',
            message.pill,
            message.get_status_display(),
        )
        if message.is_overdue:
            return format_html('{} <span class="late">{}</span>', shown, gettext("Overdue"))
        return shown

    @admin.action(description=_("Mark as dealt with"), permissions=["view"])
    def deal_with(self, request: HttpRequest, queryset: QuerySet[ConnectMessage]) -> None:
        found = list(queryset)
        for message in found:
            mark_dealt_with(message, by=signed_in(request))
        text = ngettext(
            "%(count)d message is marked as dealt with.",
            "%(count)d messages are marked as dealt with.",
            len(found),
        )
        self.message_user(request, text % {"count": len(found)}, messages.SUCCESS)

    @admin.action(description=_("Let through what is held back"), permissions=["view"])
    def release(self, request: HttpRequest, queryset: QuerySet[ConnectMessage]) -> None:
        count = self._with_held(queryset, lambda held: release_message(held, by=signed_in(request)))
        text = ngettext("%d message is let through.", "%d messages are let through.", count)
        self.message_user(request, text % count, messages.SUCCESS if count else messages.WARNING)

    @admin.action(description=_("Delete what is held back"), permissions=["view"])
    def discard(self, request: HttpRequest, queryset: QuerySet[ConnectMessage]) -> None:
        count = self._with_held(queryset, lambda held: discard_message(held, by=signed_in(request)))
        text = ngettext("%d message is deleted.", "%d messages are deleted.", count)
        self.message_user(request, text % count, messages.SUCCESS if count else messages.WARNING)

    def _with_held(
        self, queryset: QuerySet[ConnectMessage], act: Callable[[ConnectMessage], object]
    ) -> int:
        """Act on those that are held back, and leave the others; returns how many."""
        count = 0
        for message in queryset.filter(status=ConnectMessage.Status.HELD):
            with suppress(ActionRefused):  # a colleague was quicker
                act(message)
                count += 1
        return count

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return connect_page.page(request, self.message(request, object_id))

    def message(self, request: HttpRequest, object_id: str) -> ConnectMessage:
        """The one asked for, if this person may read it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self.get_object(request, object_id)
        if not isinstance(found, ConnectMessage):
            raise Http404
        return found

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                f"<str:object_id>/{name.replace('_', '-')}/",
                self.admin_site.admin_view(require_POST(self._act(view))),
                name=f"organizations_connectmessage_{name}",
            )
            for name, view in connect_page.ACTS.items()
        ] + super().get_urls()

    def _act(self, view: connect_page.Act) -> Callable[..., HttpResponse]:
        def act(request: HttpRequest, object_id: str) -> HttpResponse:
            return view(request, self.message(request, object_id))

        return act


class ConnectRouteForm(forms.ModelForm[ConnectRoute]):
    """Staff of the inbox alone are told; of a concern, those who may read it."""

    class Meta:
        model = ConnectRoute
        fields = ("reason", "role", "people", "assignee")
        widgets = {"people": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = User.objects.filter(
            is_staff=True, is_active=True, groups__name__in=INBOX_ROLES
        ).distinct()
        choices: dict[str, QuerySet[Any]] = {
            "reason": Term.objects.filter(vocabulary=REASONS),
            "people": staff,
            "assignee": staff,
        }
        for name, rows in choices.items():
            if name in self.fields:
                field: Any = self.fields[name]
                field.queryset = rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reason = cleaned.get("reason")
        if reason is None or reason.data.get("queue") != "restricted":
            return cleaned
        people = [*(cleaned.get("people") or ()), cleaned.get("assignee")]
        if any(person is not None and not can_read_concerns(person) for person in people):
            self.add_error(None, _("Only senior reviewers and administrators read concerns."))
        if cleaned.get("role") == ConnectRoute.Role.REVIEWER:
            self.add_error("role", _("Only senior reviewers and administrators read concerns."))
        return cleaned


class ConnectRouteAdmin(SoundSelection, admin.ModelAdmin[ConnectRoute]):
    """Who is told of messages with which reason; administrators set it up."""

    form = ConnectRouteForm
    list_display = ("reason", "role", "assignee")
    list_select_related = ("reason", "assignee")

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Django's own fields, without its buttons to add and change what is chosen from."""
        return db_field.formfield(**kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        record(
            "connect_route.changed" if change else "connect_route.added",
            by=signed_in(request),
            about=form.instance,
            internal=True,
            fields=form.changed_data,
        )

    def delete_model(self, request: HttpRequest, obj: ConnectRoute) -> None:
        record("connect_route.removed", by=signed_in(request), about=obj, internal=True)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ConnectRoute]) -> None:
        """Chosen in the list: each leaves its event as well."""
        for route in queryset:
            self.delete_model(request, route)
