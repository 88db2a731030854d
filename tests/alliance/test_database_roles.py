"""The portal runs as a role that adds to the trail and can take nothing out of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.module_loading import import_string
from psycopg2.errors import InsufficientPrivilege
from pytest_django import Settings

from alliance import audit, trail, trail_check
from alliance.checks import trail_is_append_only
from alliance.database_roles import (
    APPEND_ONLY,
    READ_ONLY,
    RoleMissing,
    as_owner,
    grant_runtime_role,
    may_rewrite_trail,
)
from alliance.emails import send_due_mail
from alliance.models import Event, Seal, Term

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("contents"),
    pytest.mark.skipif(
        settings.DATABASE_OWNER["USER"] == settings.DATABASE_RUNTIME_ROLE,
        reason="this server has one role for all",
    ),
]
RUNTIME = settings.DATABASE_RUNTIME_ROLE
OWNER = settings.DATABASE_OWNER["USER"]


@contextmanager
def as_portal() -> Iterator[None]:
    """Within the block the default connection is the one that web server and worker have."""
    connection.close()
    connection.settings_dict["USER"] = RUNTIME
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = OWNER


@pytest.fixture
def runtime(contents: None, folder: Path) -> Iterator[None]:
    """A trail that holds something, and the portal's role."""
    audit.record("test.happened", by=None, about=Term.objects.earliest("pk"))
    trail.seal_events()
    with as_portal():
        yield


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.ALLIANCE_DATA = tmp_path
    return tmp_path


def execute(statement: str) -> list[tuple[Any, ...]]:
    """What a plain connection of the portal's role answers, none of our code around it."""
    found = connection.settings_dict
    plain = psycopg2.connect(
        host=found["HOST"], port=found["PORT"] or None, user=RUNTIME, dbname=found["NAME"]
    )
    plain.autocommit = True  # some statements want no transaction around them
    try:
        with plain.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        plain.close()


STATEMENTS = [
    "UPDATE {table} SET at = at",
    "UPDATE {table} SET at = now() WHERE false",
    "DELETE FROM {table}",
    "DELETE FROM {table} WHERE false",
    "TRUNCATE {table}",
    "SELECT 1 FROM {table} FOR UPDATE",
    "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT DO UPDATE SET at = now()".replace(
        "CONFLICT", "CONFLICT ({key})"
    ),
    "MERGE INTO {table} AS one USING {table} AS other ON one.{key} = other.{key}"
    " WHEN MATCHED THEN DELETE",
    "ALTER TABLE {table} DISABLE TRIGGER USER",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} ADD COLUMN more integer",
    "ALTER TABLE {table} OWNER TO " + RUNTIME,
    "ALTER TABLE {table} RENAME TO hidden",
    "DROP TABLE {table}",
    "CREATE RULE hidden AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE TRIGGER hidden BEFORE INSERT ON {table}"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE INDEX hidden ON {table} (at)",
]
ELSEWHERE = [
    "SET session_replication_role = replica",
    "SET ROLE " + OWNER,
    "SET SESSION AUTHORIZATION " + OWNER,
    "CREATE TABLE more (number integer)",
    "CREATE SCHEMA more",
    "CREATE FUNCTION more() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "SELECT setval(pg_get_serial_sequence('alliance_event', 'id'), 1)",
    "ALTER SYSTEM SET fsync = off",
    "CREATE DATABASE more",
    "CREATE ROLE more",
    "DELETE FROM django_migrations",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('alliance', 'x', now())",
]


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.usefixtures("runtime")
def test_the_portal_cannot_rewrite_the_trail_by_any_statement(table: str) -> None:
    key = {"alliance_event": "id", "alliance_seal": "number"}[table]
    went_through = []
    for statement in STATEMENTS:
        try:
            execute(statement.format(table=table, key=key))
        except InsufficientPrivilege:
            continue
        went_through.append(statement)
    assert went_through == []
    # That one is no error but a warning, and does nothing.
    execute(f"GRANT UPDATE ON {table} TO {RUNTIME}")
    assert not may_rewrite_trail()


@pytest.mark.usefixtures("runtime")
def test_the_portal_cannot_go_round_about_its_role_either() -> None:
    went_through = []
    triggers = execute(
        "SELECT p.oid::regprocedure::text FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE t.tgrelid IN ('alliance_event'::regclass, 'alliance_seal'::regclass)"
    )
    assert len(triggers) == 2
    for statement in [*ELSEWHERE, *(f"DROP FUNCTION {name} CASCADE" for (name,) in triggers)]:
        try:
            execute(statement)
        except InsufficientPrivilege:
            continue
        went_through.append(statement)
    assert went_through == []


@pytest.mark.usefixtures("runtime")
def test_the_portal_adds_to_the_trail_seals_it_and_checks_it() -> None:
    audit.record("test.happened", by=None, about=Term.objects.earliest("pk"))
    assert Event.objects.count() == 2
    assert trail.seal_events() == 1
    check = trail_check.check_trail()
    assert (check.seals, check.events, check.broken) == (2, 2, "")


@pytest.mark.usefixtures("runtime")
def test_the_portal_has_all_rows_of_every_other_table() -> None:
    rights = execute(
        "SELECT c.relname, count(*) FILTER (WHERE has_table_privilege(c.oid, right_to)) "
        "FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS right_to "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.relname"
    )
    limited = {name: count for name, count in rights if count < 4}
    assert limited == dict.fromkeys(APPEND_ONLY, 2) | dict.fromkeys(READ_ONLY, 1)
    assert len(rights) > 50


@pytest.mark.usefixtures("runtime")
def test_the_portals_role_can_do_the_regular_work() -> None:
    for path in (*settings.SWEEPS, *settings.LONG_SWEEPS, *settings.PROMPT_SWEEPS):
        import_string(path)()
    cache.set("test", "kept")
    assert cache.get("test") == "kept"
    send_due_mail()


@pytest.mark.usefixtures("runtime")
def test_what_makes_tables_does_it_as_the_owner_and_goes_back() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE alliance_cache")
    call_command("createcachetable", verbosity=0)
    call_command("migrate", verbosity=0, stdout=StringIO())
    assert execute("SELECT count(*) FROM alliance_cache") == [(0,)]
    assert not may_rewrite_trail()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user::text")
        assert cursor.fetchone() == (RUNTIME,)


@pytest.mark.usefixtures("runtime")
def test_migrating_takes_back_what_somebody_granted_meanwhile() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"GRANT ALL ON alliance_event TO {RUNTIME}")
        cursor.execute("GRANT DELETE ON alliance_seal TO PUBLIC")
    assert may_rewrite_trail()
    call_command("migrate", verbosity=0, stdout=StringIO())
    assert not may_rewrite_trail()
    assert (Event.objects.count(), Seal.objects.count()) == (1, 1)


@pytest.mark.usefixtures("runtime")
@pytest.mark.parametrize("right", ["UPDATE (data)", "TRUNCATE", "TRIGGER"])
def test_the_check_of_a_deployment_finds_each_right_too_much(right: str) -> None:
    assert trail_is_append_only(databases=["default"]) == []
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"GRANT {right} ON alliance_event TO {RUNTIME}")
    found = trail_is_append_only(databases=["default"])
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"REVOKE {right} ON alliance_event FROM {RUNTIME}")
    assert [one.id for one in found] == ["alliance.W001"]


def test_the_check_of_a_deployment_warns_of_the_owner() -> None:
    assert [one.id for one in trail_is_append_only(databases=["default"])] == ["alliance.W001"]
    assert trail_is_append_only(databases=None) == []


def test_a_server_with_one_role_is_told_so(settings: Settings) -> None:
    settings.DATABASE_RUNTIME_ROLE = OWNER
    assert grant_runtime_role() is False
    with pytest.raises(CommandError, match="runs as the owner of its tables"):
        call_command("grant_runtime_role")


def test_a_role_that_is_missing_is_named_with_how_to_make_it(settings: Settings) -> None:
    settings.DATABASE_RUNTIME_ROLE = "nobody_yet"
    with pytest.raises(RoleMissing, match="CREATE ROLE nobody_yet LOGIN"):
        grant_runtime_role()
