"""The declaration as it is kept with a revision."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.text import Text

# The optional statement with which an institution agrees to be shown to the public.
LISTING = "dd-publish"


class DeclarationAnswer(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    CANNOT_CONFIRM = "cannot_confirm", _("Cannot confirm")
    NOT_GIVEN = "not_given", _("Not given (optional)")


@dataclass(frozen=True)
class StatementAnswer:
    """What was said to one statement: `statement` is its code, `wording` what was shown."""

    statement: str
    version: int
    wording: str
    language: str
    answer: str
    explanation: str = ""

    @property
    def label(self) -> Text:
        return DeclarationAnswer(self.answer).label

    def is_given(self, statement: str) -> bool:
        """Whether it confirms the statement of that code."""
        return self.statement == statement and self.answer == DeclarationAnswer.CONFIRMED

    def as_kept(self) -> dict[str, Any]:
        """As it stands in `Revision.declaration`."""
        return {**vars(self)}
