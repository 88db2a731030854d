"""A table that somebody sent: by itself, or in a ZIP with its PDFs."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import IO

from django.utils.translation import gettext as _

from alliance.files.child import on_this_machine
from alliance.models import StagedUpload
from knowledge.exchange.archive import BEGINS, Archive
from knowledge.exchange.beside import Beside, NotThere
from knowledge.exchange.columns import FILE, FILE_FLAG
from knowledge.exchange.tables import MOST_BYTES, Row, read_table


class Alone:
    """No files: the table came by itself."""

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        raise NotThere(_("Send the table in a ZIP together with this PDF: “%s”.") % name[:100])


@contextmanager
def opened(upload: StagedUpload) -> Iterator[tuple[list[Row], Beside]]:
    """The rows, and where their files are. Raises Wrong and FileRefused."""
    with upload.open() as sent, on_this_machine(sent) as file:
        if file.read(len(BEGINS)) == BEGINS:
            with Archive(file) as archive:
                yield read_table(archive.table()), archive
        else:
            file.seek(0)
            rows = read_table(file.read(MOST_BYTES + 1))
            yield [_without_files(row) for row in rows], Alone()


def _without_files(row: Row) -> Row:
    """A table alone changes no PDFs: a row for a report that is there leaves its files as they are.

    So a table that was taken out can be changed and sent back without them.
    """
    if not row.cells.get("id", "").strip():
        return row
    kept = {
        name: value
        for name, value in row.cells.items()
        if not name.startswith((f"{FILE}_", f"{FILE_FLAG}_"))
    }
    return Row(row.line, kept)
