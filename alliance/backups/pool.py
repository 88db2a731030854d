"""The files of all copies of one folder: each is written once, under its name in the portal.

Private files have a name of their own for good, and pictures are named by their content, so a name
always means the same bytes and a copy costs what is new. `files.sha256` lists all of them in the
form that `sha256sum --check` reads.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.apps import apps
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import models

from alliance.backups.errors import BackupError
from alliance.durable import settle

PLACES = ("private", "pictures")
_PIECE = 2**20


def named_files() -> set[str]:
    """Every file that a row names, as `private/…` or `pictures/…`."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            place = _place_of(field)
            if place is None or model._meta.proxy:
                continue
            rows = model._base_manager.order_by().values_list(field.attname, flat=True)
            found |= {f"{place}/{name}" for name in rows.distinct().iterator() if name}
    return found


def _place_of(field: models.Field) -> str | None:
    """In which storage the file lies that this column names; None for any other column."""
    if f"{field.model._meta.label}.{field.name}" in settings.PICTURE_COLUMNS:
        return "pictures"
    return "private" if isinstance(field, models.FileField) else None


class Pool:
    """The files below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._list = folder / "files.sha256"

    def listed(self) -> dict[str, str]:
        """The SHA-256 of each file, by its name."""
        if not self._list.exists():
            return {}
        lines = (line.split("  ", 1) for line in self._list.read_text().splitlines())
        return {name.removeprefix("files/"): digest for digest, name in lines}

    def path(self, name: str) -> Path:
        return self.folder / "files" / name

    def take_in(self, names: Iterable[str]) -> set[str]:
        """Copy those that are not here yet; returns which ones are not to be had."""
        gone = set()
        with self._alone() as listing:
            for name in sorted(set(names).difference(self.listed())):
                try:
                    digest = self._copy_in(name)
                except FileNotFoundError:
                    gone.add(name)
                    continue
                listing.write(f"{digest}  files/{name}\n")
            listing.flush()
            os.fsync(listing.fileno())
        return gone

    def check(self, names: Iterable[str]) -> None:
        """Read files from beginning to end; raises BackupError at one that is not as it was copied."""
        listed = self.listed()
        for name in sorted(names):
            path = self.path(name)
            if name not in listed or not path.is_file():
                raise BackupError(f"{path} is missing from the copy.")
            if digest_of(path) != listed[name]:
                raise BackupError(f"{path} is damaged: it is not what was copied.")

    def give_back(self, names: Iterable[str]) -> set[str]:
        """Put files where the portal looks for them; returns which ones are not here."""
        gone = set()
        for name in sorted(names):
            place, _slash, inside = name.partition("/")
            if not self.path(name).is_file():
                gone.add(name)
                continue
            with self.path(name).open("rb") as file:
                # Under this very name: the public `save`, which alone the stubs know, looks for a free one.
                storages[place]._save(inside, File(file))  # type: ignore[attr-defined]
        return gone

    def drop_all_but(self, names: set[str]) -> int:
        """Delete what no copy needs; returns how many files went."""
        with self._alone():
            listed = self.listed()
            unneeded = listed.keys() - names
            aside = self._list.with_suffix(".part")
            aside.write_text(
                "".join(
                    f"{digest}  files/{name}\n"
                    for name, digest in listed.items()
                    if name not in unneeded
                )
            )
            aside.replace(self._list)
            for name in unneeded:
                self.path(name).unlink(missing_ok=True)
        return len(unneeded)

    @contextmanager
    def _alone(self) -> Iterator[IO[str]]:
        """The list, to be added to by one program at a time."""
        with (self.folder / "files.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with self._list.open("a") as listing:
                yield listing

    def _copy_in(self, name: str) -> str:
        """Copy one file, whole or not at all; returns its SHA-256."""
        place, _slash, inside = name.partition("/")
        target = self.path(name)
        part = target.with_name(f"{target.name}.part")
        seen = hashlib.sha256()
        with storages[place].open(inside) as source:
            target.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                for piece in source.chunks(_PIECE):
                    seen.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
        part.replace(target)
        settle(target, below=self.folder / "files")
        return seen.hexdigest()


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
