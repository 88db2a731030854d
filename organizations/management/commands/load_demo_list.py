from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from organizations.models import SanctionsSnapshot
from organizations.screening.benchmark import OWN_COPY
from organizations.screening.snapshots import import_list


class Command(BaseCommand):
    help = "Take the copy of the sanctions list that comes with the portal (local mode only)."

    def handle(self, **options: Any) -> None:
        if not settings.LOCAL_MODE:
            raise CommandError("The copy is old: take a list with import_sanctions_list.")
        if SanctionsSnapshot.objects.current() is None:
            import_list(str(OWN_COPY))
