"""What a library editor hands in: PDFs, and the words and days that go with an act."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance.files.document_field import DocumentField
from alliance.files.held_files import DocumentsField, SentFiles
from alliance.files.sizes import MB, maximum_size_text
from alliance.models import PartialUpload, StagedUpload

MAX_PDF = 200 * MB
MOST_PDFS = 20
_PURPOSE = "library-pdf"
_LIMIT = maximum_size_text(MAX_PDF)


@dataclass(frozen=True)
class Dropped:
    """The PDFs that are fit to be added, and what is wrong with the others, in words."""

    held: list[StagedUpload]
    refused: list[str]


class PdfField(DocumentField):
    """Takes one PDF; `cleaned_data` holds the StagedUpload."""

    takes = PartialUpload.Takes.PDF


class PdfsField(DocumentsField):
    """Takes several PDFs; a refused one costs the others nothing. `cleaned_data` holds a Dropped."""

    takes = PartialUpload.Takes.PDF

    def clean(self, data: SentFiles, initial: Any = None) -> Any:
        refused: list[str] = []
        try:
            held = super().clean(data, initial)
        except ValidationError as error:
            held = self._input.all_held
            if not held:
                raise
            refused = error.messages
        return Dropped(held, refused)


class PdfForm(forms.Form):
    """The next version of an edition's PDF."""

    pdf = PdfField(
        label=_("PDF file"),
        purpose=_PURPOSE,
        max_bytes=MAX_PDF,
        help_text=format_lazy(
            # Translators: {limit} is "Maximum file size: 20 MB", without its full stop.
            _("{limit}. It becomes the current version; earlier ones keep their addresses."),
            limit=_LIMIT,
        ),
    )
    is_digest = forms.BooleanField(
        label=_("This is a digest by the Alliance, not the publisher's report"), required=False
    )


class PdfsForm(forms.Form):
    """Reports to add, each as its PDF."""

    pdfs = PdfsField(
        label=_("PDF files"),
        purpose=_PURPOSE,
        most=MOST_PDFS,
        max_bytes=MAX_PDF,
        help_text=format_lazy(
            # Translators: {limit} is "Maximum file size: 20 MB", without its full stop.
            _("Drop them onto the field, or choose them; at most {most} at once. {limit} each."),
            most=MOST_PDFS,
            limit=_LIMIT,
        ),
    )


class EmbargoForm(forms.Form):
    until = forms.DateField(
        label=_("Appears on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("On this day the report appears in the library by itself."),
    )


class RetireForm(forms.Form):
    note = forms.CharField(
        label=_("Why it is retired"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown on the page that stays at the report's address."),
    )
