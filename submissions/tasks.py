"""Work that is left to the worker; each does what rows say is due, and may run twice."""

import logging
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django_tasks import task

from organizations.emails import my_data as emails_my_data
from submissions.exporting import make_export
from submissions.list_exporting import make_list_export
from submissions.models import DataExport, ListExport

log = logging.getLogger(__name__)


@task()
def make_exports() -> None:
    """Enqueued when somebody asks for their data, so that it is made at once."""
    make_due_exports()


def make_due_exports() -> int:
    """Make the exports that people wait for, and tell them; returns how many. A sweep."""
    waiting = list(DataExport.objects.due().values_list("pk", flat=True))
    return sum(_make(pk) for pk in waiting)


@transaction.atomic
def _make(pk: UUID) -> bool:
    """Make one export under its row's lock, unless another worker is at it or has done it."""
    due = DataExport.objects.due().filter(pk=pk)
    export = due.select_for_update(skip_locked=True).first()
    if export is None:
        return False
    export.attempts += 1
    try:
        with transaction.atomic():
            make_export(export)
            emails_my_data.export_ready(
                export.person,
                page_url=settings.SITE_URL + reverse("my_data"),
                days=DataExport.KEPT_FOR.days,
            )
    except Exception:
        log.exception("export of data failed", extra={"export": str(export.pk)})
        DataExport.objects.filter(pk=export.pk).update(attempts=export.attempts)
        return False
    return True


@task()
def make_list_exports() -> None:
    """Enqueued when somebody asks for a list, so that it is made at once."""
    make_due_list_exports()


def make_due_list_exports() -> int:
    """Make the lists that staff wait for, the oldest first; returns how many. A sweep."""
    waiting = ListExport.objects.due().order_by("pk").values_list("pk", flat=True)
    return sum(make_list_export(pk) for pk in list(waiting))
