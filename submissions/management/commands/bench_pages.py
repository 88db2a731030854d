"""`manage.py bench_pages`: what our pages cost beside bare Django pages; ends with 1 over a limit.

On a database that is made for it and removed again. Limits are multiples of bare pages of the same
run, so they hold on any machine.
"""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.test import override_settings

from alliance.benchmark import own_database, tell
from submissions.benchmark import bare, meter
from submissions.benchmark.limits import limits, references

EACH = 4  # requests for a page in each round
WARM = 3


class Command(BaseCommand):
    help = "Measure the CPU time and the queries of pages beside bare Django pages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--records", type=int, default=500, help="Reports, and submissions in the queue."
        )
        meter.add_arguments(parser)

    def handle(self, *, records: int, rounds: int, slack: float, **options: Any) -> None:
        logging.getLogger("alliance.request").setLevel(logging.WARNING)
        with own_database(), override_settings(ROOT_URLCONF=bare.__name__):
            compared = references()
            limited = limits(records, posts=rounds * EACH + WARM + 1)
            subjects = [*compared.values(), *(limit.subject for limit in limited)]
            meter.measure(subjects, rounds=rounds, each=EACH, warm=WARM)
            counted = meter.counts_database()
        meter.report(self.stdout, subjects, counted=counted)
        tell(self.stdout, (line for limit in limited for line in limit.lines(compared, slack)))
