"""How the replica is, for whoever watches the portal; nothing is said where there is none."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from prometheus_client.core import GaugeMetricFamily, Metric

from alliance.replica import FRESH, ReplicaAway, is_there, opened
from alliance.sweeping import worker_seen_at


def lag() -> timedelta:
    """For how long what the first database was told of has not come to the replica.

    Known by what workers write once in a minute or two. Raises ReplicaAway.
    """
    first = worker_seen_at()
    with opened() as (*_states, seen):
        if first is None or seen is None:
            return timedelta()
        return max(first - seen, timedelta())


def is_in_trouble() -> bool:
    """Whether it is away or too far behind to be read, so that the first does its work."""
    if not is_there():
        return False
    try:
        return lag() > FRESH
    except ReplicaAway:
        return True


def metrics() -> Iterator[Metric]:
    """Whether it answers, and how far behind it is."""
    if not is_there():
        return
    behind: timedelta | None = None
    with suppress(ReplicaAway):
        behind = lag()
    yield GaugeMetricFamily(
        "alliance_replica_up", "1 where the replica answers.", value=behind is not None
    )
    if behind is not None:
        yield GaugeMetricFamily(
            "alliance_replica_behind_seconds",
            "By how much it is behind, as far as workers write.",
            value=behind.total_seconds(),
        )
