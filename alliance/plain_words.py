"""What form fields say, in our words instead of Django's; see `AllianceConfig`.

The sentences are the same in every form, those of the admin and of allauth included. A field that
knows better says so by its own `error_messages`.
"""

from typing import Protocol

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from alliance.text import Text

_NOT_IN_THE_LIST = _("Please choose one from the list.")
_DAY = _("Please give a day, as in 2026-12-04.")
_TIME = _("Please give a time, as in 14:30.")
_SEVERAL: dict[str, Text] = {
    "required": _("Please choose at least one."),
    "invalid_choice": _NOT_IN_THE_LIST,
    "invalid_list": _NOT_IN_THE_LIST,
}

FIELDS: dict[type[forms.Field], dict[str, Text]] = {
    forms.Field: {"required": _("Please fill this in.")},
    forms.BooleanField: {"required": _("Please tick this box.")},
    forms.ChoiceField: {
        "required": _("Please choose one."),
        "invalid_choice": _NOT_IN_THE_LIST,
    },
    forms.TypedChoiceField: {"invalid_choice": _NOT_IN_THE_LIST},
    forms.MultipleChoiceField: _SEVERAL,
    forms.ModelChoiceField: {
        "required": _("Please choose one."),
        "invalid_choice": _NOT_IN_THE_LIST,
    },
    forms.ModelMultipleChoiceField: {**_SEVERAL, "invalid_pk_value": _NOT_IN_THE_LIST},
    forms.IntegerField: {"invalid": _("Please give a whole number.")},
    forms.FloatField: {"invalid": _("Please give a number.")},
    forms.DecimalField: {"invalid": _("Please give a number.")},
    forms.DateField: {"invalid": _DAY},
    forms.TimeField: {"invalid": _TIME},
    forms.DateTimeField: {"invalid": _("Please give a day and a time, as in 2026-12-04 14:30.")},
    forms.SplitDateTimeField: {"invalid_date": _DAY, "invalid_time": _TIME},
    forms.URLField: {"invalid": _("Please give a web address, as in https://example.org.")},
    forms.FileField: {
        "required": _("Please choose a file."),
        "missing": _("No file has arrived. Please choose it again."),
        "invalid": _("No file has arrived. Please choose it again."),
    },
}
_LONGEST = ngettext_lazy(
    "Please shorten this to %(limit_value)d character (it has %(show_value)d).",
    "Please shorten this to %(limit_value)d characters (it has %(show_value)d).",
    "limit_value",
)
_SHORTEST = ngettext_lazy(
    "Please write at least %(limit_value)d character (it has %(show_value)d).",
    "Please write at least %(limit_value)d characters (it has %(show_value)d).",
    "limit_value",
)


class _Validator(Protocol):
    message: Text


VALIDATORS: dict[type[_Validator], Text] = {
    validators.EmailValidator: _("Please give an email address, as in name@example.org."),
    validators.MaxLengthValidator: _LONGEST,
    validators.MinLengthValidator: _SHORTEST,
    validators.MaxValueValidator: _("Please give %(limit_value)s or less."),
    validators.MinValueValidator: _("Please give %(limit_value)s or more."),
    validators.ProhibitNullCharactersValidator: _(
        "There is a character in this that cannot be kept. Please type it anew."
    ),
    validators.RegexValidator: _("Please look at this again: it is not written as it should be."),
    validators.URLValidator: _("Please give a web address, as in https://example.org."),
}


def speak_plainly() -> None:
    """Put these sentences in the place of Django's, for every field that is made from now on."""
    for field, sentences in FIELDS.items():
        own = dict(vars(field).get("default_error_messages", {}))
        field.default_error_messages = own | sentences
    for validator, sentence in VALIDATORS.items():
        validator.message = sentence
