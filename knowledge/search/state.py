"""The name of the library's present state, under which answers are kept (`alliance.browsing.kept`).

A state is named by its changes and the day: embargoes end by the day.
"""

import datetime

from django.db import connection
from django.utils import timezone

from knowledge.models import IndexChange

# Only names of our own are put into the text.
_STATE = f"SELECT count(*), max(id), max(at) FROM {IndexChange._meta.db_table}"  # noqa: S608


def present() -> tuple[str, datetime.date]:
    """The name of the library's present state, and the day that it holds for; one query."""
    day = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        changes, last, at = cursor.fetchone()
    return f"library {last} {changes} {at} {day}", day
