"""The library's list and its search: what a query selects, in which order, and why."""

from knowledge.search.asked import BEST, FACETS, NEWEST, TITLE, Query
from knowledge.search.asking import TookTooLong
from knowledge.search.finding import Found
from knowledge.search.listing import matching
from knowledge.search.related import Near, related

__all__ = [
    "BEST",
    "FACETS",
    "NEWEST",
    "TITLE",
    "Found",
    "Near",
    "Query",
    "TookTooLong",
    "matching",
    "related",
]
