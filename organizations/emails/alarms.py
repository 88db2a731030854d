"""The mail about what needs somebody; to administrators."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from alliance.emails import queue_mail
from alliance.models import Alarm
from organizations.models import User


def alarms_raised(administrator: User, alarms: Sequence[Alarm]) -> None:
    """Something is wrong with the portal itself, for some minutes by now."""
    link = settings.SITE_URL + reverse("admin:index")
    context = {"user": administrator, "alarms": alarms, "link": link}
    queue_mail("alarms_raised", administrator.email, context)
