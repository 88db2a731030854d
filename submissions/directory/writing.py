"""Keeps an organization's public entry as it has to be.

What approves it writes the entry in the same transaction. Whatever else changes on the organization
(name, profile, clearance, its agreement) happens below us: triggers mark its row, and the worker
looks for marked ones. What may not be shown any more is left out meanwhile, as readers ask live.
Its published Demands and Offers are found by its name and place too: they follow a new one.
"""

from django.db import transaction
from django.utils import timezone

from organizations.models import Organization
from submissions.directory.entry import content_of
from submissions.directory.listed import application_of, listed
from submissions.models import PublicChange, PublicEntry, Submission
from submissions.public.content import named
from submissions.public.writing import follow_locked, remove, write

# A sweep gives others their turn.
_MOST_AT_ONCE = 200


def follow_organization(organization: Organization) -> None:
    """Show it as it is now, or not at all. The caller holds its lock."""
    # What is live of it may show its name and logo, and is hidden where it is not cleared any more.
    if PublicEntry.objects.filter(organization=organization).exists():
        PublicChange.objects.create()
    found = listed().select_related("country", "type").filter(pk=organization.pk).first()
    application = application_of(found) if found is not None else None
    looked_at = {"shown_at": timezone.now()}
    if found is None or application is None:
        remove(organization=organization.pk)
    else:
        content = content_of(found, application)
        write(content)
        looked_at["first_listed_at"] = content.since
    Organization.objects.filter(pk=organization.pk).update(**looked_at)


def follow_marked() -> int:
    """Look at every organization that is marked; returns how many. A sweep."""
    marked = Organization.objects.to_be_shown().order_by("pk").values_list("pk", flat=True)
    return sum(_follow(pk) for pk in list(marked[:_MOST_AT_ONCE]))


@transaction.atomic
def _follow(pk: int) -> bool:
    """Unless another worker has done it meanwhile."""
    held = Organization.objects.to_be_shown().locked().filter(pk=pk).first()
    if held is None:
        return False
    _name_anew(held)
    follow_organization(held)
    return True


def _name_anew(organization: Organization) -> None:
    """Write those of its items anew that are still found by an earlier name or place."""
    items = PublicEntry.objects.filter(organization=organization, submission__isnull=False)
    for item in items.exclude(card__organization=named(organization)).order_by("submission"):
        follow_locked(Submission(pk=item.submission_id))
