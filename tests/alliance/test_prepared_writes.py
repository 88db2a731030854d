"""Rows written by SQL that is kept: the same in the database as rows that Django saves."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from alliance.models import Event
from alliance.prepared_writes import insert, update
from organizations.models import User
from submissions.models import Kind, Submission
from tests import factories

pytestmark = pytest.mark.django_db

OF_EACH_ROW = {"id", "uuid", "at", "created_at", "status_at"}


def event() -> Event:
    return Event(name="some.event", subject_type="a.b", subject_id=7, data={"to": ["x", None]})


def columns(row: Any) -> dict[str, Any]:
    """What stands in the database, but for what differs between any two rows."""
    found = type(row)._base_manager.get(pk=row.pk)
    fields = [field for field in found._meta.concrete_fields if field.name not in OF_EACH_ROW]
    return {field.name: field.value_from_object(found) for field in fields}


def test_a_new_row_is_the_one_that_saving_makes() -> None:
    saved, inserted = event(), event()
    saved.save()
    insert(inserted)
    assert columns(inserted) == columns(saved)
    assert (inserted.pk, inserted._state.adding) == (saved.pk + 1, False)
    assert Event.objects.get(pk=inserted.pk).at == inserted.at


def test_arrays_defaults_and_pictures_are_prepared_by_their_fields() -> None:
    place = factories.organization()
    rows = [
        Submission(kind=Kind.DEMAND, organization=place, themes=["health"], typed={"a": ["é"]})
        for _turn in range(2)
    ]
    rows[0].save()
    insert(rows[1])
    assert columns(rows[1]) == columns(rows[0])


def test_only_the_named_fields_of_one_row_are_updated(owner: User) -> None:
    others = [factories.draft(owner, Kind.OFFER) for _turn in range(2)]
    changed = factories.draft(owner, Kind.OFFER)
    others.append(factories.draft(owner, Kind.OFFER))
    before = columns(changed) | {"themes": ["health"], "saved_by": None}
    kept = list(map(columns, others))
    changed.themes, changed.saved_by, changed.title = ["health"], None, "Not to be written"
    changed.saved_at = datetime(2026, 11, 2, 3, 4, tzinfo=UTC)
    update(changed, "themes", "saved_by", "saved_at")
    assert columns(changed) == before | {"saved_at": changed.saved_at}
    assert list(map(columns, others)) == kept


def test_it_is_one_statement_each() -> None:
    row = event()
    with CaptureQueriesContext(connection) as captured:
        insert(row)
        insert(event())
    assert [query["sql"][:6] for query in captured.captured_queries] == ["INSERT", "INSERT"]


def test_a_row_that_is_no_more_is_not_updated_in_silence(owner: User) -> None:
    draft = factories.draft(owner, Kind.OFFER)
    Submission.objects.filter(pk=draft.pk).delete()
    with pytest.raises(DatabaseError):
        update(draft, "title")


def test_what_the_database_refuses_ends_the_transaction() -> None:
    row = event()
    row.name = None  # type: ignore[assignment]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(row)
    outside = transaction.get_connection()
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            insert(row)
        assert outside.needs_rollback
        outside.set_rollback(True)
