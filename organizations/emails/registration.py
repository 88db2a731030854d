"""The mails about accounts that are ours; those of logging in come from allauth's flows."""

from django.conf import settings
from django.urls import reverse

from alliance.emails import queue_mail
from organizations.models import Membership, User


def welcome(user: User) -> None:
    """Sent once, when the address is confirmed: what can be done now."""
    is_member = Membership.objects.filter(user=user).exists()
    page = reverse("dashboard" if is_member else "join")
    context = {"user": user, "is_member": is_member, "start_url": settings.SITE_URL + page}
    queue_mail("welcome", user.email, context)
