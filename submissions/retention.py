"""What is kept about people, why, and for how long: all of it, for the notice and the sweep."""

from datetime import datetime, timedelta
from functools import partial

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.files.keeping import drop_files_without_row, drop_with_files, throw_away
from alliance.files.storage import private_storage
from alliance.retention import YEAR, Kept, Span, forget_what_is_old
from knowledge.retention import KEPT as KEPT_IN_THE_LIBRARY
from organizations.models import Organization, OrganizationDocument
from organizations.retention import KEPT as KEPT_BELOW
from submissions.models import Attachment, DataExport, Decision, ListExport, Submission
from submissions.personal_data import EXPORTS_FOLDER, LIST_EXPORTS_FOLDER

_EVERY = timedelta(hours=1)
# A file is written before its row says so: younger ones may just be getting theirs.
_ORPHAN_AFTER = timedelta(hours=1)


def forget_without_success(before: datetime) -> int:
    """Delete applications that ended without an approval before that moment."""
    return _delete(
        Submission.objects.filter(status__in=Submission.WITHOUT_SUCCESS, status_at__lt=before)
    )


def forget_drafts(before: datetime) -> int:
    """Delete drafts that nobody has touched since, after the notice that was given of it."""
    warned_before = timezone.now() - Submission.DRAFTS_NOTICE
    old = Submission.objects.untouched_since(before)
    return _delete(old.filter(warned_at__gte=F("touched_at"), warned_at__lt=warned_before))


def forget_closed_organizations(before: datetime) -> int:
    """Delete organizations that nobody has spoken for since, with all that they sent."""
    closed = Organization.objects.filter(closed_at__lt=before)
    for organization in closed.iterator():
        with transaction.atomic():
            list(Organization.objects.locked().filter(pk=organization.pk))
            _delete(Submission.objects.filter(organization=organization))
            papers = OrganizationDocument.objects.filter(organization=organization)
            for name in papers.values_list("file", flat=True):
                transaction.on_commit(partial(private_storage().delete, name))
            organization.delete()
    return len(closed)


@transaction.atomic
def _delete(submissions: QuerySet[Submission]) -> int:
    """Delete them with what hangs on them; a decision holds on to its revision, so it goes first."""
    doomed = list(submissions.select_for_update().values_list("pk", flat=True))
    for attachment in Attachment.objects.filter(submission__in=doomed):
        throw_away(attachment)
    Decision.objects.filter(submission__in=doomed).delete()
    Submission.objects.filter(pk__in=doomed).delete()
    return len(doomed)


def forget_exports(before: datetime) -> int:
    """Delete old exports, and files that lost their row."""
    dropped = drop_with_files(DataExport.objects.filter(requested_at__lt=before))
    orphans_before = timezone.now() - _ORPHAN_AFTER
    return dropped + drop_files_without_row(DataExport, EXPORTS_FOLDER, orphans_before)


def forget_list_exports(before: datetime) -> int:
    """The same for lists that staff took out."""
    dropped = drop_with_files(ListExport.objects.filter(asked_at__lt=before))
    orphans_before = timezone.now() - _ORPHAN_AFTER
    return dropped + drop_files_without_row(ListExport, LIST_EXPORTS_FOLDER, orphans_before)


KEPT = (
    *KEPT_BELOW,
    *KEPT_IN_THE_LIBRARY,
    Kept(
        code="application",
        title=_("Applications, Demands and Offers"),
        what=_(
            "What you have written and the documents that you added, the contacts that you "
            "name, each statement of the declaration as it was shown, who answered it and when, "
            "what staff noted, and the decision with its reason. Without a network address."
        ),
        why=_("So that a decision can be made, explained and looked at again."),
        until=_("Approved and published ones: as long as the institution takes part."),
        spans=(
            Span(
                after=Submission.WITHOUT_SUCCESS_KEPT_FOR,
                words=_("Declined, ineligible, withdrawn or lapsed ones: %(time)s."),
                forget=forget_without_success,
            ),
            Span(
                after=Submission.DRAFTS_KEPT_FOR,
                words=_("Drafts, after the last change: %(time)s, with notice by email."),
                forget=forget_drafts,
            ),
            Span(
                after=5 * YEAR,
                words=_("When the institution’s last member has left, with its profile: %(time)s."),
                forget=forget_closed_organizations,
            ),
        ),
    ),
    Kept(
        code="export",
        title=_("A file with your data"),
        what=_("All that stands here, if you ask for it."),
        why=_("So that you can download it."),
        spans=(Span(after=DataExport.KEPT_FOR, words=_("%(time)s."), forget=forget_exports),),
    ),
    Kept(
        code="list-export",
        title=_("Lists of the secretariat"),
        what=_("Rows of its lists, as a file that a member of staff asked for, and who did."),
        why=_("So that staff can count, report and plan."),
        until=_("Until somebody erases their account here."),
        spans=(Span(after=ListExport.KEPT_FOR, words=_("%(time)s."), forget=forget_list_exports),),
    ),
)


def sweep() -> None:
    """Forget what is old, once an hour whoever asks: nothing here is in a hurry."""
    if cache.add("submissions.retention", "done", timeout=_EVERY.total_seconds()):
        forget_what_is_old(KEPT)
