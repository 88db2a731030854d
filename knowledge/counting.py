"""Counting downloads so that the numbers mean what other libraries mean by them.

Source: COUNTER Code of Practice, Release 5.1, sections 3.3.4 (Total_Item_Requests,
Unique_Item_Requests), 7.2 (double clicks), 7.3 (unique items in a visit) and 7.8 (robots).

Views of pages (investigations) are not counted: pages are kept by browsers and by what stands in
between, so that the number would be wrong, or every page as slow as one that nobody keeps.
"""

import logging
from datetime import datetime
from functools import lru_cache

from counter_robots import is_robot_or_machine
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from alliance.limits import client_address, hashed
from knowledge.models import EditionFile
from organizations.models import User

log = logging.getLogger(__name__)

DOUBLE_CLICK_SECONDS = 30
_LONGEST_AGENT = 500

# One statement: of two clicks at the same moment, the second waits and sees the first.
_NOTE = """
    INSERT INTO knowledge_recentdownload AS kept
        (key, edition_id, day, hour, last_at, requests, unique_requests)
    VALUES (%(key)s, %(edition)s, %(day)s, %(hour)s, %(at)s, 1, 1)
    ON CONFLICT (key) DO UPDATE SET
        requests = kept.requests
            + (EXCLUDED.last_at > kept.last_at + make_interval(secs => %(double)s))::int,
        unique_requests = kept.unique_requests
            + (EXCLUDED.last_at > kept.last_at + make_interval(secs => %(double)s)
               AND EXCLUDED.hour <> kept.hour)::int,
        hour = CASE WHEN EXCLUDED.last_at > kept.last_at + make_interval(secs => %(double)s)
            THEN EXCLUDED.hour ELSE kept.hour END,
        last_at = greatest(kept.last_at, EXCLUDED.last_at)
"""
_FOLD = """
    WITH gone AS (
        DELETE FROM knowledge_recentdownload WHERE day < %s
        RETURNING edition_id, day, requests, unique_requests
    )
    INSERT INTO knowledge_downloadcount AS kept (edition_id, month, requests, unique_requests)
    SELECT edition_id, date_trunc('month', day)::date, sum(requests), sum(unique_requests)
    FROM gone GROUP BY 1, 2
    ON CONFLICT (edition_id, month) DO UPDATE SET
        requests = kept.requests + EXCLUDED.requests,
        unique_requests = kept.unique_requests + EXCLUDED.unique_requests
"""


def note(request: HttpRequest, response: HttpResponseBase, version: EditionFile) -> None:
    """Count the answer to a request for a PDF, if it is one that counts; never raises.

    A download that goes on where it stopped is the same one: its later parts do not count.
    """
    try:
        if _counts(request, response):
            add(version, reader=f"{client_address(request)} {_agent(request)}", at=timezone.now())
    except (DatabaseError, ValueError):
        # The reader gets the file all the same.
        log.exception("a download could not be counted", extra={"file": version.pk})


def add(version: EditionFile, *, reader: str, at: datetime) -> None:
    """Count a request of `reader`; a double click, and the same visit, are recognised."""
    local = timezone.localtime(at)
    day = local.date()
    values: dict[str, str | int | datetime] = {
        "key": hashed(f"download {day} {version.edition_id} {reader}"),
        "edition": version.edition_id,
        "day": day.isoformat(),
        "hour": local.hour,
        "at": at,
        "double": DOUBLE_CLICK_SECONDS,
    }
    # A savepoint: what fails here must not take the answer with it.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_NOTE, values)


def fold() -> int:
    """Make totals of what is older than today, and forget the readers' marks. A sweep.

    Returns how many editions and months got more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, [timezone.localdate()])
        return int(cursor.rowcount)


def _counts(request: HttpRequest, response: HttpResponseBase) -> bool:
    is_whole = response.status_code == 200
    is_begin = response.status_code == 206 and response["Content-Range"].startswith("bytes 0-")
    return (
        request.method == "GET"
        and (is_whole or is_begin)
        # Fetched ahead by a browser, for a reader who may never open it.
        and "prefetch" not in request.headers.get("Sec-Purpose", "")
        and not _is_robot(_agent(request))
        # Whoever works here is no reader.
        and not _is_staff(request)
    )


def _is_staff(request: HttpRequest) -> bool:
    # To whoever has no login an answer is given that was kept, without looking who asks.
    user = getattr(request, "user", None)
    return isinstance(user, User) and user.is_staff


def _agent(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")[:_LONGEST_AGENT]


@lru_cache(maxsize=1024)
def _is_robot(agent: str) -> bool:
    """By the list of COUNTER, on which programs that fetch stand too; so does who says nothing."""
    return bool(is_robot_or_machine(agent))
