"""PostgreSQL's own programs for copies: which of those on this machine fit the server."""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg2.extensions import make_dsn, parse_dsn

from alliance.backups.errors import BackupError
from alliance.embedded_postgres import ADMINISTRATOR
from alliance.postgres_places import PostgresError, server_programs

# Where Debian keeps the programs of each version; the one on the path is a wrapper for these.
_DEBIAN = Path("/usr/lib/postgresql")


def program(name: str) -> Path:
    """The program called `name` (as in "pg_dump") that fits the server of the connection.

    Of the server's own version where there is one, else of the next newer one: an older one cannot
    read what a newer server has. Raises BackupError.
    """
    wanted = connection.get_database_version()[0]
    found = {_version(path): path for path in _candidates(name)}
    fitting = [version for version in found if version >= wanted]
    if not fitting:
        there = ", ".join(map(str, sorted(found))) or "none"
        raise BackupError(
            f"The database is PostgreSQL {wanted}, and no {name} of that version or a newer one is "
            f"on this machine (there: {there}). On Debian: apt-get install postgresql-client-{wanted}"
        )
    return found[min(fitting)]


def server_folder(version: int, account: pwd.struct_passwd | None) -> Path:
    """The programs with which a server of just this version runs under `account`.

    Its data are for no other version. Raises BackupError.
    """
    with suppress(PostgresError):
        ours = server_programs(account)
        if _version(ours / "postgres") == version:
            return ours
    for path in _candidates("postgres"):
        if _version(path) == version:
            return path.resolve().parent
    raise BackupError(
        f"The copy is of PostgreSQL {version}, and only a server of that version follows its log. "
        f"There is none on this machine. On Debian: apt-get install postgresql-{version}"
    )


def run(
    command: Sequence[str | Path], *, params: Mapping[str, Any], directory: Path | None = None
) -> None:
    """Run one of the programs on the database of these connection parameters.

    Raises BackupError with its last words. The password goes by the environment, where other
    people of the machine do not see it.
    """
    result = subprocess.run(
        [str(part) for part in (*command, "--dbname", dsn(params))],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env=environment(params),
        cwd=directory,
    )
    if result.returncode:
        last = "\n".join(result.stderr.strip().splitlines()[-5:])
        raise BackupError(f"{Path(command[0]).name} failed: {last}")


def dsn(params: Mapping[str, Any]) -> str:
    return str(make_dsn(**{name: value for name, value in params.items() if name != "password"}))


def environment(params: Mapping[str, Any]) -> dict[str, str]:
    password = {"PGPASSWORD": str(params["password"])} if params.get("password") else {}
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", **password}


def connection_params() -> dict[str, Any]:
    """How the default connection reaches its database, for libpq."""
    known = connection.get_connection_params()
    return {
        name: value
        for name, value in known.items()
        if value is not None
        and (name in {"dbname", "user", "password", "host", "port"} or "ssl" in name)
    }


def direct_params() -> dict[str, Any]:
    """The same past PgBouncer: `pg_dump` would leave what it sets on a connection of everybody's.

    Raises BackupError where nobody said where the server itself is.
    """
    if not settings.DATABASE_POOLED:
        return connection_params()
    if not settings.DATABASE_DIRECT_URL:
        raise BackupError(
            "DATABASE_URL leads through PgBouncer: DATABASE_DIRECT_URL has to name the server itself."
        )
    return dict(parse_dsn(settings.DATABASE_DIRECT_URL))


def replication_params() -> dict[str, Any] | None:
    """The same for the server as a whole; None where nobody was named who may copy it."""
    if settings.DATABASE_COPIES_URL:
        return dict(parse_dsn(settings.DATABASE_COPIES_URL))
    if settings.DATABASE_URL:
        return None
    return connection_params() | {"user": ADMINISTRATOR, "dbname": "postgres"}


def _candidates(name: str) -> Iterator[Path]:
    with suppress(PostgresError):
        yield server_programs(None) / name
    if _DEBIAN.is_dir():
        yield from _DEBIAN.glob(f"*/bin/{name}")
    if on_path := shutil.which(name):
        yield Path(on_path)


def _version(path: Path) -> int:
    """The major version that a program says it has; 0 where it does not run."""
    try:
        said = subprocess.run([path, "--version"], check=False, capture_output=True, text=True)
    except OSError:
        return 0
    number = re.search(r" (\d+)", said.stdout)
    return int(number[1]) if number else 0
