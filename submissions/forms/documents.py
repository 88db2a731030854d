"""The documents within a form: those that are kept, each with a box to take it away, and new ones."""

from typing import Any

from crispy_forms.layout import LayoutObject
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from submissions.forms.base import SubmissionForm
from submissions.models import Attachment

# Ticked beside a document: its number is among these when the form is saved.
REMOVED_DOCUMENTS = "remove-document"


class Documents(LayoutObject):
    """Draws the file field `name` below the list of the form's documents."""

    template = "submissions/form_documents.html"

    def __init__(self, name: str) -> None:
        self.name = name
        self.fields: list[str] = [name]

    def render(self, form: SubmissionForm, context: Context, **kwargs: Any) -> SafeString:
        form.rendered_fields.add(self.name)
        return render_to_string(
            self.template,
            {
                "field": form[self.name],
                "documents": form.documents,
                "most": Attachment.MOST,
                "is_full": len(form.documents) >= Attachment.MOST,
            },
        )
