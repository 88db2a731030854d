"""A form's field for a paper that somebody sends."""

import shutil
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance.files import staging
from alliance.files.checks import FileRefused
from alliance.files.documents import ENDINGS, check_document
from alliance.files.forms import HeldFileField
from alliance.files.sizes import maximum_size_text
from alliance.models import StagedUpload


class DocumentField(HeldFileField):
    """Takes a document; `cleaned_data` holds the StagedUpload that waits for the form."""

    def __init__(self, *, max_bytes: int, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text",
            format_lazy(
                # Translators: {limit} is "Maximum file size: 20 MB", without its full stop.
                _("{limit}. PDF, PNG or JPEG."),
                limit=maximum_size_text(max_bytes),
            ),
        )
        super().__init__(max_bytes=max_bytes, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {
            "accept": ",".join(ENDINGS),
            "data-max-bytes": str(self.max_bytes),
        }

    def keep(self, upload: UploadedFile) -> StagedUpload:
        assert upload.file is not None
        try:
            kind = check_document(upload.file)
        except FileRefused as refused:
            raise ValidationError(str(refused), code="refused") from None
        path = staging.new_path()
        upload.file.seek(0)
        with path.open("xb") as kept:
            shutil.copyfileobj(upload.file, kept)
        return staging.hold(
            path,
            self.purpose,
            name=upload.name or "",
            sent_size=upload.size or 0,
            content_type=kind,
            uploaded_by=self.uploaded_by,
        )
