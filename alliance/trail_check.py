"""Comparing the trail with its seals, daily by the worker and whenever somebody asks."""

import hmac
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from alliance import audit
from alliance.models import Event, Seal, TrailCheck
from alliance.trail import COLUMNS, fingerprint, is_there, keys, noted_seal, number_in, seal_mac

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
# After which staff are told that nobody checks: the worker may be away.
OVERDUE = timedelta(days=3)

_AT_ONCE = 2000  # events
_SEALS_AT_ONCE = 100
_BEFORE_ALL = -(2**63)  # also before what somebody has given a number that none of ours has

_Break = TrailCheck.Break


class Broken(Exception):
    """The first place where trail and seals do not fit."""

    def __init__(
        self, why: TrailCheck.Break, *, seal: int | None = None, event: int | None = None
    ) -> None:
        self.why = why
        self.seal = seal
        self.event = event


def check_trail(*kept: str) -> TrailCheck:
    """Compare every sealed event with its seal, every seal with the one before, and keep the result.

    `kept` are seals noted elsewhere, as `number:mac`: each must still be there. The file beside
    the portal's own data is one of them.
    """
    check = TrailCheck(seals=0, events=0)
    try:
        _compare(check)
        _make_sure_of(noted_seal(), *kept)
    except Broken as broken:
        check.broken, check.broken_seal = broken.why, broken.seal
        check.broken_event = broken.event
    _keep(check)
    return check


def check_when_due() -> None:
    """Check the trail once a day. A sweep."""
    if not TrailCheck.objects.filter(at__gt=timezone.now() - EVERY).exists():
        check_trail()


def trail_trouble() -> str:
    """What is wrong with the trail, for staff; empty while nothing is. One query."""
    last = TrailCheck.objects.order_by("id").last()
    if last is None:
        return ""
    if last.broken:
        return gettext("The trail of events was tampered with: %(place)s.") % {"place": last.place}
    if timezone.now() - last.at > OVERDUE:
        return gettext("The trail of events has not been checked for days. Is the worker running?")
    return ""


def unsealed() -> int:
    """How many events are newer than the last seal."""
    last = Seal.objects.order_by("number").last()
    return Event.objects.filter(id__gt=last.last_event if last else 0).count()


def _compare(check: TrailCheck) -> None:
    """Walk along seals and events side by side, counting; raises Broken."""
    events = _events()
    for number, key, event_id, expected in _sealed_prints(check):
        found: tuple[Any, ...] | None = next(events, None)
        if found is None or found[0] > event_id:
            raise Broken(_Break.EVENT_DELETED, seal=number, event=event_id)
        if found[0] < event_id:
            raise Broken(_Break.EVENT_INSERTED, seal=number, event=found[0])
        if not hmac.compare_digest(fingerprint(key, found), expected):
            raise Broken(_Break.EVENT_CHANGED, seal=number, event=event_id)
        check.events += 1


def _events() -> Iterator[tuple[Any, ...]]:
    """All of the trail, in pieces: behind PgBouncer no cursor stays open from one to the next."""
    events = Event.objects.order_by("id").values_list(*COLUMNS)
    last = _BEFORE_ALL
    while rows := list(events.filter(id__gt=last)[:_AT_ONCE]):
        yield from rows
        last = rows[-1][0]


def _seals() -> Iterator[Seal]:
    last = _BEFORE_ALL
    while seals := list(Seal.objects.filter(number__gt=last).order_by("number")[:_SEALS_AT_ONCE]):
        yield from seals
        last = seals[-1].number


def _sealed_prints(check: TrailCheck) -> Iterator[tuple[int, bytes, int, str]]:
    """Number and key of the seal, id and fingerprint of each event, once the seal is found good."""
    known = keys()
    previous = ""
    for seal in _seals():
        if seal.number != check.seals + 1:
            raise Broken(_Break.SEAL_MISSING, seal=check.seals + 1)
        if seal.key_id not in known:
            raise Broken(_Break.KEY_UNKNOWN, seal=seal.number)
        key = known[seal.key_id]
        if not hmac.compare_digest(seal_mac(key, seal, previous), seal.mac):
            raise Broken(_Break.SEAL_CHANGED, seal=seal.number)
        for event_id, expected in seal.prints:
            yield seal.number, key, event_id, expected
        check.seals += 1
        previous = seal.mac


def _make_sure_of(*noted: str) -> None:
    """Raise Broken unless the seals that were noted as `number:mac` are still there."""
    for seal in filter(None, noted):
        if not is_there(seal):
            raise Broken(_Break.END_MISSING, seal=number_in(seal))


@transaction.atomic
def _keep(check: TrailCheck) -> None:
    check.save()
    if check.broken:
        audit.record(
            "trail.broken",
            by=None,
            about=check,
            internal=True,
            why=check.broken,
            seal=check.broken_seal,
            event=check.broken_event,
        )
        log.critical(
            "trail broken",
            extra={
                "why": check.broken,
                "seal": check.broken_seal,
                "trail_event": check.broken_event,
            },
        )
