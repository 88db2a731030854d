"""Compares the names of organizations with the list, and records that it was done."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from organizations.models import (
    Hit,
    Organization,
    SanctionsSnapshot,
    ScreenedName,
    ScreeningRun,
    User,
)
from organizations.screening.evidence import Verdict, priority, weigh
from organizations.screening.in_force import ListInForce, list_in_force, thresholds
from organizations.screening.matching import Match
from organizations.screening.names import due_for_screening, sync_names

log = logging.getLogger(__name__)

_Cause = ScreeningRun.Cause
_BATCH = 100
# What a later run may set right in a hit that nobody has decided.
_FINDING = (
    "entry",
    "last_run",
    "listed_name",
    "band",
    "method",
    "score",
    "evidence",
    "priority",
)


class NoList(ActionRefused):
    def __init__(self) -> None:
        super().__init__(_("No sanctions list has been taken yet, so nothing can be compared."))


def is_screened_with(snapshot: SanctionsSnapshot, organization: Organization) -> bool:
    """Whether the names as they are now were compared with this list; never where it is closed."""
    due = due_for_screening(snapshot, thresholds().method).filter(pk=organization.pk)
    living = Organization.objects.filter(pk=organization.pk, closed_at=None)
    return living.exclude(pk__in=due.values("pk")).exists()


@transaction.atomic
def screen_organization(
    organization: Organization, *, by: User | None = None, cause: str = _Cause.ASKED
) -> ScreeningRun:
    """Compare all names of an organization now. Raises NoList."""
    current = list_in_force()
    if current is None:
        raise NoList
    rows = Organization.objects.locked().select_related("country").filter(pk=organization.pk)
    [run] = _screen(list(rows), current, by=by, cause=cause)
    return run


def screen_due(limit: int | None = None) -> list[ScreeningRun]:
    """Screen what is due, a batch in a transaction; safe to run in several processes at once.

    Whatever another process has in its hands is left to it. An organization that cannot be
    screened is logged, and is still due the next time.
    """
    done: list[ScreeningRun] = []
    failed: set[int] = set()
    while limit is None or len(done) < limit:
        runs = _screen_batch(failed)
        if runs is None:
            break
        done += runs
    return done


@transaction.atomic
def _screen_batch(failed: set[int]) -> list[ScreeningRun] | None:
    """The next ones but for those in `failed`, to which it adds; None where nothing is left."""
    current = list_in_force()
    if current is None:
        return None
    # Chosen before they are locked: sorting out thousands under locks would hold up too many.
    waiting = due_for_screening(current.snapshot, current.method).exclude(pk__in=failed)
    due = list(waiting.order_by("pk").values_list("pk", flat=True)[:_BATCH])
    locked = Organization.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    rows = list(locked.select_related("country").filter(pk__in=due).order_by("pk"))
    if not rows:
        return None
    try:
        with transaction.atomic():
            return _screen(rows, current)
    except Exception:
        log.exception("screening a batch failed")
        return [run for row in rows for run in _screen_alone(row, current, failed)]


def _screen_alone(
    organization: Organization, current: ListInForce, failed: set[int]
) -> list[ScreeningRun]:
    try:
        with transaction.atomic():
            return _screen([organization], current)
    except Exception:
        log.exception("screening failed", extra={"organization": organization.pk})
        failed.add(organization.pk)
        return []


@dataclass
class _Comparison:
    """What came of one organization's names."""

    organization: Organization
    names: list[ScreenedName]
    has_new_list: bool
    found: list[tuple[ScreenedName, Match[int]]] = field(default_factory=list)
    run: ScreeningRun = field(default_factory=ScreeningRun)


def _screen(
    organizations: Sequence[Organization],
    current: ListInForce,
    *,
    by: User | None = None,
    cause: str = "",
) -> list[ScreeningRun]:
    sync_names(organizations)
    comparisons = _compare(organizations, current)
    hits = _Hits(comparisons, current)
    for one in comparisons:
        new = sum(name.organization_id == one.organization.pk for name, _match in hits.new)
        one.run = ScreeningRun(
            organization=one.organization,
            snapshot=current.snapshot,
            method=current.method,
            cause=cause or (_Cause.LIST if one.has_new_list else _Cause.NAMES),
            names=len(one.names),
            listed_names=current.index.size,
            found=len(one.found),
            new=new,
            by=by,
        )
    runs = ScreeningRun.objects.bulk_create(one.run for one in comparisons)
    names = []
    for one in comparisons:
        for name in one.names:
            name.run = one.run
            names.append(name)
    ScreenedName.objects.bulk_update(names, ["run"])
    hits.save({run.organization_id: run for run in runs})
    return runs


def _compare(organizations: Iterable[Organization], current: ListInForce) -> list[_Comparison]:
    comparisons = {
        organization.pk: _Comparison(organization, [], has_new_list=False)
        for organization in organizations
    }
    names = ScreenedName.objects.active().filter(organization__in=comparisons)
    for name in names.select_related("country", "run"):
        one = comparisons[name.organization_id]
        # Saves asking the country of each name's organization one by one.
        name.organization = one.organization
        one.has_new_list = one.has_new_list or _is_outdated(name.run, current)
        one.names.append(name)
        one.found += [(name, match) for match in current.index.find(name.name)]
    return list(comparisons.values())


def _is_outdated(run: ScreeningRun | None, current: ListInForce) -> bool:
    """Whether a name was compared, but not with this list, or not in this way."""
    return run is not None and (run.snapshot_id, run.method) != (
        current.snapshot.pk,
        current.method,
    )


class _Hits:
    """Tells what is found for the first time from what was asked about before."""

    def __init__(self, comparisons: Sequence[_Comparison], current: ListInForce) -> None:
        self.current = current
        self.new: list[tuple[ScreenedName, Match[int]]] = []
        self.again: list[tuple[Hit, ScreenedName, Match[int]]] = []
        found = [pair for one in comparisons for pair in one.found]
        known = Hit.objects.filter(name__in={name.pk for name, _match in found})
        rows = list(known.select_related("entry"))
        by_entry = {(hit.name_id, hit.entry_id): hit for hit in rows}
        # An entry that changed while nobody had decided is still the one question.
        undecided = {
            (hit.name_id, hit.entry.reference): hit
            for hit in rows
            if hit.state.is_open and not hit.entry.is_current
        }
        references = current.references
        for name, match in found:
            hit = by_entry.get((name.pk, match.key)) or undecided.pop(
                (name.pk, references[match.key]), None
            )
            if hit is None:
                self.new.append((name, match))
            else:
                self.again.append((hit, name, match))

    def save(self, runs: dict[int, ScreeningRun]) -> None:
        decided = []
        undecided = []
        for hit, name, match in self.again:
            hit.last_run = runs[name.organization_id]
            if hit.state.is_open:
                self._describe(hit, name, match)
                undecided.append(hit)
            else:
                decided.append(hit)
        Hit.objects.bulk_update(decided, ["last_run"])
        Hit.objects.bulk_update(undecided, _FINDING)
        made = []
        for name, match in self.new:
            run = runs[name.organization_id]
            hit = Hit(organization=run.organization, name=name, first_run=run, last_run=run)
            self._describe(hit, name, match)
            made.append(hit)
        for hit in Hit.objects.bulk_create(made):
            audit.record(
                "screening.hit_found", by=None, about=hit.organization, internal=True, hit=hit.pk
            )

    def _describe(self, hit: Hit, name: ScreenedName, match: Match[int]) -> None:
        verdicts = self._weigh(name, match.key)
        hit.entry_id = match.key
        hit.listed_name = match.name[:1000]
        hit.band = match.band
        hit.method = match.method
        hit.score = round(match.score, 1)
        hit.evidence = {key: verdict.value for key, verdict in verdicts.items()}
        hit.priority = priority(match.band, match.score, verdicts)

    def _weigh(self, name: ScreenedName, entry: int) -> dict[str, Verdict]:
        # Where somebody works says nothing of where they come from.
        country = name.country or (None if name.is_person else name.organization.country)
        return weigh(
            self.current.facts[entry],
            is_person=name.is_person,
            birth_year=name.birth_year,
            country=country.name_en if country else "",
        )
