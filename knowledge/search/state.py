"""The name of the library's present state, under which answers are kept (`alliance.browsing.kept`).

A state is named by its changes and the day: embargoes end by the day.
"""

import datetime

from django.db import connection
from django.utils import timezone

from knowledge.models import IndexChange

# Only names of our own are put into the text.
STATE = f"SELECT count(*), max(id), max(at) FROM {IndexChange._meta.db_table}"  # noqa: S608


def present() -> tuple[str, datetime.date]:
    """The name of the library's present state, and the day that it holds for; one query."""
    day = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        return name_of(cursor.fetchone(), day), day


def name_of(row: tuple[object, ...], day: datetime.date) -> str:
    """The name of the state that `STATE` answered with on that day."""
    changes, last, at = row
    return f"library {last} {changes} {at} {day}"
