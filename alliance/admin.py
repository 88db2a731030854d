"""What administrators see of the ground: vocabularies, countries, the outbox and the trail."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance import admin_outbox, admin_vocabularies
from alliance.admin_events import EventAdmin
from alliance.models import Event, OutgoingMail
from alliance.start_page import Count, Part

admin_vocabularies.register(admin.site)
admin.site.register(Event, EventAdmin)
admin_outbox.register(admin.site)


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
