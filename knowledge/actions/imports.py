"""Reports out of a table: compared with the library, and written where they say something else.

Taking the same row twice changes nothing the second time: no version, no event, no date.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from knowledge.actions.imported_report import take
from knowledge.exchange.beside import Beside
from knowledge.exchange.entries import read_entry
from knowledge.exchange.known import Known
from knowledge.exchange.problems import Problem, Wrong
from knowledge.exchange.tables import MOST_PROBLEMS, Row
from organizations.models import User


@dataclass
class Tally:
    """How far an import is. `reports` are the numbers of those that were added or changed."""

    done: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    wrong: int = 0
    problems: list[Problem] = field(default_factory=list)
    reports: list[int] = field(default_factory=list)

    def note(self, problems: list[Problem]) -> None:
        self.wrong += 1
        self.problems += problems[: MOST_PROBLEMS - len(self.problems)]


def take_rows(
    rows: Iterable[Row],
    beside: Beside,
    *,
    by: User | None,
    is_trial: bool,
    tell: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Take each row by itself, whole or not at all; what is wrong with one costs the others nothing.

    On trial everything is done and taken back, files excepted, which are checked and not kept.
    `tell` is called after each row.
    """
    tally, known = Tally(), Known.load()
    for row in rows:
        try:
            with transaction.atomic():
                report, outcome = take(read_entry(row, known), known, beside, by, is_trial)
                transaction.set_rollback(is_trial)
        except Wrong as wrong:
            tally.note(wrong.problems)
        else:
            setattr(tally, outcome, getattr(tally, outcome) + 1)
            if outcome != "same":
                tally.reports.append(report.pk)
        tally.done += 1
        tell(tally)
    return tally


def summary(tally: Tally) -> str:
    """What came of it, in a line."""
    words = _("%(added)d added, %(changed)d changed, %(same)d as they were, %(wrong)d wrong.")
    return words % {
        "added": tally.added,
        "changed": tally.changed,
        "same": tally.same,
        "wrong": tally.wrong,
    }
