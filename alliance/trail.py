"""Sealing the trail: a chain over its events, made with a key that the database does not know.

Whoever owns the tables can change rows; without the key nobody can make the seals fit again. What
is sealed is compared with its seals by `alliance.trail_check`. Why it is done by the worker, and
what it cannot show, stands in docs/adr/0037.
"""

import hmac
import json
import logging
import os
import time
from datetime import UTC
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from alliance.models import Event, Seal

log = logging.getLogger(__name__)

MOST_IN_A_SEAL = 1000  # events
PATIENCE = 5  # seconds for writers to come to an end; what they hold up waits for the next sweep
COLUMNS = ("id", "at", "name", "actor_id", "subject_type", "subject_id", "internal", "data")

_LOCK = 0x7_2A11  # of the advisory lock; one sealer at a time
_WRITERS = """
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND relation = %s::regclass
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND pid IS DISTINCT FROM pg_backend_pid()
"""


def keys() -> dict[str, bytes]:
    """The keys that seals may be made with, by their ids; the first one seals."""
    secrets = [key.encode() for key in (settings.TRAIL_KEY, *settings.TRAIL_KEY_FALLBACKS)]
    return {sha256(b"id of a key of the trail\n" + key).hexdigest()[:8]: key for key in secrets}


def fingerprint(key: bytes, event: tuple[Any, ...]) -> str:
    """Stands for one event, its values in the order of COLUMNS; 32 hexadecimal digits."""
    number, at, *rest = event
    text = _canonical([number, at.astimezone(UTC).isoformat(timespec="microseconds"), *rest])
    return hmac.new(key, b"event\n" + text, sha256).hexdigest()[:32]


def seal_mac(key: bytes, seal: Seal, previous: str) -> str:
    """What `seal.mac` must be after a seal with the mac `previous` ("" for the first)."""
    at = seal.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = _canonical([previous, seal.number, at, seal.key_id, seal.prints])
    return hmac.new(key, b"seal\n" + text, sha256).hexdigest()


def noted_seal_path() -> Path:
    """The file outside the database that names the newest seal, as `number:mac`."""
    return Path(settings.ALLIANCE_DATA, "trail_seal")


def noted_seal() -> str:
    """The newest seal of which this copy of the portal knows; empty before the first."""
    path = noted_seal_path()
    return path.read_text().strip() if path.exists() else ""


def number_in(noted: str) -> int | None:
    """The number of a seal that was noted as `number:mac`; None where it cannot be one."""
    number = noted.partition(":")[0]
    is_number = number.isascii() and number.isdigit() and int(number) < 2**63
    return int(number) if is_number else None


def is_there(noted: str) -> bool:
    """Whether a seal noted as `number:mac` is in the database."""
    number, mac = number_in(noted), noted.partition(":")[2]
    return number is not None and Seal.objects.filter(number=number, mac=mac).exists()


def seal_events() -> int:
    """Seal the events whose transactions, and those of all before them, are over. A sweep.

    Returns how many seals it made. Where the newest seal that we noted is gone, it makes none: new
    ones would hide that.
    """
    noted = noted_seal()
    if noted and not is_there(noted):
        log.critical("trail not sealed: the seal noted last is gone", extra={"seal": noted})
        return 0
    last = _settled_event()
    made = 0
    while last is not None and (seal := _seal_up_to(last)):
        made += 1
        _note(seal)
        log.info("trail sealed", extra={"seal": str(seal), "events": len(seal.prints)})
    return made


def _settled_event() -> int | None:
    """An id up to which no event can appear any more; None where it takes too long to say.

    Ids are handed out before their transactions end, so a lower one may still come. A transaction
    holds its lock on the table from before it takes an id until it ends: once all that held one
    when we looked are over, every id up to the newest that we saw is there or will never be.
    """
    last: int | None = Event.objects.aggregate(last=Max("id"))["last"]
    if last is None:
        return None
    waited_for = _writers()
    deadline = time.monotonic() + PATIENCE
    while waited_for:
        if time.monotonic() > deadline:
            return None
        time.sleep(0.05)
        waited_for &= _writers()
    return last


def _writers() -> set[str]:
    """The transactions of others that may have taken an id for an event."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS, [Event._meta.db_table])
        return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def _seal_up_to(last: int) -> Seal | None:
    """Add the next seal over events up to the id `last`; None where nothing is left to seal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if cursor.fetchone() != (True,):
            return None  # another worker is at it
    before = Seal.objects.order_by("number").last()
    events = Event.objects.filter(id__gt=before.last_event if before else 0, id__lte=last)
    rows = list(events.order_by("id").values_list(*COLUMNS)[:MOST_IN_A_SEAL])
    if not rows:
        return None
    key_id, key = next(iter(keys().items()))
    seal = Seal(
        number=before.number + 1 if before else 1,
        at=timezone.now(),
        prints=[[row[0], fingerprint(key, row)] for row in rows],
        key_id=key_id,
    )
    seal.mac = seal_mac(key, seal, before.mac if before else "")
    seal.save(force_insert=True)
    return seal


def _note(seal: Seal) -> None:
    """Write down which seal is the newest, in one step, so that a kill leaves the one before."""
    path = noted_seal_path()
    aside = path.with_suffix(f".{os.getpid()}")
    aside.write_text(f"{seal}\n")
    aside.replace(path)


def _canonical(values: list[Any]) -> bytes:
    return json.dumps(values, sort_keys=True, separators=(",", ":")).encode()
