"""A version goes into service beside the one before it, so its migrations leave that one working."""

import pytest
from django.db import models
from django.db.migrations import (
    AddField,
    AlterField,
    CreateModel,
    DeleteModel,
    Migration,
    RemoveField,
    RenameField,
    RunSQL,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from tests.rules.two_steps import dangers

OURS = {"alliance", "organizations", "knowledge", "submissions"}
# Made before there was a version in service anywhere: none of them runs beside another.
BEFORE_THE_FIRST_RELEASE = {
    "knowledge.0005_parts_of_the_index",
    "organizations.0002_subscription_choices",
    "organizations.0003_listing",
    "submissions.0003_share_pictures",
}


def first_state() -> ProjectState:
    state = ProjectState()
    fields: list[tuple[str, models.Field]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("hint", models.TextField(null=True)),
    ]
    CreateModel("Thing", fields).state_forwards("app", state)
    return state


def found_in(*operations: Operation) -> list[str]:
    made = type("Next", (Migration,), {"operations": list(operations)})
    return list(dangers(made("0002_next", "app"), first_state()))


@pytest.mark.parametrize(
    "operation",
    [
        RemoveField("thing", "hint"),
        RenameField("thing", "hint", "note"),
        DeleteModel("Thing"),
        AddField("thing", "name", models.TextField(default="")),
        AlterField("thing", "hint", models.TextField(default="")),
        RunSQL("DELETE FROM app_thing"),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_the_version_before_would_stumble_over_is_found(operation: Operation) -> None:
    assert len(found_in(operation)) == 1


@pytest.mark.parametrize(
    "operations",
    [
        [AddField("thing", "name", models.TextField(null=True))],
        [AddField("thing", "name", models.TextField(db_default=""))],
        [AlterField("thing", "hint", models.TextField(null=True, blank=True))],
        [
            CreateModel("New", [("id", models.BigAutoField(primary_key=True))]),
            AddField("new", "name", models.TextField(default="")),
        ],
    ],
)
def test_what_is_added_with_room_is_not(operations: list[Operation]) -> None:
    assert found_in(*operations) == []


def test_every_migration_leaves_the_version_before_working() -> None:
    loader = MigrationLoader(None)
    state, seen, wrong = ProjectState(), dict[str, set[str]](), {}
    for app, name in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
        migration = loader.disk_migrations[app, name]
        words = list(dangers(migration, state))
        first_step = getattr(migration, "second_step", "")
        if app in OURS and words and name != "0001_initial" and first_step not in seen[app]:
            wrong[f"{app}.{name}"] = words
        seen.setdefault(app, set()).add(name)
    assert wrong.keys() == BEFORE_THE_FIRST_RELEASE, wrong
