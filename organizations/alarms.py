"""Alarms: what organizations add to them, and telling the administrators."""

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from alliance.alarms import Trouble, take_new
from alliance.models import Alarm
from organizations.emails import alarms as emails_alarms
from organizations.groups import ADMINISTRATOR
from organizations.models import ListImport, User


def of_sanctions_list() -> Iterator[Trouble]:
    """The list that should be read and was not for two days."""
    last = ListImport.objects.last_success() if settings.SANCTIONS_LIST_ADDRESS else None
    if last is not None and timezone.now() - last > ListImport.STALE_AFTER:
        yield Trouble(Alarm.Kind.LIST_OLD)


@transaction.atomic
def tell_of_alarms() -> int:
    """Write to every administrator once of what is newly wrong; returns how much is. A sweep."""
    new = take_new()
    if new:
        administrators = User.objects.filter(
            is_active=True, is_staff=True, groups__name=ADMINISTRATOR
        )
        for administrator in administrators:
            emails_alarms.alarms_raised(administrator, new)
    return len(new)
