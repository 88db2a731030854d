"""Tests in a process that imports a file with a fault, on a copy of the database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import psycopg2
from django.db import connection
from psycopg2 import sql

from tests.mutants.mutations import CHECKOUT

_NAME = "mutant"


def passes(tests: list[str], path: str, place: int, *, seconds: float) -> bool:
    """Whether all tests pass; raises subprocess.TimeoutExpired."""
    command = [sys.executable, "-m", "pytest", "-p", "tests.mutants.planted", "-x", "-q", "-n0"]
    with _copy_of_the_database() as address:
        ended = subprocess.run(
            [*command, "-p", "no:cacheprovider", *tests],
            check=False,
            cwd=CHECKOUT,
            env=os.environ | {"MUTANT": f"{path}:{place}", "DATABASE_URL": address},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
        )
    return ended.returncode == 0


@contextmanager
def _copy_of_the_database() -> Iterator[str]:
    """The address of one that goes afterwards, whatever the tests have left in it."""
    given = connection.settings_dict
    link = psycopg2.connect(
        host=given["HOST"],
        port=given["PORT"] or None,
        user=given["USER"],
        password=given["PASSWORD"],
        dbname="postgres",
    )
    link.autocommit = True
    name, template = sql.Identifier(_NAME), sql.Identifier(given["NAME"])
    with link.cursor() as cursor:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
        cursor.execute(drop)
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template))
        user, password, host = (quote(given[key], safe="") for key in ("USER", "PASSWORD", "HOST"))
        port = f":{given['PORT']}" if given["PORT"] else ""
        yield f"postgresql://{user}:{password}@{host}{port}/{_NAME}"
        cursor.execute(drop)
    link.close()
