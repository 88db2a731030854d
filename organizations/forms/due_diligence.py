"""What reviewers fill in on the due diligence page of an organization, and for a hit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.choices import choice_field, offer
from alliance.fields import TextField
from alliance.reasons import SAY_WHY, ReasonField
from alliance.workflow import Arrow
from organizations.actions.due_diligence_work import Answered
from organizations.due_diligence.checks import CheckKind
from organizations.models import Check, DueDiligence, DueDiligenceQuestion, ScreenedName

_LONGEST = 5000
# Named by the portal itself, so nobody adds them by hand.
_NOT_ADDED = {ScreenedName.Kind.INSTITUTION, ScreenedName.Kind.REGISTRANT}


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"})


class OneOfSeveral(forms.Form):
    """A form that has others beside it on its page: ids of its fields begin with its own name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        name = type(self).__name__.removesuffix("Form").lower()
        super().__init__(*args, **{"auto_id": f"id_{name}_%s", **kwargs})


class StepForm(OneOfSeveral):
    arrow = forms.ChoiceField(label=_("Step"))
    reason = ReasonField(
        rows=2,
        help_text=_("For the secretariat alone. Needed for everything but beginning."),
        required=False,
    )

    words = TextField(
        label=_("Words to the organization"),
        help_text=_(
            "Its owners read them on their page and in the letter. Needed for conditions, and "
            "where it is not cleared."
        ),
        max_length=_LONGEST,
        required=False,
        widget=_area(4),
    )

    def __init__(self, *args: Any, arrows: Iterable[Arrow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(arrows)

    def offer(self, arrows: Iterable[Arrow]) -> None:
        """Offer these; after a refusal fewer may be left than were there to choose from."""
        offer(self, "arrow", [(arrow.name, arrow.label) for arrow in arrows])

    @property
    def has_steps(self) -> bool:
        return bool(choice_field(self, "arrow").choices)


class ReasonForm(OneOfSeveral):
    reason = ReasonField(rows=2)


class RecommendForm(OneOfSeveral):
    text = ReasonField(
        rows=2,
        label=_("Recommendation"),
        help_text=_("What speaks for clearing; read by the person who does it."),
    )


class AskForm(OneOfSeveral):
    """A question to the organization, with the day to answer by."""

    question = TextField(
        label=_("Question to the organization"),
        help_text=_("Its owners and editors read it, and get it by mail."),
        max_length=_LONGEST,
        widget=_area(3),
        error_messages={"required": _("Write the question.")},
    )
    due_on = forms.DateField(
        label=_("Answer until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Choose a day, as in 2026-12-04.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("due_on", timezone.localdate() + DueDiligenceQuestion.USUAL_TIME)


class LevelForm(OneOfSeveral):
    level = forms.ChoiceField(label=_("Level"), choices=DueDiligence.Level.choices)
    reason = ReasonField(rows=2)


class WithCountry(OneOfSeveral):
    """Birth year and country, which tell namesakes apart."""

    birth_year = forms.IntegerField(
        label=_("Birth year"), required=False, min_value=1900, max_value=2100
    )
    country = forms.TypedChoiceField(
        label=_("Country"), required=False, coerce=vocabularies.country, empty_value=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = vocabularies.country_choices()
        offer(self, "country", [("", "–"), *(pair for pair in codes if len(pair[0]) == 2)])


class NameForm(WithCountry):
    """Somebody whom the secretariat has screened besides."""

    field_order = ("name", "kind", "birth_year", "country")

    name = TextField(label=_("Name"), max_length=300)
    kind = forms.ChoiceField(
        label=_("Role"),
        choices=[choice for choice in ScreenedName.Kind.choices if choice[0] not in _NOT_ADDED],
        initial=ScreenedName.Kind.HEAD,
    )


class DescribeForm(WithCountry):
    """What tells one of the screened names from namesakes."""

    field_order = ("screened", "birth_year", "country")

    screened = forms.ModelChoiceField(ScreenedName.objects.none(), label=_("Name"))

    def __init__(self, *args: Any, names: Sequence[ScreenedName], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_rows(self, "screened", names)


class RetireForm(OneOfSeveral):
    screened = forms.ModelChoiceField(ScreenedName.objects.none(), label=_("Name"))
    reason = ReasonField(rows=2)

    def __init__(self, *args: Any, names: Sequence[ScreenedName], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_rows(self, "screened", [name for name in names if name.kind not in _NOT_ADDED])


@dataclass(frozen=True)
class CheckLine:
    """One check as the page shows it: the question, what was answered, and the fields for it."""

    kind: CheckKind
    answered: Check | None
    answer: forms.BoundField
    note: forms.BoundField
    evidence: forms.BoundField
    seen: forms.BoundField


class ChecksForm(forms.Form):
    """All checks of a cycle at once; what is left empty stays unanswered."""

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[CheckKind],
        answered: Mapping[str, Check],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        self.answered = answered
        for kind in kinds:
            row = answered.get(kind.code)
            self.fields[f"answer_{kind.code}"] = forms.ChoiceField(
                label=kind.question,
                choices=[("", "–"), *Check.Answer.choices],
                required=False,
                initial=row.answer if row else "",
            )
            for name, label in (("note", _("Note")), ("evidence", _("Evidence, or its address"))):
                self.fields[f"{name}_{kind.code}"] = TextField(
                    label=label,
                    max_length=_LONGEST,
                    required=False,
                    initial=getattr(row, name) if row else "",
                    widget=_area(2),
                )
            self.fields[f"seen_{kind.code}"] = forms.CharField(
                required=False,
                max_length=40,
                initial=str(row.answered_at.timestamp()) if row else "",
                widget=forms.HiddenInput,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for kind in self.kinds:
            answer = data.get(f"answer_{kind.code}", "")
            note = data.get(f"note_{kind.code}", "")
            if answer in {Check.Answer.NO, Check.Answer.NOT_APPLICABLE} and not note:
                self.add_error(f"note_{kind.code}", SAY_WHY)
            if not answer and (note or kind.code in self.answered):
                self.add_error(f"answer_{kind.code}", _("Choose an answer."))
        return data

    def lines(self) -> Iterator[CheckLine]:
        for kind in self.kinds:
            yield CheckLine(
                kind,
                self.answered.get(kind.code),
                *(self[f"{name}_{kind.code}"] for name in ("answer", "note", "evidence", "seen")),
            )

    def answers(self) -> dict[str, Answered]:
        """By code, those that were chosen; ask only where the form is valid."""
        data = self.cleaned_data
        return {
            kind.code: Answered(
                answer=data[f"answer_{kind.code}"],
                note=data[f"note_{kind.code}"],
                evidence=data[f"evidence_{kind.code}"],
                seen=data[f"seen_{kind.code}"],
            )
            for kind in self.kinds
            if data[f"answer_{kind.code}"]
        }


def _offer_rows(form: forms.Form, name: str, rows: Sequence[ScreenedName]) -> None:
    """Offer rows that were read already, without asking for them again."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = ScreenedName.objects.filter(pk__in=[row.pk for row in rows])
    field.choices = [
        ("", "–"),
        *((row.pk, f"{row.name} ({row.get_kind_display()})") for row in rows),
    ]
