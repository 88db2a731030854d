"""What Prometheus is told of organizations."""

from collections.abc import Iterator

from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from organizations.models import ListImport


def sanctions_list() -> Iterator[Metric]:
    """For how long the sanctions list has not been read; nothing where it never was."""
    last = ListImport.objects.last_success()
    if last is not None:
        yield GaugeMetricFamily(
            "alliance_sanctions_list_age_seconds",
            "Seconds since the sanctions list was last read and found good.",
            value=(timezone.now() - last).total_seconds(),
        )
