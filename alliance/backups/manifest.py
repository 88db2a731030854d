"""What one copy holds, written down beside it, and whether it still does.

FOLDER/copies/20261122T140502Z/manifest.json      what is in it, and under which keys
                               database.dump      the tables, as pg_dump writes them
                               base.tar.gz        the whole server, where we may copy it
                               SHA256SUMS         of these, for `sha256sum --check`
FOLDER/files/, files.sha256                       files of all copies (`pool`)
FOLDER/log/                                       the server's log since (`log`)
FOLDER/erased                                     who has been erased, as numbers
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from django.conf import settings

from alliance.backups.errors import BackupError
from alliance.backups.pool import digest_of
from alliance.backups.tables import Table

FORMAT = 1
MANIFEST, SUMS, DUMP, BASE = "manifest.json", "SHA256SUMS", "database.dump", "base.tar.gz"
_NAME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Base:
    """A copy of the whole server: complete at `ended`, and the log goes on from `first_segment`.

    `log` names the folder of that log; empty where nobody was following it. `database` is the name
    of the portal's on a server of DATABASE_URL; empty on our own.
    """

    ended: str
    first_segment: str
    log: str
    database: str = ""


@dataclass
class Manifest:
    """`files` has the SHA-256 of each file that a row names, `missing` those that were not there.

    `keys` tells which secrets the portal had, not what they are. `seal` is the trail's last one.
    """

    began: str
    postgres: int
    tables: dict[str, Table]
    files: dict[str, str]
    missing: list[str]
    seal: str
    keys: dict[str, str] = field(default_factory=dict)
    base: Base | None = None
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write it into the folder of its copy, and the sums of all that is there."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1))
        parts = sorted(path for path in folder.iterdir() if path.is_file())
        sums = "".join(f"{digest_of(path)}  {path.name}\n" for path in parts)
        (folder / SUMS).write_text(sums)

    @classmethod
    def read(cls, folder: Path, *, whole: bool = True) -> Self:
        """That of the copy in `folder`, once every part is what was written; else BackupError.

        Not `whole`, only its own part is read: a dump of gigabytes need not be, to know its files.
        """
        for name, digest in _sums(folder):
            if not whole and name != MANIFEST:
                continue
            if not (folder / name).is_file():
                raise BackupError(f"{folder / name} is missing from the copy.")
            if digest_of(folder / name) != digest:
                raise BackupError(f"{folder / name} is damaged: it is not what was written.")
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        if found["format"] != FORMAT:
            raise BackupError(f"{folder} was made by another version of the portal; use that one.")
        found["tables"] = {name: Table(*table) for name, table in found["tables"].items()}
        found["base"] = Base(**found["base"]) if found["base"] else None
        return cls(**found)


def name_of(moment: datetime) -> str:
    """What a copy that began then is called."""
    return moment.astimezone(UTC).strftime(_NAME)


def moment_of(copy: Path) -> datetime:
    return datetime.strptime(copy.name, _NAME).replace(tzinfo=UTC)


def copies(folder: Path) -> list[Path]:
    """The complete copies in a folder, the oldest first."""
    return sorted(path.parent for path in folder.glob(f"copies/[0-9]*/{SUMS}"))


def key_ids() -> dict[str, str]:
    """Stands for the secrets without telling them: they are long and random."""
    secrets = {"SECRET_KEY": settings.SECRET_KEY, "TRAIL_KEY": settings.TRAIL_KEY}
    return {name: _key_id(name, secret) for name, secret in secrets.items()}


def unknown_keys(manifest: Manifest) -> list[str]:
    """The names of those secrets of a copy that the portal has not now, nor as a fallback."""
    have = {
        "SECRET_KEY": [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS],
        "TRAIL_KEY": [settings.TRAIL_KEY, *settings.TRAIL_KEY_FALLBACKS],
    }
    return [
        name
        for name, key_id in manifest.keys.items()
        if key_id not in {_key_id(name, secret) for secret in have[name]}
    ]


def _key_id(name: str, secret: str) -> str:
    return sha256(f"id of {name} in a copy\n{secret}".encode()).hexdigest()[:16]


def _sums(folder: Path) -> Iterator[tuple[str, str]]:
    path = folder / SUMS
    if not path.is_file():
        raise BackupError(f"{folder} holds no complete copy.")
    for line in path.read_text().splitlines():
        digest, _space, name = line.partition("  ")
        yield name, digest
