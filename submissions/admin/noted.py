"""The internal notes of a case, with whom each is for, and the form for the next one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from alliance.prepared import Prepared
from organizations.models import User
from submissions.forms.review import NoteForm
from submissions.models import Mention, Note, Submission

# Of whoever was told, also where they have no part in the case any more.
_NAME = Concat("user__first_name", Value(" "), "user__last_name")


def _question(submission: int, reader: int) -> QuerySet[Note]:
    mentions = Mention.objects.filter(note=OuterRef("pk")).order_by("pk")
    mine = mentions.filter(user=reader, read_at__isnull=True)
    rows = Note.objects.filter(submission=submission).select_related("made_by")
    return rows.annotate(
        told=ArraySubquery(mentions.values(name=_NAME)), unread=ArraySubquery(mine.values("pk"))
    )


_rows = Prepared(_question, int, int)


@dataclass(frozen=True)
class Noted:
    """A note; `told` are names, `is_unread` says that it waits for who looks at the page."""

    note: Note
    told: list[str]
    is_unread: bool


def noted(user: User, submission: Submission, reviewers: Iterable[User]) -> dict[str, Any]:
    """What the page shows of notes, in one query; `reviewers` are those of the case."""
    rows: list[Any] = _rows.all(submission.pk, user.pk)
    notes = [
        Noted(
            row, [name.strip() or _("someone who has left") for name in row.told], bool(row.unread)
        )
        for row in rows
    ]
    others = [person for person in reviewers if person.pk != user.pk]
    return {
        "notes": notes,
        "has_unread": any(row.is_unread for row in notes),
        "note_form": NoteForm(people=others),
    }
