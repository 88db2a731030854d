"""The mail about the sanctions list; to the secretariat alone."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from alliance.emails import queue_mail


def list_is_stale(last: datetime | None) -> None:
    """The list was not read for two days, or never: what is screened now may miss listings."""
    address = reverse("admin:organizations_listimport_changelist")
    queue_mail(
        "sanctions_list_stale",
        settings.SECRETARIAT_EMAIL,
        {"last": last, "list_url": settings.SITE_URL + address},
    )
