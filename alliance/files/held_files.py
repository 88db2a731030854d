"""A field for several documents, which come one after another or all at once.

Those that were sent wait, each under its token, until the form is complete; sending it again with
one more file adds to them, and a tick at Remove takes one away. Works the same without a script.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance.files import staging
from alliance.files.document_field import DocumentField
from alliance.files.forms import HeldFileInput
from alliance.files.partial import Ticket, read_refusal, signed_refusal
from alliance.models import StagedUpload


@dataclass(frozen=True)
class SentFiles:
    """What the field sent: new files, tokens of earlier ones, which of these were ticked at Remove.

    `refusals` are those of files that a script has sent ahead, each with the file's name.
    """

    uploads: list[UploadedFile]
    tokens: list[str]
    removed: frozenset[str]
    refusals: list[tuple[str, str]]


class HeldFilesInput(HeldFileInput):
    """Shows every file that it holds; forms give each of their fields its own."""

    template_name = "alliance/widgets/held_files.html"
    allow_multiple_selected = True
    most = room = 1

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.all_held: list[StagedUpload] = []

    def __deepcopy__(self, memo: dict[int, Any]) -> "HeldFilesInput":
        copied: HeldFilesInput = super().__deepcopy__(memo)
        copied.all_held = []
        return copied

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> SentFiles:
        return SentFiles(
            uploads=_all(files, name),
            tokens=_all(data, f"{name}-held"),
            removed=frozenset(_all(data, f"{name}-remove")),
            refusals=list(
                zip(_all(data, f"{name}-refused-name"), _all(data, f"{name}-refused"), strict=False)
            ),
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        widget = context["widget"]
        widget["attrs"]["multiple"] = True
        widget["most"] = self.room
        widget["all_held"] = [
            {"name": held.name, "size": held.sent_size, "token": staging.token_for(held)}
            for held in self.all_held
        ]
        if self.all_held:
            widget["attrs"].pop("required", None)
        return context

    def look(self, value: Any) -> Hashable:
        return None if self.all_held else (self.ticket, self.most, self.room)

    def refusals(self, ticket: Ticket) -> dict[str, tuple[str, str]]:
        many = too_many(self.most)
        return super().refusals(ticket) | {"many": (many, signed_refusal(many))}


class DocumentsField(DocumentField):
    """Takes up to `most` documents; `cleaned_data` holds a list of the StagedUploads that wait.

    A file that is refused costs the others nothing: they are held, and the error names it. The same
    bytes are kept once: under another name they are refused, with the name that they have already.
    """

    widget = HeldFilesInput

    def __init__(self, *, most: int, max_bytes: int, **kwargs: Any) -> None:
        super().__init__(max_bytes=max_bytes, **kwargs)
        if "help_text" not in kwargs:
            # Translators: {kinds} says how large, as in "Maximum file size: 20 MB", and which.
            several = _("At most {most} files. {kinds}")
            self.help_text = format_lazy(several, most=most, kinds=self.help_text)
        self.most = self._input.most = most
        self.stand_beside({})

    def stand_beside(self, attached: Mapping[str, str]) -> None:
        """Count in the files that the record has already: their names by their SHA-256."""
        self.attached = dict(attached)
        self.room = self._input.room = max(0, self.most - len(attached))

    @property
    def _input(self) -> HeldFilesInput:
        return cast(HeldFilesInput, self.widget)

    def clean(self, data: SentFiles, initial: Any = None) -> list[StagedUpload]:
        problems = [
            _about(name, text) for name, signed in data.refusals if (text := read_refusal(signed))
        ]
        held: list[StagedUpload] = []
        for waiting in self._still_held(data):
            problems += self._hold(held, waiting)
        self._input.all_held = held
        for upload in data.uploads:
            try:
                problems += self._add(held, upload)
            except ValidationError as error:
                problems += [_about(upload.name or "", text) for text in error.messages]
        if problems:
            raise ValidationError(problems, code="refused")
        if self.required and not held:
            raise ValidationError(self.error_messages["required"], code="required")
        return held

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data.uploads or data.tokens or data.refusals)

    def _still_held(self, data: SentFiles) -> list[StagedUpload]:
        """The files that wait, without those that were removed, each once."""
        held: dict[Any, StagedUpload] = {}
        for token in data.tokens[: 2 * self.room]:
            upload = staging.claim(token, self.purpose)
            if upload is None:
                continue
            if token in data.removed:
                staging.discard(upload)
            elif len(held) < self.room:
                held[upload.pk] = upload
        return list(held.values())

    def _add(self, held: list[StagedUpload], upload: UploadedFile) -> list[str]:
        self._refuse_by_size(upload)
        if len(held) >= self.room:
            raise ValidationError(too_many(self.most), code="refused")
        return self._hold(held, self.keep(upload))

    def _hold(self, held: list[StagedUpload], upload: StagedUpload) -> list[str]:
        """Add it to the files that wait, or say under which other name its bytes are here already.

        The same file sent twice is no mistake to speak of: it stands there, by its name.
        """
        names = self.attached | {other.sha256: other.name for other in held}
        name = names.get(upload.sha256)
        if name is None:
            held.append(upload)
            return []
        staging.discard(upload)
        if name == upload.name:
            return []
        text = _("This file is attached already, as “%(name)s”.") % {"name": name}
        return [_about(upload.name, text)]


def too_many(most: int) -> str:
    text = ngettext(
        "There can be {most} file. Please remove one before you add another.",
        "There can be {most} files. Please remove one before you add another.",
        most,
    )
    return text.format(most=most)


def _about(name: str, text: str) -> str:
    return _("“%(name)s”: %(text)s") % {"name": staging.clean_name(name), "text": text}


def _all(data: Mapping[str, Any], name: str) -> list[Any]:
    """Every value of a name, also where what was posted is a plain dictionary."""
    if isinstance(data, MultiValueDict):
        return data.getlist(name)
    found = data.get(name)
    if found is None:
        return []
    return list(found) if isinstance(found, Iterable) and not isinstance(found, str) else [found]
