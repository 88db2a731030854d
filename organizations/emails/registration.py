"""The mails about accounts that are ours; those of logging in come from allauth's flows."""

from django.conf import settings
from django.urls import reverse

from alliance.emails import queue_mail
from organizations.models import User


def welcome(user: User) -> None:
    """Sent once, when the address is confirmed: what can be done now."""
    queue_mail(
        "welcome", user.email, {"user": user, "start_url": settings.SITE_URL + reverse("dashboard")}
    )
