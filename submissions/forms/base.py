"""What the forms of an Expression of Interest, a Demand and an Offer have in common."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy, deepcopy
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, ClassVar, Self, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.choices import choice_field
from alliance.crispy import Helper, Section
from alliance.drawing import draw_field
from alliance.files import staging
from alliance.files.forms import HeldFileField, KeptFile
from alliance.files.held_files import HeldFilesInput
from alliance.models import StagedUpload
from alliance.text import Text
from alliance.widgets import DescribedRadios, SdgPicker
from submissions.answers import Answers, Choice, Value
from submissions.forms.choices import no_longer_offered
from submissions.labels import LABELS
from submissions.models import Attachment, StatementAnswer

OTHER = "other"
# Longer lists would fill pages.
MOST_ON_PAPER = 40


@lru_cache(maxsize=32)
def _prepared(
    kind: type["SubmissionForm"], stamp: str, language: str | None
) -> dict[str, forms.Field]:
    """The fields with what they offer, for each form to copy; stamp and language tell states apart.

    Made anew for each form, they took longer than the check of all answers.
    """
    form = kind.__new__(kind)
    form.fields = deepcopy(kind.base_fields)
    form.prepare()
    return form.fields


class _Shared(dict[str, forms.Field]):
    """Fields that a form takes as they are, where Django would copy each one.

    Those that take files are told what is there already, so every form has its own.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {
            name: deepcopy(field, memo) if isinstance(field, HeldFileField) else field
            for name, field in self.items()
        }


class SubmissionForm(forms.Form):
    """A form whose answers become a revision.

    A draft may hold anything; `is_valid` says whether it can be sent, `answers` what is sent.

    `documents` are those that came with it already, for the page to list. A form that is not
    `drawn`, or in part, shares its fields with others: they can be left out or replaced, but must
    not be changed.
    For a clarification `restrict` leaves only the fields that the questions are about; what the
    rest says is `standing`, the answers of the present revision.
    """

    kind: ClassVar[str]
    # What a question can be about, in the form's order, with the other fields that it opens.
    asks: ClassVar[Mapping[str, tuple[str, ...]]]
    # Of these fields an answer "Other" wants words: field -> the field for the words.
    others: ClassVar[Mapping[str, str]]
    texts: ClassVar[tuple[str, ...]]
    choices_of_one: ClassVar[tuple[str, ...]]
    choices_of_many: ClassVar[tuple[str, ...]]

    # The fields that crispy has drawn so far: what is not among them it adds at the end.
    rendered_fields: set[str]
    # What is a gap where the form is drawn for everybody; see `alliance.drawn_forms`.
    left_open: Mapping[str, Callable[[], str]] = MappingProxyType({})

    def __init__(
        self,
        *args: Any,
        documents: Sequence[Attachment] = (),
        drawn: bool = True,
        **kwargs: Any,
    ) -> None:
        fields = _prepared(type(self), vocabularies.stamp(), get_language())
        # Django copies them from here, whether they are the class's or this form's own.
        self.base_fields = fields if drawn else _Shared(fields)  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        self.documents = list(documents)
        self.standing: Mapping[str, Any] = {}
        self.complete()

    def prepare(self) -> None:
        """Offer the choices of the loaded vocabularies; the same for every form of this kind."""
        raise NotImplementedError

    def complete(self) -> None:
        """Add what is this form's own."""

    def without_idle_fields(self) -> Self:
        """Without those that do not count beside the other answers; not to be drawn any more."""
        return self

    def lists(self) -> dict[str, str]:
        """Of the fields that offer terms, the vocabulary: field -> code."""
        raise NotImplementedError

    def name_retired(self) -> Self:
        """Say beside a field which of its answers is no longer offered: no box shows it now.

        To be called before anything of the form is drawn.
        """
        for name, vocabulary in self.lists().items():
            gone = no_longer_offered(vocabulary, self._held(name)) if name in self.fields else []
            if gone:
                # The form's own from here on, where it shares its fields.
                field = self.fields[name] = copy(self.fields[name])
                said = _("No longer offered: %(answers)s. Please choose another answer.")
                answers = ", ".join(f"“{label}”" for label in gone)
                field.help_text = format_html("{} {}", said % {"answers": answers}, field.help_text)
        return self

    def _held(self, name: str) -> Any:
        """What a field holds; asked of the form itself it would keep the hint of this moment."""
        field = self.fields[name]
        if self.is_bound:
            return field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return self.get_initial_for_field(field, name)

    def parts(self) -> list[Section]:
        """The sections of the form's page."""
        raise NotImplementedError

    @cached_property
    def helper(self) -> Helper:
        """How the form is laid out; made where it is drawn, not where it is only checked."""
        return Helper(*self.parts(), form_tag=False)

    @property
    def drawn_from(self) -> str:
        """Names the state of the choices, all of which are vocabularies; see `alliance.drawing`."""
        return vocabularies.stamp()

    def own_parts(self) -> dict[str, Callable[[], str]]:
        """What each reader's page says otherwise: the fields that start with an answer."""
        return {
            name: partial(draw_field, self[name])
            for name, value in self.initial.items()
            if name in self.fields and value
        }

    def contents(self) -> list[Section]:
        """The sections as they are drawn, for links to them."""
        return list(self.helper.layout.fields)

    def askable(self) -> list[tuple[str, Text]]:
        """What a question can be about: names with the labels that people know them by."""
        return [(name, self.ask_label(name)) for name in self.asks]

    def ask_label(self, name: str) -> Text:
        return LABELS[self.kind][name]

    def restrict(self, names: Iterable[str], *, standing: Mapping[str, Any] | None = None) -> Self:
        """Keep only what these names of `askable` open; to be called before the form is checked.

        `standing` holds the present answers, for rules that also look at fields left out.
        """
        opened = {field for name in names for field in self.opened_by(name)}
        for field in set(self.fields) - opened:
            del self.fields[field]
        self.standing = standing or {}
        kept = (part.only(self.fields) for part in self.parts())
        self.helper = Helper(*(part for part in kept if part.fields), form_tag=False)
        return self

    def opened_by(self, name: str) -> set[str]:
        """The fields that a question about `name` opens."""
        return {name, *self.asks.get(name, ())}

    def file_fields(self) -> list[str]:
        return [name for name, field in self.fields.items() if isinstance(field, HeldFileField)]

    def hold(self, posted: "SubmissionForm") -> None:
        """Show the files that came with another filling in of this form, to be sent again."""
        for name in self.file_fields():
            widget, sent = self.fields[name].widget, posted.fields[name].widget
            if isinstance(widget, HeldFilesInput):
                widget.all_held = sent.all_held
            elif isinstance(sent.held, StagedUpload):
                widget.held = sent.held
                self.initial[name] = None

    def hold_again(self, posted: QueryDict) -> None:
        """The same for the tokens of files that had been sent ahead, in a post that failed."""
        for name, field in self.fields.items():
            if not isinstance(field, HeldFileField):
                continue
            tokens = posted.getlist(f"{name}-held")
            held = [file for token in tokens if (file := staging.claim(token, field.purpose))]
            widget = self.fields[name].widget
            if isinstance(widget, HeldFilesInput):
                widget.all_held = held
            elif held:
                widget.held = held[0]
                self.initial[name] = None

    def let_go(self, kept: Mapping[str, KeptFile | None]) -> None:
        """The files that came with it are the draft's now; `kept` are the ones to show instead."""
        for name in self.file_fields():
            widget = self.fields[name].widget
            if isinstance(widget, HeldFilesInput):
                widget.all_held = []
            elif name not in self.errors:
                widget.held = kept.get(name)

    def on_paper(self) -> Self:
        """To be printed: lists that fold up lie open, and the long ones are lines to write on."""
        for name, field in self.fields.items():
            if isinstance(field, HeldFileField):
                field.widget.ticket = None  # nobody sends a file from there
            elif isinstance(field, forms.ChoiceField) and not isinstance(field.widget, SdgPicker):
                offered = cast(list[tuple[str, Text]], field.choices)
                choices = [choice for choice in offered if choice[0]]
                if len(choices) > MOST_ON_PAPER:
                    self.fields[name].widget = forms.TextInput()
                    field.help_text = format_lazy("{} {}", _("Write it here."), field.help_text)
                elif isinstance(field.widget, forms.Select):
                    field.widget = DescribedRadios()
                    field.choices = choices
        return self

    def new_documents(self) -> list[StagedUpload]:
        """The documents that were added now."""
        return []

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name, words in self.others.items():
            if name in self.fields:
                self._check_words(name, words)
        return self.cleaned_data

    def _check_words(self, name: str, words: str) -> None:
        """Words belong to the answer Other, and to no other one."""
        chosen = self.cleaned_data.get(name) or ()
        if OTHER not in ([chosen] if isinstance(chosen, str) else chosen):
            self.cleaned_data[words] = ""
            self.errors.pop(words, None)
        elif not self.cleaned_data.get(words) and words not in self.errors:
            self.add_error(words, _("Say which, because you chose Other."))

    def answers(self) -> Answers:
        """What is sent, of a form without errors; of a restricted one, just its fields."""
        cleaned = self.cleaned_data
        values: dict[str, Value] = {
            name: str(cleaned[name]) for name in self.texts if name in self.fields
        }
        for name in self.choices_of_one:
            if name in self.fields:
                values[name] = self._chosen(name, [cleaned[name]])[0] if cleaned[name] else ""
        for name in self.choices_of_many:
            if name in self.fields:
                values[name] = self._chosen(name, cleaned[name])
        return Answers(values=values, statements=self.statements(), language=get_language() or "en")

    def statements(self) -> list[StatementAnswer]:
        """What was said to the declaration, where the form has one."""
        return []

    def _chosen(self, name: str, codes: Iterable[str]) -> list[Choice]:
        labels = dict(cast(list[tuple[str, Text]], choice_field(self, name).choices))
        return [Choice(code=code, label=str(labels[code])) for code in codes]
