"""What Prometheus is told of copies."""

from collections.abc import Iterator

from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from alliance.models import BackupCopy


def last_copy() -> Iterator[Metric]:
    """The age of what would be brought back; nothing where no copy was made."""
    last = BackupCopy.objects.first()
    if last is not None:
        yield GaugeMetricFamily(
            "alliance_backup_age_seconds",
            "Seconds since the last copy of the portal that was completed was begun.",
            value=(timezone.now() - last.began_at).total_seconds(),
        )
