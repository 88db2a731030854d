"""Keeps the index of the library: what the search finds and what the list shows.

Whoever changes a report, one of its editions or what is read from its PDF calls `mark_due` in the
same transaction. What is said of the report is found at once; the words inside its files follow
when the worker has read them (`index_due`, a sweep).
"""

from knowledge.indexing.due import index_due, mark_due

__all__ = ["index_due", "mark_due"]
