"""A list shows its first thousand, so that its last page costs what its first one does."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from organizations.models import Organization
from submissions.models import Kind, PublicChange, PublicEntry, PublicKind, Submission
from submissions.public.finding import MOST
from tests import factories

pytestmark = pytest.mark.django_db


def entries_of(kind: str) -> list[dict[str, Any]]:
    """What one entry more than are listed are of; nothing of it has to be true."""
    place = factories.organization()
    if kind == PublicKind.ORGANIZATION:
        fields = {"type": place.type, "country": place.country}
        rows = [Organization(name="Institute", **fields) for _number in range(MOST + 1)]
        return [{"organization": row} for row in Organization.objects.bulk_create(rows)]
    drafts = [Submission(kind=kind, organization=place) for _number in range(MOST + 1)]
    made = Submission.objects.bulk_create(drafts)
    return [{"organization": place, "submission": row} for row in made]


def fill(kind: str) -> None:
    now = timezone.now()
    shown = {"title": "Wells", "since": now, "changed_at": now, "facets": [], "card": {}}
    PublicEntry.objects.bulk_create(
        PublicEntry(kind=kind, words="", **shown, **fields) for fields in entries_of(kind)
    )
    PublicChange.objects.create()


@pytest.mark.parametrize(
    ("kind", "path"),
    [(Kind.DEMAND, "/demands/"), (PublicKind.ORGANIZATION, "/organizations/")],
)
def test_no_page_of_a_list_begins_behind_the_first_thousand(kind: str, path: str) -> None:
    fill(kind)
    context = Client().get(f"{path}?page=51").context
    assert context["total"] == MOST + 1
    assert context["page"].number == context["page"].paginator.num_pages == 50
    assert context["is_cut"]
