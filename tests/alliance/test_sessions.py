"""Where the database dies under a request, the answer says that trying again may help."""

from contextlib import closing
from importlib import import_module

import psycopg2
import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import InternalError, OperationalError, connection, transaction

from alliance.sessions import SessionStore


def saved() -> SessionStore:
    store = SessionStore()
    store["seen"] = 1
    store.create()
    return store


@pytest.mark.django_db(transaction=True)
def test_a_database_that_went_away_is_no_mistake_of_the_visitor() -> None:
    store = saved()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
    with closing(psycopg2.connect(**connection.get_connection_params())) as other:
        other.cursor().execute("SELECT pg_terminate_backend(%s)", [backend])
    store["seen"] = 2
    try:
        with pytest.raises(OperationalError):
            store.save()
    finally:
        connection.close()


@pytest.mark.django_db
def test_a_database_that_takes_nothing_is_no_mistake_of_the_visitor_either() -> None:
    """As one is that another has taken over from: its error is neither of the usual two."""
    store = saved()
    store["seen"] = 2
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        with pytest.raises(InternalError):
            store.save()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_session_that_ended_meanwhile_is_not_written_again() -> None:
    store = saved()
    SessionStore(store.session_key).delete()
    with pytest.raises(UpdateError):
        store.save()


def test_the_portal_keeps_its_sessions_so() -> None:
    assert import_module(settings.SESSION_ENGINE).SessionStore is SessionStore
