"""What Prometheus is told of copies."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from alliance.watching import uncopied_for


def last_copy() -> Iterator[Metric]:
    """The age of what would be brought back; nothing where no copy is expected."""
    age = uncopied_for()
    if age is not None:
        yield GaugeMetricFamily(
            "alliance_backup_age_seconds",
            "Seconds since the last copy of the portal that was completed was begun, or since it "
            "was installed.",
            value=age.total_seconds(),
        )
