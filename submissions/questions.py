"""What a question of the secretariat is about, in the words of the form."""

from django.utils.translation import gettext_lazy as _

from alliance.text import Text
from submissions.labels import DECLARATION_TITLE, LABELS, LOGO_LABEL

GENERAL = _("General")
# What is no field by itself, or brings others along.
_WHOLE_PARTS: dict[str, Text] = {
    "logo": LOGO_LABEL,
    "co_lead_name": _("Co-lead"),
    "declaration": DECLARATION_TITLE,
}


def about(kind: str, field: str) -> Text:
    """The label of the field that a question names; of none: that it is about the whole."""
    if not field:
        return GENERAL
    return _WHOLE_PARTS.get(field) or LABELS[kind].get(field) or field
