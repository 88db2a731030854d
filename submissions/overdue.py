"""Which cases are late, by whom: as the lists of the secretariat filter."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from alliance.workflow import Turn
from organizations.models import DueDiligenceQuestion
from submissions.models import Clarification, Submission
from submissions.models.kinds import codes_of_turn


def answers_overdue() -> Q:
    """Those whose organization should have answered before today, here or in its due diligence."""
    today = timezone.localdate()
    late = Clarification.objects.open().filter(due_on__lt=today).order_by()
    checks = DueDiligenceQuestion.objects.open().filter(due_on__lt=today).order_by()
    cases = Submission.objects.filter(organization__in=checks.values("cycle__organization"))
    # One list of numbers: for either of two conditions the database would read every case.
    return Q(pk__in=late.values("submission").union(cases.order_by().values("pk"), all=True))


def waiting_too_long() -> Q:
    """Those that wait for the secretariat, without a step for as many days as the settings say."""
    before = timezone.now() - timedelta(days=settings.CASES_OVERDUE_AFTER_DAYS)
    return Q(status__in=codes_of_turn(Turn.SECRETARIAT), status_at__lt=before)
