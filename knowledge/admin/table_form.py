"""A table of reports that an editor hands in: a CSV by itself, or a ZIP with its PDFs."""

import logging
import shutil
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance.files import staging
from alliance.files.checks import FileRefused, NoRoom, is_program, other_kind
from alliance.files.forms import HeldFileField
from alliance.files.sizes import MB, maximum_size_text
from alliance.models import StagedUpload
from knowledge.exchange.archive import BEGINS, check_archive
from organizations.models import User

log = logging.getLogger(__name__)

MAX_TABLE = 1_000 * MB
_PURPOSE = "library-table"
_HEAD = 4096  # bytes
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_NO_TABLE = _(
    "This is neither a CSV nor a ZIP. In a spreadsheet choose “Save as”, and there “CSV UTF-8”."
)


class TableField(HeldFileField):
    """Takes a CSV or a ZIP; `cleaned_data` holds the StagedUpload. Its rows are read later."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"accept": ".csv,.zip,text/csv,application/zip"}

    def keep(self, upload: UploadedFile) -> StagedUpload:
        assert upload.file is not None
        path = staging.new_path()
        try:
            kind = _kind(upload.file.read(_HEAD))
            upload.file.seek(0)
            with path.open("xb") as kept:
                shutil.copyfileobj(upload.file, kept)
            if kind == "application/zip":
                check_archive(path)
        except FileRefused as refused:
            path.unlink(missing_ok=True)
            raise ValidationError(str(refused), code="refused") from None
        except OSError:
            log.exception("a table could not be written")
            path.unlink(missing_ok=True)
            raise ValidationError(str(NoRoom()), code="refused") from None
        return staging.hold(
            path,
            self.purpose,
            name=upload.name or "",
            sent_size=upload.size or 0,
            content_type=kind,
            uploaded_by=self.uploaded_by,
        )


def judge_table(head: bytes) -> str | None:
    """Judge by the first bytes, while the rest is on its way; FileRefused for no table."""
    return _kind(head) if len(head) >= _HEAD else None


def _kind(head: bytes) -> str:
    if head.startswith(BEGINS):
        return "application/zip"
    is_text = head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in head
    if not is_text or is_program(head) or other_kind(head) or head.startswith(_OLD_EXCEL):
        raise FileRefused(_NO_TABLE)
    return "text/csv"


class TableForm(forms.Form):
    table = TableField(
        label=_("Table"),
        purpose=_PURPOSE,
        max_bytes=MAX_TABLE,
        help_text=format_lazy(
            # Translators: {limit} is "Maximum file size: 20 MB", without its full stop.
            _("A CSV, or a ZIP with a CSV and the PDFs that it names. {limit}."),
            limit=maximum_size_text(MAX_TABLE),
        ),
    )

    def __init__(self, *args: Any, sender: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        table = self.fields["table"]
        assert isinstance(table, TableField)
        table.uploaded_by = sender.pk
