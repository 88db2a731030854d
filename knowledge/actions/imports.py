"""Reports out of a table: compared with the library, and written where they say something else.

Taking the same row twice changes nothing the second time: no version, no event, no date.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from knowledge.actions.imported_report import CHANGED, SAME, Taken, take
from knowledge.exchange.beside import Beside
from knowledge.exchange.entries import read_entry
from knowledge.exchange.known import Known
from knowledge.exchange.problems import Problem, Wrong
from knowledge.exchange.tables import MOST_PROBLEMS, Row
from organizations.models import User

# Of rows that differ so many are told one by one.
_MOST_TOLD = 500


@dataclass(frozen=True)
class Difference:
    """What a row adds, or which columns it changes; `outcome` is "added" or "changed"."""

    line: int
    outcome: str
    title: str
    columns: list[str]


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
    differing: list[Difference] = field(default_factory=list)

    def count(self, line: int, taken: Taken) -> None:
        setattr(self, taken.outcome, getattr(self, taken.outcome) + 1)
        if taken.outcome == SAME:
            return
        self.reports.append(taken.report.pk)
        if len(self.differing) < _MOST_TOLD:
            columns = taken.columns if taken.outcome == CHANGED else []
            self.differing.append(Difference(line, taken.outcome, taken.report.title, columns))

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
                taken = take(read_entry(row, known), known, beside, by, is_trial)
                transaction.set_rollback(is_trial)
        except Wrong as wrong:
            tally.note(wrong.problems)
        else:
            tally.count(row.line, taken)
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
