"""What differs between two revisions, to be read by people: words of a text, answers of a list."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from alliance.text import Text
from alliance.words import SINGLE, SPACE, UNSPACED, characters
from submissions.labels import ATTACHMENTS_LABEL, LABELS, LOGO_LABEL, SECTIONS
from submissions.models import Revision, StatementAnswer

SAME, ADDED, REMOVED = "same", "added", "removed"

# White space stands by itself; scripts that put none between words are compared by character.
_TOKEN = re.compile(
    f"[{characters(SPACE)}]+|[{characters(SINGLE)}{characters(UNSPACED)}]"
    f"|[^{characters(SPACE)}{characters(SINGLE)}{characters(UNSPACED)}]+"
)
# Two texts of more words than a form takes are shown whole: comparing them takes too long.
_MOST_TOKENS = 4000


@dataclass(frozen=True)
class Part:
    """A piece of an answer: `kind` is "same", "added" or "removed"."""

    kind: str
    text: str


@dataclass(frozen=True)
class FieldDifference:
    """One answer that differs; `parts` follow each other, or are a list's entries."""

    label: Text
    parts: list[Part]
    is_list: bool = False


@dataclass(frozen=True)
class Difference:
    """What an applicant changed from one revision to the next."""

    before: Revision
    after: Revision
    fields: list[FieldDifference]
    unchanged: int  # answers that say the same in both


def difference(before: Revision, after: Revision) -> Difference:
    """Compare two revisions of one submission; four queries unless the caller has prefetched
    `declaration` and `attachments` of both.
    """
    compared = [
        *_answers(before, after),
        _logo(before, after),
        *_declaration(before, after),
        _attachments(before, after),
    ]
    known = [field for field in compared if field is not None]
    changed = [field for field in known if any(part.kind != SAME for part in field.parts)]
    return Difference(before, after, changed, unchanged=len(known) - len(changed))


def _answers(before: Revision, after: Revision) -> Iterator[FieldDifference | None]:
    kind = after.submission.kind
    for _title, names in SECTIONS[kind]:
        for name in names:
            old, new = before.answers.get(name) or "", after.answers.get(name) or ""
            if not old and not new:
                yield None
            elif isinstance(old, str) and isinstance(new, str):
                yield FieldDifference(LABELS[kind][name], compare_texts(old, new))
            else:
                entries = compare_entries(_entries(old), _entries(new))
                is_list = isinstance(old or new, list)
                yield FieldDifference(LABELS[kind][name], entries, is_list)


def _entries(value: Any) -> dict[str, str]:
    """Codes with labels of what was chosen, one answer or several."""
    choices = value if isinstance(value, list) else [value] if value else []
    return {choice["code"]: choice["label"] for choice in choices}


def _logo(before: Revision, after: Revision) -> FieldDifference | None:
    """Pictures are not drawn here: whether there is one, and whether it is another."""
    if not before.logo_name and not after.logo_name:
        return None
    old = {before.logo_name: _("The earlier picture")} if before.logo_name else {}
    new = {after.logo_name: _("The new picture")} if after.logo_name else {}
    return FieldDifference(LOGO_LABEL, compare_entries(old, new))


def _declaration(before: Revision, after: Revision) -> Iterator[FieldDifference]:
    """Each statement, told by its entry in the vocabulary."""
    old = {row.statement: row for row in before.statements}
    new = {row.statement: row for row in after.statements}
    for statement, row in (new | old).items():
        texts = [_said(rows.get(statement)) for rows in (old, new)]
        shown = new.get(statement, row)
        yield FieldDifference(shown.wording, compare_texts(*texts))


def _said(answer: StatementAnswer | None) -> str:
    if answer is None:
        return ""
    words = str(answer.label)
    return f"{words}. {answer.explanation}" if answer.explanation else words


def _attachments(before: Revision, after: Revision) -> FieldDifference | None:
    old = {str(row.pk): row.name for row in before.attachments.all()}
    new = {str(row.pk): row.name for row in after.attachments.all()}
    if not old and not new:
        return None
    return FieldDifference(ATTACHMENTS_LABEL, compare_entries(old, new), is_list=True)


def compare_entries(old: Mapping[str, str], new: Mapping[str, str]) -> list[Part]:
    """Entries told by their codes: what left first, then what stands now."""
    removed = [Part(REMOVED, label) for code, label in old.items() if code not in new]
    present = [Part(SAME if code in old else ADDED, label) for code, label in new.items()]
    return removed + present


def compare_texts(old: str, new: str) -> list[Part]:
    """The words of both texts in one, each kept, removed or added."""
    if old == new:
        return [Part(SAME, new)] if new else []
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(before) + len(after) > _MOST_TOKENS:
        return _parts(old, new)
    parts: list[Part] = []
    gone = come = ""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for operation, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        old_words, new_words = "".join(before[from_old:to_old]), "".join(after[from_new:to_new])
        # A space alone between two changes is part of them: the eye wants one change, not two.
        if operation != "equal" or (new_words.isspace() and (gone or come)):
            gone, come = gone + old_words, come + new_words
        else:
            parts += [*_parts(gone, come), Part(SAME, new_words)]
            gone = come = ""
    return parts + _parts(gone, come)


def _parts(gone: str, come: str) -> list[Part]:
    return [Part(kind, text) for kind, text in ((REMOVED, gone), (ADDED, come)) if text]
