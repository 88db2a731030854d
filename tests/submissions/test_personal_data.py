"""Every column of every table has a decision: whether it is about people, and what becomes of it."""

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from alliance.personal_data import Table
from submissions.personal_data import TABLES
from submissions.retention import KEPT
from tests.submissions.whole_database import all_models, wordy_columns


def decided(table: Table) -> set[str]:
    """The columns that the table's decision speaks of."""
    columns = set(table.plain)
    for effect in table.on_erasure:
        whole = wordy_columns(apps.get_model(table.model))
        columns |= whole if effect.columns is None else effect.columns
    return columns


def undecided(found: Iterable[type[models.Model]]) -> list[str]:
    """Columns, and tables that point to a person, that nobody has decided about."""
    by_model = {table.model: table for table in TABLES}
    problems = []
    for model in found:
        label = model._meta.label
        table = by_model.get(label)
        if table is None:
            points_to_people = any(
                field.related_model is not None
                and field.related_model._meta.label == "organizations.User"
                for field in model._meta.concrete_fields
            )
            is_a_pair = bool(model._meta.auto_created)
            if wordy_columns(model) or (points_to_people and not is_a_pair):
                problems.append(label)
        elif table.kept:
            problems += [f"{label}.{name}" for name in wordy_columns(model) - decided(table)]
    return sorted(problems)


def test_every_column_that_can_hold_words_has_a_decision() -> None:
    assert undecided(all_models()) == []


@isolate_apps("submissions")
def test_a_new_column_and_a_new_table_ask_for_a_decision() -> None:
    class Diary(models.Model):
        entry = models.TextField()

        class Meta:
            app_label = "submissions"

    class Note(models.Model):
        """Has the name of a table that is decided on, and a column that is not."""

        text = models.TextField()
        whispered = models.CharField(max_length=10)

        class Meta:
            app_label = "submissions"

    assert undecided([Diary, Note]) == ["submissions.Diary", "submissions.Note.whispered"]


def test_no_decision_is_about_a_column_or_table_that_is_not_there() -> None:
    for table in TABLES:
        model = apps.get_model(table.model)
        names = {field.name for field in model._meta.concrete_fields}
        assert decided(table) - names == set(), table.model
    labels = [table.model for table in TABLES]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.model)
def test_what_is_about_people_has_its_line_in_the_notice(table: Table) -> None:
    about_people = bool(table.on_erasure or table.exports or table.plain)
    assert (table.kept in {line.code for line in KEPT}) == about_people


def test_every_line_of_the_notice_speaks_of_a_table_and_says_when_it_ends() -> None:
    assert {line.code for line in KEPT} == {table.kept for table in TABLES if table.kept}
    assert [line.code for line in KEPT if not line.until_words] == []
    assert len({line.code for line in KEPT}) == len(KEPT)
