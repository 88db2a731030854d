"""Which organizations the public directory shows, asked of what is true at this moment.

Approved, cleared, not closed, and agreed to it: each of the four can end at any time. For many at
once `listed` asks the database, for one `why_not_listed` says what is missing. The lines of lists
ask it once more, with the entries that they read (`submissions.public.rows`).
"""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.prepared import Prepared
from alliance.text import Text
from organizations.due_diligence.rules import is_cleared
from organizations.models import DueDiligence, Organization
from organizations.workflow import CLEARED_STATES
from submissions.models import Submission
from submissions.models.submission_queryset import SubmissionQuerySet
from submissions.workflow import APPROVED_STATES

# Larger ones no row has, and the database would not take them.
_LARGEST = 2**63 - 1


def _approved() -> SubmissionQuerySet:
    return Submission.objects.applications().filter(status__in=APPROVED_STATES)


_applications = Prepared(
    lambda organization: (
        _approved().filter(organization=organization).order_by("-status_at", "-pk")
    ),
    int,
)
_numbered = Prepared(
    lambda pk: Organization.objects.select_related("country", "type").filter(pk=pk), int
)


def listed() -> QuerySet[Organization]:
    """The organizations that everybody may see."""
    approved = _approved().filter(organization=OuterRef("pk"))
    cleared = DueDiligence.objects.newest().filter(
        organization=OuterRef("pk"),
        status__in=CLEARED_STATES,
        valid_until__gte=timezone.localdate(),
    )
    return Organization.objects.filter(
        Exists(approved), Exists(cleared), may_be_listed=True, closed_at=None
    )


def application_of(organization: Organization) -> Submission | None:
    """The approved application by which it takes part: the newest, if there are several."""
    return _applications.first(organization.pk)


def listed_with_application(pk: int) -> tuple[Organization, Submission] | None:
    """A listed organization and what it is approved by."""
    organization = _numbered.first(pk) if pk <= _LARGEST else None
    if organization is None:
        return None
    application = application_of(organization)
    if application is None or why_not_listed(organization, application):
        return None
    return organization, application


def why_not_listed(organization: Organization, application: Submission | None) -> list[Text]:
    """What the public directory waits for, in words for its members; empty where it is shown.

    `application` is its approved one, if it has one.
    """
    missing: list[Text] = []
    if organization.closed_at is not None:
        missing.append(_("Your organization is closed."))
    if not organization.may_be_listed:
        missing.append(_("Your organization has not agreed to be shown."))
    if application is None:
        missing.append(_("Its Expression of Interest is not approved."))
    if not is_cleared(organization):
        missing.append(_("Its due diligence is not confirmed, or no longer."))
    return missing
