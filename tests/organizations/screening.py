"""Shared by the tests of screening: take a list, find hits."""

from collections.abc import Iterable

from organizations.models import Hit, Organization, RelatedName, SanctionsSnapshot
from organizations.screening.reading import read_list
from organizations.screening.runs import screen_organization
from organizations.screening.snapshots import take_list
from tests.organizations.lists import MADE, person, whole_list

LISTED = "Zorvan Quillbrook Tamsin"
PLANTED = person(nationality="Malawi", comment="See QDi.002.")
LATER = "2026-03-01T00:00:09Z"


def take(persons: Iterable[str] = (), *, made: str = MADE) -> SanctionsSnapshot:
    """Make a list with these persons the current one."""
    content = whole_list(persons, made=made)
    return take_list(read_list(content), source="list.xml")[0]


def planted(organization: Organization, *, name: str = LISTED, kind: str = "board") -> Hit:
    """An organization with a listed name among its own, and the hit that screening makes of it."""
    if not SanctionsSnapshot.objects.exists():
        take([PLANTED])
    RelatedName.objects.create(organization=organization, kind=kind, name=name)
    screen_organization(organization)
    return Hit.objects.filter(organization=organization).latest("pk")
