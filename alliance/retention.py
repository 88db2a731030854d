"""How long what is kept about people is kept: the lines that the privacy notice is made from.

The same lines delete, so that the notice cannot promise what is not done.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import ngettext

from alliance.text import Text

DAY = timedelta(days=1)
YEAR = 365 * DAY


@dataclass(frozen=True, kw_only=True)
class Span:
    """After how long something goes.

    `words` says it for people, with `%(time)s` for the time. `forget` deletes what is older than
    the moment it is given, and returns how many rows it changed; it may run twice at once.
    """

    after: timedelta
    words: Text
    forget: Callable[[datetime], int]

    def __str__(self) -> str:
        return str(self.words) % {"time": readable_time(self.after)}

    def run(self) -> int:
        return self.forget(timezone.now() - self.after)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One line of the notice: what is kept about people (`title`, `what`), why, and until when.

    `until` says what else than time ends it; either that or a span is there.
    """

    code: str
    title: Text
    what: Text
    why: Text
    until: Text = ""
    spans: tuple[Span, ...] = ()

    @property
    def until_words(self) -> str:
        """All that ends it, for people: `Until you end it. After its end: 30 days.`"""
        return " ".join(str(words) for words in (self.until, *self.spans) if words)


def forget_what_is_old(lines: Iterable[Kept]) -> dict[str, int]:
    """Forget what is old; returns the code of each line with the number of its rows."""
    return {line.code: sum(span.run() for span in line.spans) for line in lines}


def readable_time(time: timedelta) -> str:
    """`24 hours`, `90 days`, `2 years`: whole years of 365 days, else whole days."""
    if time % YEAR == timedelta():
        years = time // YEAR
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    if time <= DAY:
        hours = time // timedelta(hours=1)
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", time.days) % {"count": time.days}


readable_time_lazy = lazy(readable_time, str)
