"""The current list in memory, built once for a process and again when another one is taken."""

from dataclasses import dataclass

from django.conf import settings

from organizations.models import ListedEntry, SanctionsSnapshot
from organizations.screening.evidence import Facts
from organizations.screening.matching import Index, Thresholds


@dataclass(frozen=True)
class ListInForce:
    """`index`, `facts` and `references` are keyed by the id of a ListedEntry."""

    snapshot: SanctionsSnapshot
    method: str
    index: Index[int]
    facts: dict[int, Facts]
    references: dict[int, str]


_kept: dict[tuple[int, str, str], ListInForce] = {}


def thresholds() -> Thresholds:
    return Thresholds(
        strong=settings.SCREENING_STRONG_RATIO, possible=settings.SCREENING_POSSIBLE_RATIO
    )


def list_in_force() -> ListInForce | None:
    """The list that names are compared with now; None before the first one was taken."""
    snapshot = SanctionsSnapshot.objects.current()
    if snapshot is None:
        return None
    limits = thresholds()
    key = (snapshot.pk, snapshot.sha256, limits.method)
    found = _kept.get(key)
    if found is None:
        found = _build(snapshot, limits)
        _kept.clear()
        _kept[key] = found
    return found


def _build(snapshot: SanctionsSnapshot, limits: Thresholds) -> ListInForce:
    entries = list(ListedEntry.objects.current())
    return ListInForce(
        snapshot=snapshot,
        method=limits.method,
        index=Index(
            (
                (entry.pk, text, is_weak)
                for entry in entries
                for text, is_weak, _is_former in entry.names
            ),
            limits,
        ),
        facts={
            entry.pk: Facts.of(
                is_person=entry.kind == ListedEntry.Kind.PERSON,
                birth_years=entry.birth_years,
                countries=entry.countries,
            )
            for entry in entries
        },
        references={entry.pk: entry.reference for entry in entries},
    )
