"""The first page of the secretariat: how much waits where, as the apps above tell it.

`START_PAGE` in the settings names the functions that tell it, in the order in which they stand.
Each takes the request and returns a `Part`, or None where the person has nothing to do with it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from alliance.charts import Chart
from alliance.text import Text


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many rows there are, and the address of the list of exactly those."""

    label: Text
    number: int
    address: str
    # Something is wrong as long as there is one.
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row that is named on the page itself; `days` says for how long it waits."""

    name: str
    note: Text
    address: str
    days: int


@dataclass(frozen=True, kw_only=True)
class Link:
    """A page that tells more."""

    label: Text
    address: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """One heading of the page with what stands below it."""

    title: Text
    counts: tuple[Count, ...] = ()
    cases: tuple[Case, ...] = ()
    charts: tuple[Chart, ...] = ()
    links: tuple[Link, ...] = ()


def parts_for(request: HttpRequest) -> list[Part]:
    """What this person finds; the functions ask the same queries however much there is."""
    tellers: list[Callable[[HttpRequest], Part | None]] = [
        import_string(path) for path in settings.START_PAGE
    ]
    return [part for tell in tellers if (part := tell(request)) is not None]
