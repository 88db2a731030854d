"""Where files stay: public pictures with an address, private files without, and what waits.

All stand in STORAGES under an alias (`pictures`, `private`, `staging`), and callers name their files
themselves, so that an object store takes the place of all by a setting (see `objects`).
"""

import os
import uuid
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils._os import safe_join
from django.utils.deconstruct import deconstructible
from django.utils.encoding import filepath_to_uri

from alliance.durable import settle
from alliance.files.naming import NamedByContent, Unguessable, Waiting
from alliance.models.upload import staging_folder


class _WholeFileStorage(FileSystemStorage):
    """A file appears under its name complete or not at all, also when the machine fails."""

    folder_mode = 0o755

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        Path(self.location).mkdir(mode=self.folder_mode, parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{uuid.uuid4().hex}.part")
        try:
            with part.open("xb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            if self.file_permissions_mode is not None:
                part.chmod(self.file_permissions_mode)
            part.replace(target)
            settle(target, below=Path(self.location))
        finally:
            part.unlink(missing_ok=True)
        return name


@deconstructible(path="alliance.files.storage.PublicPictureStorage")
class PublicPictureStorage(NamedByContent, _WholeFileStorage):
    """Pictures that we encoded, below /media/, each named by the hash of its content."""

    def __init__(self) -> None:
        super().__init__(
            location=Path(settings.ALLIANCE_DATA) / "media",
            base_url=settings.MEDIA_URL,
            file_permissions_mode=0o644,
        )


@deconstructible(path="alliance.files.storage.PrivateStorage")
class PrivateStorage(Unguessable, _WholeFileStorage):
    """Files without an address: they leave through a view that asks who is asking."""

    def __init__(self) -> None:
        # nginx, which sends them where it stands in front, is of the group.
        is_shared = settings.X_ACCEL_REDIRECT
        self.folder_mode = 0o750 if is_shared else 0o700
        super().__init__(
            location=Path(settings.ALLIANCE_DATA) / "private",
            file_permissions_mode=0o640 if is_shared else 0o600,
        )

    def accel_address(self, name: str) -> str:
        return filepath_to_uri(f"/accel/private/{name}")


class StagingFolder(Waiting, FileSystemStorage):
    """Files that wait for their form, in the folder in which they were written."""

    def path(self, name: str) -> str:
        return safe_join(staging_folder(), name)

    def take_in(self, path: Path) -> None:
        """Keep a file that was written to the staging folder: it lies there already."""


def picture_storage() -> Storage:
    """The storage of public pictures, asked for late so that settings decide (for model fields)."""
    return storages["pictures"]


def private_storage() -> Storage:
    """The storage of private files, asked for late so that settings decide (for model fields)."""
    return storages["private"]
