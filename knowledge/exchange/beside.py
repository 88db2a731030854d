"""The PDFs that stand beside a table, in a folder."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Protocol

from django.utils.translation import gettext as _


class NotThere(Exception):
    """There is no such file, or its name leads elsewhere; worded for people."""


class Beside(Protocol):
    """Where the files of a table are."""

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """The file of that name, which the caller closes. Raises NotThere."""
        ...


class Folder:
    """Files of a folder and those below it; no name and no link leads out of it."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        try:
            path = (self.path / name).resolve()
            if path.is_relative_to(self.path) and path.is_file():
                return path.open("rb")
        except (OSError, ValueError):  # ValueError: a name that no system has
            pass
        raise NotThere(_("There is no such file beside the table: “%s”.") % name[:100])
