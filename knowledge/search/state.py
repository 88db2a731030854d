"""The name of the library's present state, under which answers are kept (`alliance.browsing.kept`).

A state is named by its changes and the day: embargoes end by the day.
"""

import datetime

from django.utils import timezone

from alliance import states
from knowledge.models import IndexChange

# Asked by `alliance.states`. Only names of our own are put into the text.
STATE = f"SELECT row(count(*), max(id), max(at))::text FROM {IndexChange._meta.db_table}"  # noqa: S608 - names of our own


def present() -> tuple[str, datetime.date]:
    """The name of the library's present state, and the day that it holds for."""
    day = timezone.localdate()
    return f"library {states.now()['library']} {day}", day
