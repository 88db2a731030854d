"""Addresses for machines: `live` says the process answers, `ready` that it can serve, both for the
load balancer; `work` says that a worker does what waits, for whoever watches."""

from typing import Protocol, cast

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from alliance import replica, replica_watch
from alliance.files.storage import private_storage
from alliance.middleware import public
from alliance.scanning import scanner_trouble
from alliance.shared_cache import HEALTH
from alliance.sweeping import worker_is_silent
from alliance.watching import disk_is_low

_ASK_AGAIN_AFTER = "30"  # seconds


class _Bucket(Protocol):
    """What the storage `private` does besides, where it is in a bucket."""

    def answers(self) -> bool: ...


@public
@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@public
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database and cache answer, else 503 naming what does not.

    Without its worker or its scanner the portal serves all the same: what was sent waits, and this
    says so. So it does without Redis: only logins are closed, and no other machine of ours would do
    better, and without its bucket: files alone neither come nor go. Without its replica the first
    database does all. On a disk that is nearly full it takes no files.
    """
    checks = {"database": database_answers(), "cache": cache_answers()}
    is_ready = checks["database"] and (checks["cache"] or bool(settings.CACHE_URL))
    checks["disk"] = not disk_is_low()
    if is_ready:
        checks["worker"] = not worker_is_silent()
    if is_ready and replica.is_there():
        checks["replica"] = not replica_watch.is_in_trouble()
    if is_ready and settings.CLAMD_URL:
        checks["scanner"] = not scanner_trouble()
    if is_ready and settings.FILES_URL:
        checks["files"] = cast(_Bucket, private_storage()).answers()
    return _answer(is_ready, checks)


@public
@never_cache
@require_safe
def work(request: HttpRequest) -> JsonResponse:
    """200 while a worker was seen in the last minutes, else 503.

    For whoever watches, and no load balancer: without a worker no mail leaves and no alarm is
    raised, but each machine's pages go on.
    """
    checks = {"database": database_answers()}
    if checks["database"]:
        checks["worker"] = not worker_is_silent()
    return _answer(all(checks.values()), checks)


def _answer(is_well: bool, checks: dict[str, bool]) -> JsonResponse:
    said = {name: "ok" if passed else "failed" for name, passed in checks.items()}
    if is_well:
        return JsonResponse({"status": "ok", "checks": said})
    again = {"Retry-After": _ASK_AGAIN_AFTER}
    return JsonResponse({"status": "unavailable", "checks": said}, status=503, headers=again)


def database_answers() -> bool:
    """Whether a query comes back."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def cache_answers() -> bool:
    """Whether the cache that all processes share can be read."""
    try:
        cache.get(HEALTH)
    except Exception:  # noqa: BLE001 - each cache backend raises its own; any means not ready
        return False
    return True
