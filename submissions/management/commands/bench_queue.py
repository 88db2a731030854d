"""`manage.py bench_queue`: what the queue costs beside a bare list; ends with 1 over a limit.

On a database that is made for it and removed again, with many years' cases.
"""

import logging
from typing import Any

from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandParser
from django.test import override_settings

from alliance.benchmark import own_database, tell
from submissions.benchmark import bare, meter
from submissions.benchmark.limits import references
from submissions.benchmark.meter import Subject
from submissions.benchmark.queue_limits import limits

EACH = 4  # requests for a page in each round
WARM = 3


class Command(BaseCommand):
    help = "Measure the CPU time and the queries of the review queue beside a bare list."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--records", type=int, default=100_000, help="Cases in the queue.")
        meter.add_arguments(parser)

    def handle(self, *, records: int, rounds: int, slack: float, **options: Any) -> None:
        logging.getLogger("alliance.request").setLevel(logging.WARNING)
        with own_database(), override_settings(ROOT_URLCONF=bare.__name__):
            compared = {"list": references()["list"]}
            limited = limits(records)
            first = _first_times([limit.subject for limit in limited])
            subjects = [*compared.values(), *(limit.subject for limit in limited)]
            meter.measure(subjects, rounds=rounds, each=EACH, warm=WARM)
            counted = meter.counts_database()
        for name, seconds in first.items():
            self.stdout.write(f"{name + ', all counted anew':<44} {1000 * seconds:>9.2f} ms")
        meter.report(self.stdout, subjects, counted=counted)
        tell(self.stdout, (line for limit in limited for line in limit.lines(compared, slack)))


def _first_times(subjects: list[Subject]) -> dict[str, float]:
    """What each page takes while none of its counts is kept, in seconds; no limit is set for it.

    One of them has been asked before, so that it is the counts that are made for the first time.
    """
    subjects[0].ask()
    found = {}
    for subject in subjects:
        cache.clear()
        found[subject.name] = subject.ask()
    return found
