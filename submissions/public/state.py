"""The name of the present state of what anybody finds, under which answers are kept."""

import datetime
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from knowledge.search import state as library
from submissions.models import PublicChange

_STATE = f"SELECT count(*), max(id), max(at) FROM {PublicChange._meta.db_table}"  # noqa: S608


def present() -> str:
    """The state's name, see `alliance.browsing.kept`; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        return _name(cursor.fetchone(), timezone.localdate())


class Present(NamedTuple):
    """The names of both states, and the day that they hold for."""

    public: str
    library: str
    day: datetime.date


def present_of_all() -> Present:
    """The library's state too, for whoever shows both; one query all the same."""
    day = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(f"{_STATE} UNION ALL ({library.STATE})")
        public, reports = cursor.fetchall()
    return Present(_name(public, day), library.name_of(reports, day), day)


def _name(row: tuple[object, ...], day: datetime.date) -> str:
    changes, last, at = row
    return f"public {last} {changes} {at} {day}"
