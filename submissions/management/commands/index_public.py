"""Makes anew what anybody finds of Demands and Offers."""

from typing import Any

from django.core.management.base import BaseCommand

from submissions.models import Submission
from submissions.public.writing import follow_locked, take_up_missed


class Command(BaseCommand):
    help = (
        "Write the public entries of all published Demands and Offers anew, and drop those of "
        "others. The worker does what is missing by itself: this is for entries that are wrong."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        published = Submission.objects.published().order_by("pk")
        rows = list(published.values_list("pk", flat=True))
        for pk in rows:
            follow_locked(Submission(pk=pk))
        while take_up_missed():
            pass
        self.stdout.write(f"Public entries: {len(rows)}.")
