"""The portal in use that the rules are held against."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.rules.case import case, found_paths
from tests.rules.world import World, make_world
from tests.shared_rows import kept_for_the_module

__all__ = ["case", "found_paths"]


@pytest.fixture(scope="module")
def shared_world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[World]:
    """With one row of everything, or as many as a test says by an indirect parameter."""
    with kept_for_the_module(django_db_blocker):
        yield make_world(getattr(request, "param", 1))


@pytest.fixture
def world(shared_world: World, db: None) -> World:
    """A copy for each test: people remember what they were asked about their rights."""
    return deepcopy(shared_world)
