"""What a migration may not do while the version before it still serves: the two run side by side.

The version that is being replaced asks for its columns by name and writes rows without those it has
never heard of. A migration that comes a release after the code had stopped using something says so:
`second_step = "0012_name"`, the migration of the same app with which the first step came.
"""

from collections.abc import Iterator

from django.db.migrations import Migration
from django.db.migrations.operations import (
    AddField,
    AlterField,
    AlterModelTable,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED, Field, ManyToManyField

_TAKES_AWAY = (RemoveField, DeleteModel, RenameField, RenameModel, AlterModelTable)


def dangers(migration: Migration, state: ProjectState) -> Iterator[str]:
    """What in a migration breaks the version before; `state` goes on by its operations."""
    made = set()
    for operation in migration.operations:
        if (word := _danger(operation, migration.app_label, state)) and _model(
            operation
        ) not in made:
            yield word
        if type(operation).__name__ == "CreateModel":
            made.add(_model(operation))
        operation.state_forwards(migration.app_label, state)


def _model(operation: Operation) -> str:
    name = getattr(operation, "model_name", None) or getattr(operation, "name", "")
    return str(name).lower()


def _danger(operation: Operation, app: str, state: ProjectState) -> str:
    what = operation.describe()
    if isinstance(operation, SeparateDatabaseAndState):
        below = (_danger(each, app, state) for each in operation.database_operations)
        return next(filter(None, below), "")
    if isinstance(operation, _TAKES_AWAY):
        return f"{what}: the version before still asks for it"
    if isinstance(operation, AddField) and _must_be_given(operation.field):
        return f"{what}: the version before writes rows without it; null=True or db_default"
    if isinstance(operation, AlterField) and _must_be_given(operation.field):
        was = state.models[app, operation.model_name_lower].fields[operation.name]
        if was.null:
            return f"{what}: the version before may write NULL"
    if isinstance(operation, RunSQL | RunPython) and not operation.reversible:
        return f"{what}: there is no way back to the version before"
    return ""


def _must_be_given(field: Field) -> bool:
    is_left_to_database = field.db_default is not NOT_PROVIDED or field.generated
    return not (field.null or is_left_to_database or isinstance(field, ManyToManyField))
