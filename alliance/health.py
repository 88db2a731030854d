"""Addresses for the load balancer: `live` says the process answers, `ready` that it can serve."""

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from alliance.middleware import public
from alliance.scanning import scanner_trouble


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

    Without its scanner the portal serves all the same; files wait, and this says so.
    """
    checks = {"database": _database_answers(), "cache": _cache_answers()}
    is_ready = all(checks.values())
    if is_ready and settings.CLAMD_URL:
        checks["scanner"] = not scanner_trouble()
    body = {
        "status": "ok" if is_ready else "unavailable",
        "checks": {name: "ok" if passed else "failed" for name, passed in checks.items()},
    }
    return JsonResponse(body, status=200 if is_ready else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache_answers() -> bool:
    try:
        cache.get("health")
    except Exception:  # noqa: BLE001 - each cache backend raises its own; any means not ready
        return False
    return True
