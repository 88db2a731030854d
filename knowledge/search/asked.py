"""What a reader may ask the library for."""

from dataclasses import dataclass

from alliance.browsing import asked
from alliance.browsing.asked import BEST, NEWEST

__all__ = ["BEST", "FACETS", "NEWEST", "TITLE", "Query"]

TITLE = "title"

# By these a list is narrowed, in the order of the page.
FACETS = ("theme", "region", "country", "sdg", "publisher", "year", "language")


@dataclass(frozen=True)
class Query(asked.Query):
    """What a reader asked for; by default the best match first, without words the newest."""

    ORDERS = (NEWEST, TITLE)
