"""What the library keeps about people, why, and for how long."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.files.keeping import drop_files_without_row, drop_with_files
from alliance.retention import DAY, Kept, Span
from knowledge.counting import fold
from knowledge.models import Alert, ReportExport

# A file is written before its row says so: younger ones may just be getting theirs.
_ORPHAN_AFTER = timedelta(hours=1)


def forget_unconfirmed_alerts(before: datetime) -> int:
    """The link in the mail has expired by then."""
    return Alert.objects.filter(confirmed_at=None, asked_at__lt=before).delete()[0]


def forget_ended_alerts(before: datetime) -> int:
    """Not at once: a second click on the link to end it still finds its page."""
    return Alert.objects.filter(ended_at__lt=before).delete()[0]


def forget_readers(before: datetime) -> int:
    """Forget who downloaded what on days that are over, whatever the hour; totals stay."""
    return fold()


def forget_report_exports(before: datetime) -> int:
    """Old exports, and files of a worker that died before it could name them."""
    dropped = drop_with_files(ReportExport.objects.filter(asked_at__lt=before))
    orphans_before = timezone.now() - _ORPHAN_AFTER
    return dropped + drop_files_without_row(ReportExport, ReportExport.FOLDER, orphans_before)


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
    Kept(
        code="report-export",
        title=_("Exports of the library"),
        what=_("Reports as a table with their PDFs, that an editor asked for, and who did."),
        why=_("So that editors can work on many reports at once."),
        until=_("Until the editor deletes it."),
        spans=(
            Span(after=ReportExport.KEPT_FOR, words=_("%(time)s."), forget=forget_report_exports),
        ),
    ),
)
