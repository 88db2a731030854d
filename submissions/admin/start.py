"""What the first page of the secretariat tells of submissions."""

from django.db.models import Count as CountRows
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.start_page import Case, Count, Part
from organizations.models import User
from organizations.people import signed_in
from organizations.permissions import is_reviewer
from submissions.admin.neighbours import Neighbours
from submissions.models import Mention, Submission
from submissions.queue.asked import Asked
from submissions.queue.selection import tab_conditions

# The tabs of the queue that are counted, and those of them in which a row is one too many.
_COUNTED = ("secretariat", "unassigned", "long", "applicant", "overdue")
_LATE = frozenset({"long", "overdue"})
_LISTED = 5
_NOTES_LISTED = 20


def cases(request: HttpRequest) -> Part | None:
    """How many cases stand in which tab of the queue."""
    user = signed_in(request)
    if not is_reviewer(user):
        return None
    return Part(title=_("All cases"), counts=_counts(user, _COUNTED))


def mine(request: HttpRequest) -> Part | None:
    """The person's own cases, the oldest by name."""
    user = signed_in(request)
    if not is_reviewer(user):
        return None
    return Part(title=_("My cases"), counts=_counts(user, ("mine",)), cases=_oldest(user))


def notes_for_me(request: HttpRequest) -> Part | None:
    """What colleagues have told the person and they have not read, newest first."""
    user = signed_in(request)
    unread = Mention.objects.unread_for(user)[:_NOTES_LISTED] if is_reviewer(user) else ()
    now = timezone.now()
    notes = tuple(
        Case(
            name=f"{mention.note.submission.reference}, {mention.note.submission.title}",
            note=str(mention.note.made_by or _("someone who has left")),
            address=_address(mention.note.submission) + "#notes",
            days=(now - mention.note.made_at).days,
        )
        for mention in unread
    )
    return Part(title=_("Notes for me"), cases=notes) if notes else None


def _counts(user: User, tabs: tuple[str, ...]) -> tuple[Count, ...]:
    conditions = {name: tab_conditions(user)[name] for name in tabs}
    numbers = Submission.objects.reviewable_by(user).aggregate(
        **{name: CountRows("pk", filter=rows) for name, (_label, rows) in conditions.items()}
    )
    return tuple(
        Count(
            label=label,
            number=numbers[name],
            address=reverse("admin:submissions_submission_changelist", query={"queue": name}),
            is_late=name in _LATE,
        )
        for name, (label, _rows) in conditions.items()
    )


def _oldest(user: User) -> tuple[Case, ...]:
    _label, rows = tab_conditions(user)["mine"]
    oldest = (
        Submission.objects.reviewable_by(user)
        .filter(rows)
        .only("reference", "kind", "title", "status", "status_at")
        .order_by("submitted_at", "id")[:_LISTED]
    )
    carried = Neighbours(Asked(tab="mine").query()).carried
    now = timezone.now()
    return tuple(
        Case(
            name=f"{case.reference}, {case.title}",
            note=case.state.label,
            address=_address(case) + carried,
            days=(now - case.status_at).days,
        )
        for case in oldest
    )


def _address(case: Submission) -> str:
    return reverse("admin:submissions_submission_change", args=[case.pk])
