"""The list of subscriptions to the news."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.admin_selection import SoundSelection
from organizations.models import Subscription


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


class SubscriptionAdmin(SoundSelection, admin.ModelAdmin):
    """Who gets the news; an address is added and ended by its owner alone."""

    list_display = ("email", "asked_at", "confirmed_at", "ended_at")
    list_filter = (StateFilter,)
    list_per_page = 50
    search_fields = ("email",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Subscription | None = None) -> bool:
        return False
