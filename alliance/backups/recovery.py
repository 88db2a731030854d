"""Bringing a server back as it was at any moment: a copy of it, and its log from there on."""

import os
import re
import shlex
import shutil
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from alliance.backups import log
from alliance.backups.errors import BackupError
from alliance.backups.manifest import BASE, Base, Manifest, copies
from alliance.backups.programs import server_folder
from alliance.embedded_postgres import ADMINISTRATOR, DATABASE, EmbeddedPostgres

_LOG_OF_BASE = "pg_wal.tar.gz"
# What the server says at the end of its log.
_TOO_SHORT = "recovery ended before configured recovery target was reached"
_END = re.compile(r"redo done at ([0-9A-F]+)/([0-9A-F]+)")
_LAST_CHANGE = re.compile(r"last completed transaction was at log time (.+)")


def copy_before(folder: Path, moment: datetime | None) -> Path:
    """The last copy of the server that was complete by then; raises BackupError."""
    base = None
    for copy in reversed(copies(folder)):
        base = Manifest.read(copy).base
        if base and (moment is None or datetime.fromisoformat(base.ended) <= moment):
            if not base.log:
                raise BackupError(
                    f"Nobody kept the log when {copy} was made: it can be brought back as it is, "
                    f"without --to, but not followed to a later moment."
                )
            return copy
    if base is None:
        raise BackupError(
            f"The copies in {folder} hold tables and files, not the server: that goes back to a moment "
            f"by its own means. Have it brought back, and then the files: restore FOLDER --files"
        )
    raise BackupError(f"No copy of the server in {folder} was complete at that moment.")


class RecoveredPostgres(EmbeddedPostgres):
    """A server that begins as the copy of another, and follows its log until `moment`.

    Without a moment it goes as far as the log does.
    """

    PATIENCE = 24 * 60 * 60  # seconds: weeks of log take hours

    def __init__(
        self, data_dir: Path, folder: Path, copy: Path, manifest: Manifest, moment: datetime | None
    ) -> None:
        super().__init__(data_dir)
        assert manifest.base is not None
        self._copy = copy
        self._base: Base = manifest.base
        self._version = manifest.postgres
        self._segments = log.segments(folder, self._base)
        self._moment = moment
        self._kept = self.home / "recovery"
        self._restore = f"cp {shlex.quote(str(self._kept))}/%f %p"

    def start_recovered(self) -> str:
        """Recover, and stop again; the data then stand as any other server's.

        Returns when the last change was made that is in them, in the server's words.
        """
        try:
            self.start()
        finally:
            self.stop()
        self._make_sure_of_end()
        shutil.rmtree(self._kept)
        changes = _LAST_CHANGE.findall(self.log.read_text(errors="replace"))
        return changes[-1] if changes else "when the copy was made"

    @property
    def params(self) -> dict[str, str]:
        """How its administrator reaches the portal's database on it, for libpq."""
        name = self._base.database or DATABASE
        return {"host": str(self.sockets), "user": ADMINISTRATOR, "dbname": name}

    def _find_programs(self) -> Path:
        return server_folder(self._version, self.account)

    def _make_database(self) -> None:
        if not self._base.database:  # on a server of DATABASE_URL roles have other names
            super()._make_database()

    def _comes_up(self) -> bool:
        if super()._comes_up():
            return True
        if _TOO_SHORT in self.log.read_text(errors="replace"):
            raise BackupError(
                f"The log ends before {self._moment}: nothing was written after that, or it never "
                f"came here. Give an earlier moment, or --to latest."
            )
        return False

    def _make_sure_of_end(self) -> None:
        """Raise BackupError where what is damaged was taken for the end of the log."""
        high, low = _END.findall(self.log.read_text(errors="replace"))[-1]
        reached = (int(high, 16) << 32) + int(low, 16)
        if self._moment is None and log.goes_on_after(reached, self._segments):
            raise BackupError(
                f"The log is damaged: it could be read to {high}/{low} only, and there is more. An "
                f"earlier moment can be brought back, and so can the copy itself, without --to."
            )

    def _initialize(self) -> None:
        aside = self.home / "data.new"
        for archive, target in ((BASE, aside), (_LOG_OF_BASE, aside / "pg_wal")):
            with tarfile.open(self._copy / archive) as unpacked:
                # Debian 12 has a Python before 3.11.4, which knows no filter.
                unpacked.extraction_filter = getattr(tarfile, "data_filter", None)
                # What is unpacked was compared with its sum.
                unpacked.extractall(target)  # noqa: S202 # nosec B202
        self._kept.mkdir()
        for name, path in self._segments.items():
            shutil.copyfile(path, self._kept / name)
        if self._base.database:
            # What it was told where it came from, such as whom to send its log, is not for here.
            for name in ("postgresql.conf", "postgresql.auto.conf"):
                (aside / name).write_text("")
        (aside / "recovery.signal").touch()
        aside.chmod(0o700)
        if self.account:
            for path in (self._kept, aside, *self._kept.rglob("*"), *aside.rglob("*")):
                os.chown(path, self.account.pw_uid, self.account.pw_gid)
        aside.rename(self.data)

    def _options(self) -> Iterator[str]:
        yield from super()._options()
        recovery = {"restore_command": self._restore, "hot_standby": "off"}
        recovery |= {"recovery_target_timeline": "current", "recovery_target_action": "promote"}
        if self._moment is not None:
            at = self._moment.astimezone(UTC)
            recovery["recovery_target_time"] = f"{at:%Y-%m-%d %H:%M:%S.%f}+00"
        for name, value in recovery.items():
            yield "-c"
            yield f"{name}={value}"
