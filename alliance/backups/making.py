"""Making a copy, beside a portal that is running."""

import fcntl
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from alliance.backups import log, tables
from alliance.backups.errors import BackupError
from alliance.backups.manifest import (
    BASE,
    DUMP,
    Base,
    Manifest,
    copies,
    key_ids,
    moment_of,
    name_of,
)
from alliance.backups.pool import Pool, named_files
from alliance.backups.programs import direct_params, program, replication_params, run
from alliance.models import BackupCopy, Seal


@contextmanager
def closed_to_others() -> Iterator[None]:
    """What is written within the block, nobody else may read, wherever it lies."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder of the copies; raises BackupError beside somebody who makes one."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise BackupError(f"Nothing can be written to {folder}: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"Another copy is just being made in {folder}.") from None
        yield


def make_copy(folder: Path) -> Path:
    """Copy database and files into `folder`; returns the folder of this copy.

    It appears under its name once it is complete. Raises BackupError.
    """
    began = timezone.now()
    copy = folder / "copies" / name_of(began)
    aside = copy.with_name(f".{copy.name}")
    for left_over in copy.parent.glob(".*"):  # of one that was interrupted
        shutil.rmtree(left_over)
    aside.mkdir(parents=True)
    pool = Pool(folder)
    # Most of the files now: what is deleted while the database is copied is in the copy as well.
    pool.take_in(named_files())
    manifest = _copy_database(aside, pool, began)
    manifest.base = _copy_server(folder, aside)
    manifest.write(aside)
    aside.rename(copy)
    size = sum(path.stat().st_size for path in copy.iterdir())
    BackupCopy.objects.create(began_at=began, size=size)
    return copy


def is_due(folder: Path, hours: int) -> bool:
    """Whether the newest copy is that old, or there is none."""
    found = copies(folder)
    return not found or datetime.now(UTC) - moment_of(found[-1]) >= timedelta(hours=hours)


def drop_old(folder: Path, days: int) -> int:
    """Drop copies that are older, never the newest, and what only they needed; returns how many."""
    *older, _newest = copies(folder)
    before = datetime.now(UTC) - timedelta(days=days)
    dropped = [copy for copy in older if moment_of(copy) < before]
    for copy in dropped:
        shutil.rmtree(copy)
    if dropped:
        kept = [Manifest.read(copy, whole=False) for copy in copies(folder)]
        needed = {name for manifest in kept for name in manifest.files}
        Pool(folder).drop_all_but(needed | named_files())
        log.drop_before(folder, kept[0].base)
    return len(dropped)


def _copy_database(aside: Path, pool: Pool, began: datetime) -> Manifest:
    """Dump the tables, and tell what is in them, as one and the same moment saw them."""
    dumper = program("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        command: list[str | Path] = [
            dumper,
            "--format=custom",
            "--file",
            aside / DUMP,
            f"--snapshot={snapshot}",
        ]
        command += [f"--exclude-table-data=*.{name}" for name in sorted(tables.cache_tables())]
        run([*command, "--no-owner", "--no-privileges"], params=direct_params())
        last = Seal.objects.order_by("number").last()
        named = named_files()
        # What came between: its row is in the dump, so its file has to be.
        gone = pool.take_in(named)
        listed = pool.listed()
        return Manifest(
            began=began.isoformat(),
            postgres=connection.get_database_version()[0],
            tables=tables.summed(),
            files={name: listed[name] for name in sorted(named - gone)},
            missing=sorted(gone),
            seal=str(last) if last else "",
            keys=key_ids(),
        )


def _copy_server(folder: Path, aside: Path) -> Base | None:
    """Copy the whole server, from which its log leads on to any later moment; None if we may not."""
    params = replication_params()
    if params is None:
        return None
    followed = log.followed(folder)
    command: list[str | Path] = [
        program("pg_basebackup"),
        "--pgdata",
        aside / "base",
        "--format=tar",
        "--gzip",
    ]
    run([*command, "--checkpoint=fast", "--wal-method=stream", "--no-password"], params=params)
    for part in (aside / "base").iterdir():
        part.rename(aside / part.name)
    (aside / "base").rmdir()
    name = str(connection.settings_dict["NAME"]) if settings.DATABASE_URL else ""
    return Base(timezone.now().isoformat(), _first_segment(aside / BASE), followed, name)


def _first_segment(base: Path) -> str:
    """The file of the server's log with which the copy of the server begins."""
    with tarfile.open(base, "r|gz") as archive:
        for member in archive:
            if member.name.removeprefix("./") == "backup_label":
                label = archive.extractfile(member)
                assert label is not None
                return label.read().decode().split("(file ", 1)[1].split(")", 1)[0]
    raise BackupError(f"{base} has no label: pg_basebackup did not come to its end.")
