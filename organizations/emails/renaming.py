"""The mail about an institution's new name; to the secretariat alone."""

from django.conf import settings
from django.urls import reverse

from alliance.emails import queue_mail
from organizations.models import Organization, User


def renamed(organization: Organization, *, before: str, by: User) -> None:
    """To the secretariat: whether the new name fits what was checked, somebody has to see."""
    page = reverse("admin:organizations_organization_change", args=[organization.pk])
    queue_mail(
        "organization_renamed",
        settings.SECRETARIAT_EMAIL,
        {
            "organization": organization,
            "before": before,
            "by": by,
            "link": settings.SITE_URL + page,
        },
    )
