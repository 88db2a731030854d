"""Taking a copy back, into a place where nothing is.

Everything is read and compared before anything is written, so that a damaged copy is refused while
the place is still empty.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.storage import storages
from django.db import OperationalError, connection, transaction

from alliance.backups import tables
from alliance.backups.errors import BackupError
from alliance.backups.manifest import DUMP, Manifest, copies, unknown_keys
from alliance.backups.pool import PLACES, Pool, named_files
from alliance.backups.programs import connection_params, direct_params, program, run
from alliance.backups.recovery import RecoveredPostgres, copy_before
from alliance.claims import DataFolder
from alliance.database_roles import as_owner
from alliance.embedded_postgres import EmbeddedPostgres

Tell = Callable[[str], None]


@contextmanager
def restored(folder: Path, *, other_secrets: bool, tell: Tell) -> Iterator[Manifest]:
    """Take the newest copy in `folder` back; within the block its database answers, compared.

    Raises BackupError, before anything is written, where the copy is damaged, the place is not
    empty or the secrets are others.
    """
    *_older, copy = copies(folder) or [folder / "copies"]
    manifest = _checked(folder, copy, other_secrets=other_secrets, tell=tell)
    with _empty_database(), as_owner():
        _bring_back(copy / DUMP, tell)
        tell(f"{compare(manifest)} tables are as they were")
        yield manifest


@contextmanager
def recovered(
    folder: Path, moment: datetime | None, *, other_secrets: bool, tell: Tell
) -> Iterator[Manifest]:
    """Bring the database back as it was at `moment`, or at the end of the server's log.

    Our own server takes the place of the one that was copied. Into a server of DATABASE_URL go the
    tables alone, by way of one that is started beside it for so long: nothing is asked of that
    server but an empty database. Raises BackupError as `restored` does, and where the log does not
    reach that far.
    """
    copy = copy_before(folder, moment)
    manifest = _checked(folder, copy, other_secrets=other_secrets, tell=tell)
    assert manifest.base is not None
    if settings.DATABASE_URL or manifest.base.database:
        settings.ALLIANCE_DATA.mkdir(parents=True, exist_ok=True)
        with _empty_database(), as_owner():
            with TemporaryDirectory(prefix="recovered", dir=settings.ALLIANCE_DATA) as place:
                server = RecoveredPostgres(Path(place), folder, copy, manifest, moment)
                _bring_back(_dumped(server, Path(place), tell), tell)
            yield manifest
        return
    with DataFolder(settings.ALLIANCE_DATA):
        server = RecoveredPostgres(settings.ALLIANCE_DATA, folder, copy, manifest, moment)
        if not server.is_new:
            raise BackupError(f"There is a database in {server.home}.")
        tell("Bringing back the server, and following its log")
        try:
            tell(f"The last change in it: {server.start_recovered()}")
        except BaseException:
            shutil.rmtree(server.home, ignore_errors=True)
            raise
        with _running(), as_owner():
            yield manifest


def give_back_files(folder: Path) -> set[str]:
    """Put back every file that the database names and that is not in its place.

    Returns those of which no copy is there.
    """
    wanted = {name for name in named_files() if not _is_in_place(name)}
    pool = Pool(folder)
    pool.check(wanted & pool.listed().keys())
    return pool.give_back(wanted)


def _dumped(server: RecoveredPostgres, folder: Path, tell: Tell) -> Path:
    """What the portal's tables on that server held; nothing is left of it but this file."""
    dump = folder / DUMP
    dumper = program("pg_dump")
    try:
        tell("Starting a server from the copy, and following the log")
        tell(f"The last change in it: {server.start_recovered()}")
        server.start()
        command: list[str | Path] = [dumper, "--format=custom", "--file", dump, "--no-owner"]
        command += [f"--exclude-table-data=*.{name}" for name in sorted(tables.cache_tables())]
        run([*command, "--no-privileges"], params=server.params)
    finally:
        server.stop()
        server.remove()
    return dump


def _bring_back(dump: Path, tell: Tell) -> None:
    """Put tables and rows into the empty database of the connection: all of them, or nothing."""
    tell("Bringing back the tables")
    command: list[str | Path] = [
        program("pg_restore"),
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
    ]
    params = connection_params() if settings.DATABASE_OWNER_URL else direct_params()
    run([*command, "--no-privileges", dump], params=params)


def _checked(folder: Path, copy: Path, *, other_secrets: bool, tell: Tell) -> Manifest:
    manifest = Manifest.read(copy)
    unknown = unknown_keys(manifest)
    if unknown and not other_secrets:
        raise BackupError(
            f"This portal has another {' and another '.join(unknown)} than the one that was copied. "
            f"Without the earlier one nobody's authenticator app works, or the trail proves nothing. "
            f"Secrets are in no copy: put them where they belong, or add --other-secrets."
        )
    _make_sure_of_no_files()
    tell(f"Reading the copy {copy.name}: {len(manifest.files)} files")
    Pool(folder).check(manifest.files)
    return manifest


def _make_sure_of_no_files() -> None:
    for place in PLACES:
        try:
            folders, files = storages[place].listdir("")
        except FileNotFoundError:
            continue
        if folders or files:
            raise BackupError(f"The storage of {place} files is not empty.")


@contextmanager
def _empty_database() -> Iterator[None]:
    """A database that answers and has no tables; else BackupError."""
    with _server():
        try:
            there = tables.names()
        except OperationalError as error:
            raise BackupError(f"The database does not answer: {error}") from error
        if there:
            raise BackupError(
                f"The database is not empty: it has {len(there)} tables. Make a new one."
            )
        yield


@contextmanager
def _server() -> Iterator[None]:
    """Our own server, new; or that of DATABASE_URL, which runs."""
    if settings.DATABASE_URL:
        yield
        return
    with DataFolder(settings.ALLIANCE_DATA):
        server = EmbeddedPostgres(settings.ALLIANCE_DATA)
        if not server.is_new:
            raise BackupError(f"There is a database in {server.home}.")
        with _running():
            yield


@contextmanager
def _running() -> Iterator[None]:
    """Our own server runs; what came to no good end is taken away again."""
    server = EmbeddedPostgres(settings.ALLIANCE_DATA)
    try:
        server.start()
        yield
    except BaseException:
        server.stop()
        shutil.rmtree(server.home, ignore_errors=True)
        raise
    finally:
        connection.close()
        server.stop()


def compare(manifest: Manifest) -> int:
    """How many tables there are, each as the copy says; BackupError at one that is not."""
    with transaction.atomic():
        found = tables.summed()
    for name, table in manifest.tables.items():
        if found.get(name) != table:
            raise BackupError(
                f"The table {name} is not as it was: {table} became {found.get(name)}"
            )
    return len(manifest.tables)


def _is_in_place(name: str) -> bool:
    place, _slash, inside = name.partition("/")
    return storages[place].exists(inside)
