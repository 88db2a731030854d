"""What the commands that measure share: the lines they print, and a database to measure on."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management.base import OutputWrapper
from django.db import connection

from alliance.database_roles import as_owner
from alliance.embedded_postgres import (
    OWNER,
    EmbeddedPostgres,
    database_settings,
    temporary_server,
)
from alliance.reference_data import load_reference_data


@dataclass(frozen=True)
class Line:
    """One limit: what was measured, and what it may be at most (or at least)."""

    name: str
    measured: float
    limit: float
    at_least: bool = False
    unit: str = ""

    @property
    def is_ok(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        verdict = "ok" if self.is_ok else "over"
        return (
            f"{self.name:<44} {self.measured:>9.2f} {self.unit:<9} "
            f"{sign} {self.limit:g} {self.unit:<9} {verdict}"
        )


def tell(out: OutputWrapper, lines: Iterable[Line]) -> None:
    """Print the lines; ends the command with 1 where one of them is over its limit."""
    lines = list(lines)
    for line in lines:
        out.write(str(line))
    if not all(line.is_ok for line in lines):
        sys.exit(1)


@contextmanager
def own_database(kept: Path | None = None) -> Iterator[None]:
    """An empty database of the portal; on a server of its own, where none is named.

    Nothing that somebody has typed is read or written, and nothing is left behind. Given a folder,
    its server keeps what is made there, and a later call finds it again.
    """
    with ExitStack() as at_end:
        if kept:
            at_end.enter_context(_kept_server(kept))
        elif not settings.DATABASE_URL:
            at_end.enter_context(_passing_server())
        at_end.enter_context(as_owner())  # who alone may make a database
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(
            verbosity=0, autoclobber=True, serialize=False, keepdb=bool(kept)
        )
        if not kept:
            at_end.callback(connection.creation.destroy_test_db, name, verbosity=0)
        load_reference_data()
        yield


@contextmanager
def _passing_server() -> Iterator[None]:
    with TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        connection.settings_dict.update(database_settings(Path(folder), role=OWNER))
        with temporary_server(Path(folder)):
            yield


@contextmanager
def _kept_server(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    connection.settings_dict.update(database_settings(folder.resolve(), role=OWNER))
    server = EmbeddedPostgres(folder.resolve(), durable=False)
    try:
        server.start()
        yield
    finally:
        connection.close()
        server.stop()
