"""The secretariat's inbox of Connect messages, and the list of subscriptions."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from organizations.actions.connect import mark_dealt_with, mark_new
from organizations.models import ConnectMessage, Subscription
from organizations.people import signed_in
from organizations.permissions import can_read_concerns

_WRITTEN = (
    "created_at",
    "name",
    "job_title",
    "organization",
    "answer_to",
    "reason_given",
    "about_page",
    "message",
)
_STATE = ("status", "status_at", "status_by", "who_reads")


class ConnectMessageAdmin(admin.ModelAdmin):
    """Messages are read and marked as dealt with; nobody changes what was written."""

    change_form_template = "admin/organizations/connectmessage/change_form.html"
    list_display = ("created_at", "name", "organization", "reason", "about_title", "status")
    list_display_links = ("created_at", "name")
    list_filter = ("status", ("reason", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("reason",)
    list_per_page = 50
    search_fields = ("name", "email", "organization", "message")
    actions = ("deal_with",)
    fieldsets = ((None, {"fields": _WRITTEN}), (_("Inbox"), {"fields": _STATE}))
    readonly_fields = (*_WRITTEN, *_STATE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConnectMessage]:
        return ConnectMessage.objects.open_to(may_read_concerns=can_read_concerns(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("Email"))
    def answer_to(self, message: ConnectMessage) -> SafeString:
        query = urlencode({"subject": _("Your message to the UNOSSC Alliance")}).replace("+", "%20")
        return format_html('<a href="mailto:{0}?{1}">{0}</a>', message.email, query)

    @admin.display(description=_("Reason for connecting:"))
    def reason_given(self, message: ConnectMessage) -> str:
        """In words: the page of the term is not for reviewers."""
        return str(message.reason or "–")

    @admin.display(description=_("About"))
    def about_page(self, message: ConnectMessage) -> SafeString | str:
        if not message.about_path:
            return "–"
        return format_html('<a href="{}">{}</a>', message.about_path, message.about_title)

    @admin.display(description=_("Who may read it"))
    def who_reads(self, message: ConnectMessage) -> str:
        if message.is_concern:
            return gettext("Senior reviewers and administrators: a concern is reported")
        return gettext("All reviewers")

    @admin.action(description=_("Mark as dealt with"), permissions=["change"])
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

    def save_model(
        self, request: HttpRequest, obj: ConnectMessage, form: ModelForm[Any], change: bool
    ) -> None:
        """The page of a message has no fields to save, only its two buttons."""
        if "_deal_with" in request.POST:
            mark_dealt_with(obj, by=signed_in(request))
        elif "_put_back" in request.POST:
            mark_new(obj, by=signed_in(request))


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [
            ("active", _("Subscribed")),
            ("unconfirmed", _("Not confirmed")),
            ("ended", _("Ended")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Subscription]
    ) -> QuerySet[Subscription]:
        match self.value():
            case "active":
                return queryset.filter(confirmed_at__isnull=False, ended_at__isnull=True)
            case "unconfirmed":
                return queryset.filter(confirmed_at__isnull=True, ended_at__isnull=True)
            case "ended":
                return queryset.filter(ended_at__isnull=False)
        return queryset


class SubscriptionAdmin(admin.ModelAdmin):
    """Who gets the news; an address is added and ended by its owner alone."""

    list_display = ("email", "asked_at", "confirmed_at", "ended_at")
    list_filter = (StateFilter,)
    list_per_page = 50
    search_fields = ("email",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Subscription | None = None) -> bool:
        return False
