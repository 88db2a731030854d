"""A form's field for a paper that somebody sends."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance.files.checks import FileRefused
from alliance.files.documents import keep_document
from alliance.files.forms import HeldFileField, HeldFileInput
from alliance.files.names import ACCEPTED_ENDINGS
from alliance.files.partial import Ticket
from alliance.files.sizes import maximum_size_text
from alliance.models import PartialUpload, StagedUpload


class DocumentField(HeldFileField):
    """Takes a document; `cleaned_data` holds the StagedUpload that waits for the form."""

    def __init__(self, *, max_bytes: int, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text",
            format_lazy(
                # Translators: {limit} is "Maximum file size: 20 MB", without its full stop.
                _("{limit}. PDF, DOCX, XLSX, PPTX, PNG or JPEG."),
                limit=maximum_size_text(max_bytes),
            ),
        )
        super().__init__(max_bytes=max_bytes, **kwargs)
        takes = PartialUpload.Takes.DOCUMENT
        cast(HeldFileInput, self.widget).ticket = Ticket(self.purpose, max_bytes, takes=takes)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {
            "accept": ",".join(ACCEPTED_ENDINGS),
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
            )
        except FileRefused as refused:
            raise ValidationError(str(refused), code="refused") from None
