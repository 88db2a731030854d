"""The name of the present state of what anybody finds, under which answers are kept."""

import datetime
from typing import NamedTuple

from django.utils import timezone

from alliance import states
from knowledge.search import state as library
from organizations.models import Organization
from submissions.models import PublicChange

# Asked by `alliance.states`. Only names of our own are put into the text.
STATE = f"SELECT row(count(*), max(id), max(at))::text FROM {PublicChange._meta.db_table}"  # noqa: S608 - names of our own
# Nothing while one is marked: what depends on its name, clearance or agreement is asked live until
# the worker has followed (`directory.writing`), which leaves a change.
ORGANIZATIONS = f"""
SELECT '' WHERE NOT EXISTS (SELECT FROM {Organization._meta.db_table} WHERE shown_at IS NULL)
"""  # noqa: S608 - names of our own


def present() -> str:
    """The state's name, see `alliance.browsing.kept`."""
    return f"public {states.now()['entries']} {timezone.localdate()}"


class Present(NamedTuple):
    """The names of both states, and the day that they hold for."""

    public: str
    library: str
    day: datetime.date


def present_of_all() -> Present:
    """The library's state too, for whoever shows both."""
    return Present(present(), *library.present())
