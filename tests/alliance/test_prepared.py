"""Questions that are worked out once: the same rows as asked plainly, whoever asks and how often."""

import gc
import uuid
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from django.forms import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from alliance import planned
from alliance.database_roles import as_owner
from alliance.models import Country
from alliance.prepared import Prepared
from organizations.models import Membership, User
from submissions.models import Kind, Submission
from tests import factories
from tests.racing import together


def person_of_a_place() -> User:
    return factories.member(factories.organization(), Membership.Role.OWNER)


def of_person(person: int) -> QuerySet[Membership]:
    return Membership.objects.filter(user=person).select_related("organization__country")


@pytest.mark.django_db
def test_the_answer_is_the_one_of_the_plain_question_for_each_value() -> None:
    people = [person_of_a_place() for _number in range(3)]
    asked = Prepared(of_person, int)
    for person in people:
        (plain,), (prepared,) = list(of_person(person.pk)), asked.all(person.pk)
        for row, same in (
            (prepared, plain),
            (prepared.organization, plain.organization),
            (prepared.organization.country, plain.organization.country),
        ):
            assert row is not None
            assert same is not None
            assert model_to_dict(row) == model_to_dict(same)


@pytest.mark.django_db
def test_what_belongs_to_a_row_comes_with_it_in_one_query() -> None:
    person = person_of_a_place()
    asked = Prepared(of_person, int)
    asked.all(person.pk)
    with CaptureQueriesContext(connection) as captured:
        membership = asked.first(person.pk)
        assert membership is not None
        assert membership.organization.country is not None
    assert len(captured) == 1


@pytest.mark.django_db
def test_values_of_two_kinds_find_their_places_and_columns_their_types() -> None:
    draft = factories.draft(person_of_a_place(), Kind.DEMAND)
    asked = Prepared(
        lambda name, organization: Submission.objects.filter(uuid=name, organization=organization),
        uuid.UUID,
        int,
    )
    found = asked.first(draft.uuid, draft.organization_id)
    assert found is not None
    assert (found.pk, found.typed, found.themes) == (draft.pk, draft.typed, draft.themes)
    assert asked.first(uuid.uuid4(), draft.organization_id) is None
    assert asked.all(draft.uuid, draft.organization_id + 1) == []


@pytest.mark.django_db
def test_a_row_that_was_asked_for_can_be_changed_and_saved() -> None:
    draft = factories.draft(person_of_a_place(), Kind.OFFER)
    found = Prepared(lambda row: Submission.objects.filter(pk=row), int).first(draft.pk)
    assert found is not None
    found.version += 1
    found.save()
    draft.refresh_from_db()
    assert draft.version == found.version


def test_a_value_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        Prepared(lambda row: Country.objects.filter(iso2="MW"), int)._prepare()


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_in_a_transaction_or_not_at_all(contents: None) -> None:
    draft = factories.draft(person_of_a_place(), Kind.OFFER)
    asked = Prepared(lambda row: Submission.objects.filter(pk=row).select_for_update(), int)
    with pytest.raises(TransactionManagementError):
        asked.first(draft.pk)
    with transaction.atomic():
        assert asked.first(draft.pk) == draft

        def free() -> list[Submission]:
            with transaction.atomic():
                rows = Submission.objects.filter(pk=draft.pk)
                return list(rows.select_for_update(skip_locked=True))

        assert together(free) == [[]]


@pytest.mark.django_db(transaction=True)
def test_threads_ask_each_on_their_own_connection(contents: None) -> None:
    people = [person_of_a_place().pk for _number in range(4)]
    asked = Prepared(of_person, int)

    def found(person: int) -> list[int]:
        return [row.user_id for _turn in range(50) for row in asked.all(person)]

    answers = together(*(partial(found, person) for person in people))
    assert answers == [[person] * 50 for person in people]


@pytest.mark.django_db
def test_the_database_can_plan_every_question_that_is_kept() -> None:
    assert get_resolver().url_patterns  # loads all that pages need
    # By its type: to ask a lazy object for its class would have it do what it puts off.
    kept = [thing for thing in gc.get_objects() if issubclass(type(thing), Prepared)]
    ours = [one for one in kept if not one._question.__module__.startswith("tests.")]
    assert len(ours) > 20
    for question in ours:
        _compiler, sql, params, _converters = question._prepare()
        question._plan(connection, sql, params)
    planned.forget(connection)


@pytest.mark.django_db(transaction=True)
def test_a_connection_plans_a_question_once_and_anew_where_a_column_has_changed(
    contents: None,
) -> None:
    person = person_of_a_place()
    asked = Prepared(of_person, int)

    def sent() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert [row.user_id for row in asked.all(person.pk)] == [person.pk]
        return [query["sql"].split()[0] for query in captured.captured_queries]

    assert (sent(), sent()) == (["EXECUTE"], ["EXECUTE"])
    with transaction.atomic():
        assert sent() == ["SELECT"]  # where it fails, the transaction would be lost
    table, column = Membership._meta.db_table, "function"
    with as_owner(), connection.cursor() as cursor:
        for length in (500, 150):
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar({length})")
            assert sent() == ["EXECUTE", "SELECT"]
            assert sent() == ["EXECUTE"]
