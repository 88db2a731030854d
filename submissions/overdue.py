"""Which cases are late, by whom: as the lists of the secretariat filter."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from alliance.workflow import Turn
from submissions.models import Clarification
from submissions.models.kinds import of_turn


def answers_overdue() -> Q:
    """Those whose open questions should have been answered before today."""
    late = Clarification.objects.open().filter(due_on__lt=timezone.localdate())
    return Q(pk__in=late.values("submission"))


def waiting_too_long() -> Q:
    """Those that wait for the secretariat, without a step for as many days as the settings say."""
    before = timezone.now() - timedelta(days=settings.CASES_OVERDUE_AFTER_DAYS)
    return of_turn(Turn.SECRETARIAT) & Q(status_at__lt=before)
