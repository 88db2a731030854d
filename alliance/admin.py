"""What administrators see of the ground: vocabularies, countries, the outbox and the trail."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from alliance import admin_vocabularies
from alliance.models import Event, OutgoingMail
from alliance.start_page import Count, Part

admin_vocabularies.register(admin.site)


class _ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that the portal writes: people read them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(OutgoingMail)
class OutgoingMailAdmin(_ReadOnlyAdmin):
    """What was sent, what failed and why. Codes and links that open an account stay hidden."""

    list_display = ("subject", "recipient", "status", "attempts", "created_at", "sent_at")
    list_filter = ("status", "message")
    search_fields = ("recipient", "subject")
    fields = (
        "message",
        "recipient",
        "subject",
        "status",
        "attempts",
        "next_attempt_at",
        "last_error",
        "created_at",
        "sent_at",
        "readable_text",
    )
    readonly_fields = fields
    actions = ("send_again",)
    show_full_result_count = False

    @admin.display(description=_("Text"))
    def readable_text(self, mail: OutgoingMail) -> str:
        if mail.is_secret:
            return gettext("Shown to nobody but its recipient.")
        return mail.text

    @admin.action(description=_("Send again what failed"), permissions=["view"])
    def send_again(self, request: HttpRequest, mails: QuerySet[OutgoingMail]) -> None:
        count = mails.filter(status=OutgoingMail.Status.FAILED).update(
            status=OutgoingMail.Status.QUEUED, attempts=0, next_attempt_at=timezone.now()
        )
        self.message_user(
            request,
            ngettext("%d mail is sent again.", "%d mails are sent again.", count) % count,
        )


def failed_mails(request: HttpRequest) -> Part | None:
    """For the start page: what could not be handed over, for whoever looks after the outbox."""
    if not admin.site.get_model_admin(OutgoingMail).has_view_permission(request):
        return None
    failed = OutgoingMail.Status.FAILED
    count = Count(
        label=_("Mails that failed"),
        number=OutgoingMail.objects.filter(status=failed).count(),
        address=reverse("admin:alliance_outgoingmail_changelist", query={"status__exact": failed}),
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
