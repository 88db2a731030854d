"""A file field that never asks twice for the same file.

What was sent is kept when something else in the form is wrong: the page comes back with a token in
place of the file. `cleaned_data` holds a StagedUpload (new or kept from an earlier try), the
initial KeptFile where nothing was changed, or None.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance import turned_away
from alliance.files import staging
from alliance.files.checks import FileRefused
from alliance.files.partial import Ticket, read_refusal, signed_refusal
from alliance.files.pictures import MAX_SIDE
from alliance.files.sizes import maximum_size_text
from alliance.files.uploads import EMPTY, RefusedUpload, too_large_text
from alliance.models import StagedUpload

CHANGED = _("This file was changed or moved. Please choose it again.")


@dataclass(frozen=True)
class KeptFile:
    """A file that the record has already, as the form's initial value; `size` in bytes, if known.

    Its name is one of ours, as "The logo of your profile", and no person's.
    """

    name: str | Promise
    size: int | None = None


@dataclass(frozen=True)
class Sent:
    """What one file field sent: a new file, the token of an earlier one, the tick at Remove.

    Where a script has sent the file ahead and it was refused, the signed refusal.
    """

    upload: UploadedFile | None
    token: str
    is_removed: bool
    refusal: str = ""


class HeldFileInput(forms.FileInput):
    """A file input that shows the file it holds; forms give each of their fields its own."""

    template_name = "alliance/widgets/held_file.html"
    held: StagedUpload | KeptFile | None = None
    ticket: Ticket | None = None  # with it a script sends the file in parts, before the form

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> Any:
        """A Sent; an input for several files reads what its own field asks for."""
        token, refusal = (data.get(f"{name}-{part}") or "" for part in ("held", "refused"))
        return Sent(files.get(name), token, f"{name}-remove" in data, refusal)

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> bool:
        sent = {f"{name}-held", f"{name}-remove", f"{name}-refused"}
        return name not in files and sent.isdisjoint(data)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        held = value if isinstance(value, KeptFile) else self.held
        if held is not None:
            context["widget"]["attrs"].pop("required", None)
            context["widget"]["held"] = _shown(held)
        if self.ticket is not None:
            context["widget"]["ticket"] = self.ticket.signed()
            context["widget"]["refusals"] = self.refusals(self.ticket)
        return context

    def look(self, value: Any) -> Hashable:
        """What is drawn beside the attributes; None where a sent file is. See `alliance.drawing`."""
        held = value if isinstance(value, KeptFile) else self.held
        if held is None:
            return (self.ticket,)
        return (self.ticket, str(held.name), held.size) if isinstance(held, KeptFile) else None

    def refusals(self, ticket: Ticket) -> dict[str, tuple[str, str]]:
        """What the script may have to say by itself, with the signature that the form asks for."""
        texts = {"large": too_large_text(ticket.max_bytes), "changed": CHANGED}
        return {name: (str(text), signed_refusal(str(text))) for name, text in texts.items()}


def _shown(held: StagedUpload | KeptFile) -> dict[str, Any]:
    if isinstance(held, KeptFile):
        return {"name": held.name, "size": held.size, "token": ""}
    return {"name": held.name, "size": held.sent_size, "token": staging.token_for(held)}


class HeldFileField(forms.FileField):
    """Takes a file, keeps it until the form is complete; a subclass says which kind, in `keep`.

    A token counts for the same `purpose` only. `uploaded_by` may be set to a user's id.
    """

    widget = HeldFileInput
    default_error_messages = {"empty": EMPTY}
    uploaded_by: int | None = None

    def __init__(self, *, purpose: str, max_bytes: int, **kwargs: Any) -> None:
        self.purpose = purpose
        self.max_bytes = max_bytes
        super().__init__(**kwargs)

    def keep(self, upload: UploadedFile) -> StagedUpload:
        """Check the new file and put it into the staging folder, or raise ValidationError."""
        raise NotImplementedError

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Settle what the input has read: hold it, discard it, or raise ValidationError."""
        waiting = staging.claim(data.token, self.purpose) if data.token else None
        held = waiting or initial or None
        self.widget.held = held
        if data.upload is not None:
            self._refuse_by_size(data.upload)
            held = self.keep(data.upload)
        elif data.is_removed:
            held = None
        self.widget.held = held
        if waiting is not None and held is not waiting:
            staging.discard(waiting)
        if data.upload is None and (refusal := read_refusal(data.refusal)):
            raise ValidationError(refusal, code="refused")
        if held is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return held

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data  # whether the initial file is still shown, `clean` has decided

    def has_changed(self, initial: Any, data: Any) -> bool:
        said = data.token or data.refusal
        return data.upload is not None or bool(said) or data.is_removed

    def _refuse_by_size(self, upload: UploadedFile) -> None:
        if isinstance(upload, RefusedUpload):
            raise ValidationError(str(upload.refusal), code="refused")
        if not upload.size:
            raise ValidationError(self.error_messages["empty"], code="empty")
        if upload.size > self.max_bytes:
            raise ValidationError(str(too_large_text(self.max_bytes)), code="refused")


class PictureField(HeldFileField):
    """Takes a picture: decoded and encoded afresh in a process of its own before it is kept."""

    def __init__(self, *, max_bytes: int, max_side: int = MAX_SIDE, **kwargs: Any) -> None:
        self.max_side = max_side
        kwargs.setdefault(
            "help_text",
            format_lazy(
                # Translators: {limit} is "Maximum file size: 1 GB", without its full stop.
                _("{limit}. PNG, JPEG or WebP of at most 40 megapixels."),
                limit=maximum_size_text(max_bytes),
            ),
        )
        super().__init__(max_bytes=max_bytes, **kwargs)
        cast(HeldFileInput, self.widget).ticket = Ticket(self.purpose, max_bytes, max_side)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {
            "accept": "image/png,image/jpeg,image/webp",
            "data-max-bytes": str(self.max_bytes),
        }

    def keep(self, upload: UploadedFile) -> StagedUpload:
        assert upload.file is not None
        try:
            return staging.keep_picture(
                upload.file,
                self.purpose,
                max_side=self.max_side,
                name=upload.name or "",
                sent_size=upload.size or 0,
                uploaded_by=self.uploaded_by,
            )
        except FileRefused as refused:
            turned_away.note_file(refused)
            raise ValidationError(str(refused), code="refused") from None
