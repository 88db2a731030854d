"""What needs somebody: looked for by the worker, shown to staff, told once by mail, gone when mended.

`ALARMS` in the settings names the functions of the apps that look. That no worker runs cannot be
told by one: the first page of the admin, `/health/work` and `/metrics` say it by themselves.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from alliance import replica_watch
from alliance.bounces import mailbox
from alliance.models import Alarm, BackupCopy, OutgoingMail, Sweep
from alliance.scanning import scanner_trouble
from alliance.sweeping import every_path
from alliance.trail_check import trail_trouble
from alliance.watching import disk_is_low, queues, uncopied_for

# What is over by itself within minutes is worth nobody's mail.
TOLD_AFTER = timedelta(minutes=3)
# What was away for less than this and is back is the same alarm, and was told.
SAME_WITHIN = timedelta(hours=1)
_FAILS_FOR = timedelta(minutes=10)
_STUCK_AFTER = timedelta(minutes=30)
_DAY = timedelta(days=1)

_Kind = Alarm.Kind


class Trouble(NamedTuple):
    """One thing that is wrong now, by its kind and, of several of a kind, which."""

    kind: str
    subject: str = ""


def current() -> list[Alarm]:
    """What is known to be wrong, the longest first. One query."""
    return list(Alarm.objects.filter(ended_at=None))


def take_new() -> list[Alarm]:
    """Look what is wrong and keep it; returns what is to be told now, each of it once.

    To be called in the transaction in which it is told: any number of workers may look at once.
    """
    tellers: list[Callable[[], Iterable[Trouble]]] = [import_string(p) for p in settings.ALARMS]
    keep({trouble for tell in tellers for trouble in tell()})
    now = timezone.now()
    untold = Alarm.objects.filter(ended_at=None, told_at=None, since__lte=now - TOLD_AFTER)
    new = list(untold.select_for_update())
    Alarm.objects.filter(pk__in=[alarm.pk for alarm in new]).update(told_at=now)
    return new


@transaction.atomic
def keep(found: set[Trouble]) -> None:
    """Write down what is wrong since now, and end what is not wrong any more."""
    now = timezone.now()
    rows = [Alarm(kind=kind, subject=subject, since=now) for kind, subject in sorted(found)]
    Alarm.objects.bulk_create(rows, ignore_conflicts=True)
    wrong = Q(pk__in=[])
    for trouble in found:
        wrong |= Q(kind=trouble.kind, subject=trouble.subject)
    over = Alarm.objects.filter(wrong, ended_at__isnull=False)
    over.filter(ended_at__lt=now - SAME_WITHIN).update(since=now, told_at=None, ended_at=None)
    over.update(ended_at=None)
    Alarm.objects.filter(ended_at=None).exclude(wrong).update(ended_at=now)


def of_queues() -> Iterator[Trouble]:
    """Queues whose oldest waits for too long."""
    return (Trouble(_Kind.QUEUE_LATE, queue.name) for queue in queues() if queue.is_late)


def of_sweeps() -> Iterator[Trouble]:
    """Sweeps that have failed for ten minutes without going well once."""
    failing = Sweep.objects.filter(
        path__in=every_path(), failing_since__lt=timezone.now() - _FAILS_FOR
    )
    return (Trouble(_Kind.SWEEP_FAILS, path) for path in failing.values_list("path", flat=True))


def of_mail() -> Iterator[Trouble]:
    """Mail tried in vain while nothing newer left, or given up in a day; mail back that nobody reads."""
    now = timezone.now()
    tried = OutgoingMail.objects.filter(status=OutgoingMail.Status.QUEUED, attempts__gt=0)
    stuck = tried.filter(created_at__lt=now - _STUCK_AFTER).order_by("id").first()
    sent = OutgoingMail.objects.filter(status=OutgoingMail.Status.SENT)
    if stuck is not None and not sent.filter(id__gt=stuck.pk).exists():
        yield Trouble(_Kind.MAIL_STUCK)
    if OutgoingMail.objects.failed().filter(next_attempt_at__gt=now - _DAY).exists():
        yield Trouble(_Kind.MAIL_FAILED)
    if mailbox.unread_for() > _DAY:
        yield Trouble(_Kind.MAILBOX)


def of_parts() -> Iterator[Trouble]:
    """The scanner, the trail, the disk and the replica."""
    if scanner_trouble():
        yield Trouble(_Kind.SCANNER)
    if trail_trouble():
        yield Trouble(_Kind.TRAIL)
    if disk_is_low():
        yield Trouble(_Kind.DISK_LOW)
    if replica_watch.is_in_trouble():
        yield Trouble(_Kind.REPLICA)


def of_copies() -> Iterator[Trouble]:
    """Copies that are not made any more, or never were."""
    age = uncopied_for()
    if age is not None and age > BackupCopy.STALE_AFTER:
        yield Trouble(_Kind.COPY_OLD)
