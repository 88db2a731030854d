"""Where files stay: public pictures with an address, private files without.

Both stand in STORAGES under an alias (`pictures`, `private`), and callers name their files
themselves, so that an object store can take either place by a setting.
"""

import os
import uuid
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible


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
        finally:
            part.unlink(missing_ok=True)
        return name


@deconstructible(path="alliance.files.storage.PublicPictureStorage")
class PublicPictureStorage(_WholeFileStorage):
    """Pictures that we encoded, below /media/, each named by the hash of its content.

    A name always means the same bytes, so saving one again changes nothing.
    """

    def __init__(self) -> None:
        super().__init__(
            location=Path(settings.ALLIANCE_DATA) / "media",
            base_url=settings.MEDIA_URL,
            file_permissions_mode=0o644,
        )

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name


@deconstructible(path="alliance.files.storage.PrivateStorage")
class PrivateStorage(_WholeFileStorage):
    """Files without an address: they leave through a view that asks who is asking."""

    folder_mode = 0o700

    def __init__(self) -> None:
        super().__init__(
            location=Path(settings.ALLIANCE_DATA) / "private",
            file_permissions_mode=0o600,
        )

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A name that nobody guesses, in the caller's folder and with the caller's ending."""
        given = Path(name)
        return str(given.with_name(f"{uuid.uuid4().hex}{given.suffix.lower()[:10]}"))

    def url(self, name: str | None) -> str:
        raise ValueError("A private file has no address; serve it with serve_private().")


def picture_storage() -> Storage:
    """The storage of public pictures, asked for late so that settings decide (for model fields)."""
    return storages["pictures"]


def private_storage() -> Storage:
    """The storage of private files, asked for late so that settings decide (for model fields)."""
    return storages["private"]
