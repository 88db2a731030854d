"""Questions to an applicant, as reviewers put them and as members answer them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance.choices import offer
from alliance.crispy import Helper
from alliance.widgets import FastSelect
from submissions.actions.clarify import MOST_QUESTIONS, Question
from submissions.forms import FORMS, SubmissionForm
from submissions.forms.choices import CHOICE_ERRORS
from submissions.forms.declaration import Declaration, declaration_fields
from submissions.forms.documents import Documents
from submissions.headline import headline
from submissions.models import Attachment, Clarification, ClarificationItem, Revision, Submission
from submissions.questions import GENERAL, about
from submissions.typed import Typed, as_initial

# How many questions the page has room for at first, and how many more a press of the button adds.
ROWS = 4
MOST_CHARACTERS = 5000


class QuestionsForm(forms.Form):
    """The questions of one round, each about a field or the whole, with the day to answer by.

    Rows without a question are left out. `rows` says how many the page has.
    """

    due_on = forms.DateField(
        label=_("Answer until"),
        help_text=_("The end of that day, anywhere in the world. Two reminders go out before."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Choose a day, as in 2026-12-04.")},
    )
    rows = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, submission: Submission, more: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = min(self._rows_posted() + more, MOST_QUESTIONS)
        self.initial.setdefault("due_on", timezone.localdate() + Clarification.USUAL_TIME)
        self.initial["rows"] = self.count
        askable = [("", GENERAL), *FORMS[submission.kind]().askable()]
        for number in range(1, self.count + 1):
            self.fields[f"field_{number}"] = forms.ChoiceField(
                label=_("Question %(number)d is about") % {"number": number},
                choices=askable,
                required=False,
                widget=FastSelect,
                error_messages=CHOICE_ERRORS,
            )
            self.fields[f"question_{number}"] = forms.CharField(
                label=_("Question %(number)d") % {"number": number},
                required=False,
                max_length=MOST_CHARACTERS,
                widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            )

    def _rows_posted(self) -> int:
        """How many rows the page had, as far as one can believe it."""
        posted = str(self.data.get("rows") or self.initial.get("rows", ""))
        is_number = posted.isascii() and posted.isdigit() and len(posted) < 4
        return max(int(posted), ROWS) if is_number else ROWS

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors and not self.questions():
            self.add_error("question_1", _("Ask at least one question."))
        return self.cleaned_data

    def questions(self) -> list[Question]:
        """What is asked, in the order of the rows."""
        cleaned = self.cleaned_data
        return [
            Question(text=cleaned[f"question_{number}"], field=cleaned[f"field_{number}"])
            for number in range(1, self.count + 1)
            if cleaned.get(f"question_{number}")
        ]


def answer_name(item: ClarificationItem) -> str:
    return f"answer_{item.pk}"


class QuestionBlock(LayoutObject):
    """One question with the fields that it opens and the room for its answer."""

    template = "submissions/question.html"

    def __init__(self, item: ClarificationItem, kind: str, *fields: Any) -> None:
        self.item = item
        self.title = about(kind, item.field)
        self.fields = list(fields)

    def render(
        self,
        form: forms.Form,
        context: Context,
        template_pack: Any = TEMPLATE_PACK,
        **kwargs: Any,
    ) -> SafeString:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        shown = {"item": self.item, "title": self.title, "fields": fields}
        return render_to_string(self.template, shown)


def answer_form(
    submission: Submission,
    items: Iterable[ClarificationItem],
    revision: Revision,
    *args: Any,
    typed: Typed | None = None,
    initial: dict[str, Any] | None = None,
    documents: Sequence[Attachment] = (),
) -> SubmissionForm:
    """The fields that questions open, and an answer to each, in one form laid out by question.

    It starts from `revision`, over it what is saved, over that `typed`. Posted data and files are
    passed on as for any form. What is settled asks for nothing any more.
    """
    items = list(items)
    open_items = [item for item in items if not item.is_settled]
    form = FORMS[submission.kind](*args, documents=documents)
    form.restrict({item.field for item in open_items if item.field}, standing=revision.answers)
    saved = as_initial(submission.typed | (typed or {}), form.fields)
    form.initial = _standing(revision) | saved | (initial or {})
    form.name_retired()
    fields = list(form.fields)
    for item in open_items:
        form.fields[answer_name(item)] = _answer_field(item, submission.kind, typed or {})
    form.helper = Helper(*_blocks(form, items, fields), form_tag=False)
    return form


def _answer_field(item: ClarificationItem, kind: str, typed: Typed) -> forms.CharField:
    return forms.CharField(
        label=_("Your answer to the secretariat"),
        validators=[MaxLengthValidator(MOST_CHARACTERS), ProhibitNullCharactersValidator()],
        widget=forms.Textarea(attrs={"rows": 3}),
        initial=(typed.get(answer_name(item)) or [item.answer])[0],
        error_messages={
            "required": format_lazy(
                _("Answer the question “{question}” before you send it back."),
                question=headline(item.question),
            )
        },
    )


def _blocks(
    form: SubmissionForm, items: Iterable[ClarificationItem], fields: list[str]
) -> Iterator[QuestionBlock]:
    """A block for each question; a field that two of them open stands in the first."""
    declared = set(declaration_fields())
    left = set(fields)
    for item in items:
        opened = form.opened_by(item.field) & left if not item.is_settled else set()
        left -= opened
        parts: list[Any] = [
            Documents(name) if name == "attachments" else name
            for name in fields
            if name in opened - declared
        ]
        if opened & declared:
            parts.append(Declaration())
        if not item.is_settled:
            parts.append(answer_name(item))
        yield QuestionBlock(item, str(form.kind), *parts)


def _standing(revision: Revision) -> dict[str, Any]:
    """The answers of a revision as a form's initial values."""
    return {name: _initial(value) for name, value in revision.answers.items()}


def _initial(value: Any) -> Any:
    if isinstance(value, list):
        return [choice["code"] for choice in value]
    return value["code"] if isinstance(value, dict) else value


class CompareForm(forms.Form):
    """Which earlier revision the newest one is compared with."""

    compare = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, numbers: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "compare", [(str(number), str(number)) for number in numbers])

    def number(self) -> int | None:
        """The chosen one; None where the address names none of them."""
        chosen: int | None = self.cleaned_data.get("compare") if self.is_valid() else None
        return chosen
