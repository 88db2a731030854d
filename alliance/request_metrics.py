"""How many requests there were, of which kind, and how long they took; counted in each process."""

from prometheus_client import CollectorRegistry, Counter, Histogram

# Not the library's own, which would tell of the interpreter as well.
REGISTRY = CollectorRegistry()

# Anybody can send a request with a method of their own: each would be a line for ever.
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
# Seconds; the promises about speed are made between the first and the sixth.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_requests = Counter(
    "alliance_requests",
    "Requests answered, by route as in the URL configuration, never by address.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
_seconds = Histogram(
    "alliance_request_seconds",
    "Seconds until the answer began.",
    ["route"],
    buckets=_BUCKETS,
    registry=REGISTRY,
)
_readings = Counter(
    "alliance_replica_readings",
    "Public pages that were drawn: from the replica, or why from the first database.",
    ["outcome"],
    registry=REGISTRY,
)


def count_reading(outcome: str) -> None:
    """One of `replica`, `changing`, `behind`, `away`; `failed` for each that it began to answer."""
    _readings.labels(outcome).inc()


def count(method: str | None, route: str | None, status: int, seconds: float) -> None:
    """Count one request; a `route` of None is that of an address which leads nowhere."""
    place = "nowhere" if route is None else route
    _requests.labels(method if method in _METHODS else "other", place, str(status)).inc()
    _seconds.labels(place).observe(seconds)
