"""What the first page of the secretariat tells of organizations and of messages."""

from django.contrib import admin
from django.db.models import Count as CountRows
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.start_page import Count, Part
from organizations.admin.due_diligence import CycleFilter, cycles_that_count, tabs
from organizations.models import ConnectMessage, Hit
from organizations.models.conflict import closed_to
from organizations.people import signed_in
from organizations.permissions import is_reviewer


def checks(request: HttpRequest) -> Part | None:
    """Due diligence that waits, hits to decide, and clearances that end."""
    user = signed_in(request)
    if not is_reviewer(user):
        return None
    conditions = {name: tabs()[name] for name in ("work", "ending")}
    numbers = cycles_that_count(user).aggregate(
        **{name: CountRows("pk", filter=rows) for name, (_label, rows) in conditions.items()}
    )
    work, ending = (
        Count(
            label=label,
            number=numbers[name],
            address=reverse(
                "admin:organizations_duediligence_changelist",
                query={CycleFilter.parameter_name: name},
            ),
        )
        for name, (label, _rows) in conditions.items()
    )
    hits = Count(
        label=_("Open hits"),
        number=Hit.objects.open().exclude(closed_to(user)).count(),
        address=reverse("admin:organizations_hit_changelist"),
    )
    return Part(title=_("Due diligence"), counts=(work, hits, ending))


def messages(request: HttpRequest) -> Part | None:
    """New messages from Connect that this person may read."""
    inbox = admin.site.get_model_admin(ConnectMessage)
    if not inbox.has_view_permission(request):
        return None
    new = ConnectMessage.Status.NEW
    count = Count(
        label=_("New messages"),
        number=inbox.get_queryset(request).filter(status=new).count(),
        address=reverse(
            "admin:organizations_connectmessage_changelist", query={"status__exact": new}
        ),
    )
    overdue = Count(
        label=_("Overdue messages"),
        number=inbox.get_queryset(request).filter(pk__in=ConnectMessage.objects.overdue()).count(),
        address=reverse("admin:organizations_connectmessage_changelist", query={"overdue": "yes"}),
        is_late=True,
    )
    held = Count(
        label=_("Held back, to be looked at"),
        number=inbox.get_queryset(request).filter(status=ConnectMessage.Status.HELD).count(),
        address=reverse(
            "admin:organizations_connectmessage_changelist",
            query={"status__exact": ConnectMessage.Status.HELD},
        ),
    )
    return Part(title=_("Connect"), counts=(count, overdue, held))
