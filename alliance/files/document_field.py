"""A form's field for a paper that somebody sends."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance import turned_away
from alliance.files.checks import FileRefused
from alliance.files.documents import keep_document
from alliance.files.forms import HeldFileField, HeldFileInput
from alliance.files.names import Kinds, accepted_endings, label_all
from alliance.files.partial import KINDS_TAKEN, Ticket
from alliance.files.sizes import maximum_size_text
from alliance.models import PartialUpload, StagedUpload


class DocumentField(HeldFileField):
    """Takes a document; `cleaned_data` holds the StagedUpload that waits for the form.

    A subclass that takes PDFs only says so with `takes`.
    """

    takes = PartialUpload.Takes.DOCUMENT

    def __init__(self, *, max_bytes: int, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text",
            format_lazy(
                # Translators: as in "Maximum file size: 20 MB. PDF, DOCX or JPEG."
                _("{limit}. {kinds}."),
                limit=maximum_size_text(max_bytes),
                kinds=label_all(self.kinds),
            ),
        )
        super().__init__(max_bytes=max_bytes, **kwargs)
        ticket = Ticket(self.purpose, max_bytes, takes=self.takes)
        cast(HeldFileInput, self.widget).ticket = ticket

    @property
    def kinds(self) -> Kinds:
        return KINDS_TAKEN[self.takes]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {
            "accept": ",".join(accepted_endings(self.kinds)),
            "data-max-bytes": str(self.max_bytes),
        }

    def keep(self, upload: UploadedFile) -> StagedUpload:
        assert upload.file is not None
        try:
            return keep_document(
                upload.file,
                self.purpose,
                name=upload.name or "",
                sent_size=upload.size or 0,
                announced=upload.content_type or "",
                uploaded_by=self.uploaded_by,
                kinds=self.kinds,
            )
        except FileRefused as refused:
            turned_away.note_file(refused)
            raise ValidationError(str(refused), code="refused") from None
