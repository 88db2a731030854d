"""Figures for Prometheus at `/metrics`, for whoever knows `METRICS_TOKEN`; for others no such page.

Requests are counted by each process and added up over those of this machine. Everything else is
rows, and is counted when somebody asks: each machine tells the same of it.
"""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from alliance import health, metrics_folder, request_metrics, watching
from alliance.bounces import mailbox
from alliance.middleware import public
from alliance.models import OutgoingMail, Sweep
from alliance.scanning import scanner_trouble
from alliance.sweeping import every_path, worker_seen_at
from alliance.trail_check import trail_trouble


@public
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything that is counted, as Prometheus reads it. 404 without the token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.METRICS_TOKEN
    if not wanted or not secrets.compare_digest(given.encode(), wanted.encode()):
        raise Http404
    state = CollectorRegistry()
    state.register(_State())
    found = generate_latest(_requests()) + generate_latest(state)
    return HttpResponse(found, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _requests() -> CollectorRegistry:
    """Those of all processes of this machine; of this one alone where it has no folder for them."""
    if not os.environ.get(metrics_folder.VARIABLE):
        return request_metrics.REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


class _State(Collector):
    """What the database, the disk and the other parts say at this moment."""

    def collect(self) -> Iterator[Metric]:
        parts = {"database": health.database_answers(), "cache": health.cache_answers()}
        yield _gauge("alliance_up", "1 where the part answers.", "part", parts)
        yield _gauge("alliance_free_disk_bytes", "Free for files.", value=watching.free_disk())
        floor = settings.UPLOAD_FREE_DISK_FLOOR
        yield _gauge("alliance_disk_floor_bytes", "Below it uploads are refused.", value=floor)
        if parts["database"]:
            try:
                yield from list(_rows(with_cache=parts["cache"]))
            except Error:
                # The database went away meanwhile: the next time `alliance_up` says so.
                return


def _rows(*, with_cache: bool) -> Iterator[Metric]:
    yield from _queues()
    yield from _sweeps()
    failed = OutgoingMail.objects.failed().count()
    yield _gauge("alliance_mail_failed", "Mails that were given up.", value=failed)
    if settings.BOUNCE_MAILBOX:
        age = mailbox.unread_for().total_seconds()
        yield _gauge("alliance_mailbox_failing_seconds", "For how long it fails.", value=age)
    trouble = {"trail": bool(trail_trouble())}
    if with_cache:
        trouble["scanner"] = bool(scanner_trouble())
    yield _gauge("alliance_trouble", "1 where the part is in trouble.", "part", trouble)
    for path in settings.METRICS:
        teller: Callable[[], Iterable[Metric]] = import_string(path)
        yield from teller()


def _queues() -> Iterator[Metric]:
    found = list(watching.queues())
    waiting = {queue.name: queue.waiting for queue in found}
    ages = {queue.name: queue.age.total_seconds() for queue in found}
    limits = {queue.name: queue.late_after.total_seconds() for queue in found if queue.late_after}
    yield _gauge("alliance_queue_waiting", "Work that waits.", "queue", waiting)
    yield _gauge("alliance_queue_age_seconds", "Age of the oldest of it.", "queue", ages)
    yield _gauge("alliance_queue_late_after_seconds", "When that is too much.", "queue", limits)


def _sweeps() -> Iterator[Metric]:
    now = timezone.now()
    seen = worker_seen_at()
    if seen is not None:
        age = (now - seen).total_seconds()
        yield _gauge("alliance_worker_age_seconds", "Since any worker was seen.", value=age)
    sweeps = list(Sweep.objects.filter(path__in=every_path()))
    well = {
        sweep.path: (now - sweep.last_success_at).total_seconds()
        for sweep in sweeps
        if sweep.last_success_at
    }
    failing = {
        sweep.path: (now - sweep.failing_since).total_seconds() if sweep.failing_since else 0
        for sweep in sweeps
    }
    yield _gauge("alliance_sweep_age_seconds", "Since it last went well.", "sweep", well)
    yield _gauge("alliance_sweep_failing_seconds", "For how long it fails.", "sweep", failing)


def _gauge(
    name: str,
    about: str,
    label: str = "",
    values: Mapping[str, float] | None = None,
    *,
    value: float | None = None,
) -> GaugeMetricFamily:
    """One figure, or one for each of `values` under its `label`."""
    if values is None:
        return GaugeMetricFamily(name, about, value=value)
    family = GaugeMetricFamily(name, about, labels=[label])
    for key, number in values.items():
        family.add_metric([key], float(number))
    return family
