"""What administrators see of the ground: vocabularies, countries, the outbox and the trail."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance import admin_outbox, admin_vocabularies
from alliance.models import Event, OutgoingMail
from alliance.start_page import Count, Part

admin_vocabularies.register(admin.site)
admin_outbox.register(admin.site)


class _ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that the portal writes: people read them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def failed_mails(request: HttpRequest) -> Part | None:
    """For the start page: what could not be handed over, for whoever looks after the outbox."""
    if not admin.site.get_model_admin(OutgoingMail).has_view_permission(request):
        return None
    count = Count(
        label=_("Mails that failed"),
        number=OutgoingMail.objects.failed().count(),
        address=reverse(
            "admin:alliance_outgoingmail_changelist", query={"status__exact": "failed"}
        ),
        is_late=True,
    )
    return Part(title=_("Mail"), counts=(count,))


@admin.register(Event)
class EventAdmin(_ReadOnlyAdmin):
    """The trail, newest first."""

    list_display = ("at", "name", "actor_id", "subject_type", "subject_id", "internal")
    list_filter = ("name",)
    search_fields = ("=subject_id",)
    show_full_result_count = False
