"""How far a draft has come, in sections of its form."""

from dataclasses import dataclass

from submissions.forms import FORMS
from submissions.forms.declaration import CANNOT, CONFIRM, WHY
from submissions.headline import headline
from submissions.labels import SECTIONS
from submissions.models import Submission
from submissions.typed import as_posted


@dataclass(frozen=True)
class Progress:
    """Of the sections that ask for something, or have a mistake, how many could be sent as they are.

    `headline` is what the draft is about, where it says so yet.
    """

    headline: str
    done: int
    total: int

    @property
    def is_complete(self) -> bool:
        return self.done == self.total


def progress(draft: Submission) -> Progress:
    """Check what is typed as if it were sent; asks the database nothing."""
    form = FORMS[draft.kind](as_posted(draft.typed))
    wrong = set(form.errors)
    groups = [
        set(names)
        for _title, names in SECTIONS[draft.kind]
        if any(form.fields[name].required for name in names) or wrong.intersection(names)
    ]
    declared = {name for name in form.fields if name.startswith((CONFIRM, CANNOT, WHY))}
    asked = [*groups, declared] if declared else groups
    about = "".join(draft.typed.get("name" if draft.is_application else "description", []))
    return Progress(headline(about), sum(not group & wrong for group in asked), len(asked))
