"""What the library keeps about people, why, and for how long."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from alliance.retention import DAY, Kept, Span
from knowledge.counting import fold
from knowledge.models import Alert


def forget_unconfirmed_alerts(before: datetime) -> int:
    """The link in the mail has expired by then."""
    return Alert.objects.filter(confirmed_at=None, asked_at__lt=before).delete()[0]


def forget_ended_alerts(before: datetime) -> int:
    """Not at once: a second click on the link to end it still finds its page."""
    return Alert.objects.filter(ended_at__lt=before).delete()[0]


def forget_readers(before: datetime) -> int:
    """Forget who downloaded what on days that are over, whatever the hour; totals stay."""
    return fold()


KEPT = (
    Kept(
        code="alert",
        title=_("Alerts of the library"),
        what=_("Your email address, the search, and how often we may write."),
        why=_("So that you hear of new reports that match it."),
        until=_("Until you end it."),
        spans=(
            Span(after=30 * DAY, words=_("After its end: %(time)s."), forget=forget_ended_alerts),
            Span(
                after=7 * DAY,
                words=_("If nobody confirms the address: %(time)s."),
                forget=forget_unconfirmed_alerts,
            ),
        ),
    ),
    Kept(
        code="download",
        title=_("Downloads from the library"),
        what=_(
            "A mark made of your network address and browser, from which neither can be read, "
            "and how often it asked for a report."
        ),
        why=_("So that two clicks count once. Only the numbers are kept, without anybody."),
        spans=(Span(after=DAY, words=_("%(time)s."), forget=forget_readers),),
    ),
)
