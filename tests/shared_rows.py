"""Rows that the tests of one module share, where making them takes longer than the tests do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def kept_for_the_module(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is made inside stays until the end; what a test does to it is taken back after the test.

    For fixtures of module scope that ask for `django_db_setup`; each test marked `django_db` then
    has its own savepoint in here. Not for modules with real transactions.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
