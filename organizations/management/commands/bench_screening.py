"""`manage.py bench_screening`: measures the screening on the real list; ends with 1 over a limit.

Quality is measured in memory, time on a database that is made for it and removed again.
"""

import statistics
import time
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from alliance import vocabularies
from alliance.benchmark import Line, own_database, tell
from organizations.models import Organization, RelatedName
from organizations.screening import benchmark
from organizations.screening.fetching import read_source
from organizations.screening.in_force import thresholds
from organizations.screening.matching import Index
from organizations.screening.reading import Quality, SanctionsList, read_list
from organizations.screening.runs import screen_due, screen_organization
from organizations.screening.snapshots import take_list

ORDINARY_NAMES = 10_000
ORGANIZATIONS = 10_000
NAMES_EACH = 3  # an institution and two people


class Command(BaseCommand):
    help = "Measure recall, false alerts and time of the screening on the real list."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--list", default=str(benchmark.OWN_COPY), help="The file to measure.")
        parser.add_argument(
            "--short",
            action="store_true",
            help="A tenth of the listed names, a hundredth of the organizations.",
        )
        parser.add_argument("--show", action="store_true", help="Name what was missed or alerted.")

    def handle(self, *, short: bool, **options: Any) -> None:
        listing = read_list(read_source(options["list"]))
        lines = list(self._quality(listing, each=10 if short else 1, show=options["show"]))
        with own_database():
            take_list(listing, source=options["list"])
            lines += _times(ORGANIZATIONS // 100 if short else ORGANIZATIONS)
        tell(self.stdout, lines)

    def _quality(self, listing: SanctionsList, *, each: int, show: bool) -> Iterator[Line]:
        names = [(party.reference, name) for party in listing.parties for name in party.names]
        index = Index(
            ((reference, name.text, name.quality is Quality.WEAK) for reference, name in names),
            thresholds(),
        )
        as_listed, _missed = benchmark.recall(
            index, ((reference, name.text) for reference, name in names[::each])
        )
        found, missed = benchmark.recall(index, list(benchmark.distorted(listing))[::each])
        people = benchmark.ordinary(ORDINARY_NAMES, (name.text for _, name in names))
        alerted = benchmark.alerts(index, people)
        yield Line("listed names found as they are", 100 * as_listed, 100, at_least=True, unit="%")
        yield Line("distorted names found", 100 * found, 98, at_least=True, unit="%")
        yield Line("false alerts", 1000 * len(alerted) / len(people), 1, unit="in 1,000")
        if show:
            self.stdout.write(f"Missed: {missed}\nAlerted: {alerted}")


def _times(count: int) -> list[Line]:
    places = _make_organizations(count + 1)
    screen_organization(places[0])  # builds the index
    once = []
    for _round in range(20):
        began = time.perf_counter()
        screen_organization(places[0])
        once.append(time.perf_counter() - began)
    began = time.perf_counter()
    done = len(screen_due())
    whole = time.perf_counter() - began
    return [
        Line("one organization", 1000 * statistics.median(once), 50, unit="ms"),
        Line(f"{done:,} organizations", whole, 300 * count / ORGANIZATIONS, unit="s"),
    ]


def _make_organizations(count: int) -> list[Organization]:
    kind = vocabularies.term("organization-type", "ngo-national")
    assert kind is not None
    places = Organization.objects.bulk_create(
        Organization(
            name=f"Association number {number} for rural energy",
            country=vocabularies.country("MW"),
            type=kind,
        )
        for number in range(count)
    )
    people = iter(benchmark.ordinary(count * (NAMES_EACH - 1), [], seed=1))
    RelatedName.objects.bulk_create(
        RelatedName(organization=place, kind=role, name=next(people))
        for place in places
        for role in (RelatedName.Kind.HEAD, RelatedName.Kind.BOARD)
    )
    return places
