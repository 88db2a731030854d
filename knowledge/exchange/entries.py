"""One row of a table, read: every value checked by itself, before the library is asked."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils.translation import gettext as _

from knowledge.exchange.cells import Name, listed, listed_names
from knowledge.exchange.columns import (
    CODES,
    CODES_OF_LANGUAGES,
    EDITION_COLUMNS,
    EDITION_FIELDS,
    EDITION_FLAG,
    FIELDS,
    FILE,
    FILE_FLAG,
    NO,
    YES,
    column,
    languages_in,
)
from knowledge.exchange.known import Known
from knowledge.exchange.problems import Problem, Wrong, nearest
from knowledge.exchange.tables import Row
from knowledge.models import Edition, Report
from knowledge.reading import clean_reading

_NUMBER = re.compile(r"[0-9]{1,9}")
_FLAGS = {YES: True, NO: False, "": False, "true": True, "false": False, "1": True, "0": False}


@dataclass
class EditionEntry:
    """What the row says of one language; only what it has columns for."""

    texts: dict[str, str] = field(default_factory=dict)
    is_digest: bool | None = None
    file: str = ""
    file_is_digest: bool = False


@dataclass
class Entry:
    """What the row says; None and missing keys stand for columns that the table does not have."""

    line: int
    report_id: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    status: str | None = None
    embargoed_until: datetime.date | None = None
    retirement_note: str = ""
    names: list[Name] | None = None
    codes: dict[str, list[str]] = field(default_factory=dict)
    related: list[int] | None = None
    languages: list[str] | None = None
    editions: dict[str, EditionEntry] = field(default_factory=dict)


def read_entry(row: Row, known: Known) -> Entry:
    """The row's values. Raises Wrong with every problem of the row."""
    reader = _Reader(row, known)
    entry = reader.read()
    if reader.problems:
        raise Wrong(reader.problems)
    return entry


class _Reader:
    """Reads one row, and gathers what is wrong with it."""

    def __init__(self, row: Row, known: Known) -> None:
        self.row, self.known = row, known
        self.cells = row.cells
        self.problems: list[Problem] = []

    def read(self) -> Entry:
        entry = Entry(self.row.line)
        entry.report_id = self._number("id", self.cells.get("id", ""))
        for name in FIELDS:
            if name in self.cells:
                entry.fields[name] = self._of_model(name)
        self._read_standing(entry)
        if "authors" in self.cells:
            entry.names = self._names()
        for name in CODES:
            if name in self.cells:
                entry.codes[name] = self._codes(name)
        if "related" in self.cells:
            numbers = (self._number("related", part) for part in listed(self.cells["related"]))
            entry.related = [number for number in numbers if number is not None]
        self._read_editions(entry)
        return entry

    def _read_standing(self, entry: Entry) -> None:
        status = self.cells.get("status", "").casefold()
        if status and status not in Report.Status.values:
            self._wrong("status", self._not_one_of(status, Report.Status.values))
        entry.status = status or None
        entry.embargoed_until = self._of_model("embargoed_until")
        entry.retirement_note = self.cells.get("retirement_note", "")
        if status == Report.Status.EMBARGOED and entry.embargoed_until is None:
            self._wrong("embargoed_until", _("Say until when the report is embargoed."))

    def _read_editions(self, entry: Entry) -> None:
        if "languages" in self.cells:
            entry.languages = listed(self.cells["languages"].casefold())
            for language in entry.languages:
                if language not in CODES_OF_LANGUAGES:
                    self._wrong("languages", self._not_one_of(language, CODES_OF_LANGUAGES))
        spoken = [each for each in entry.languages or [] if each in CODES_OF_LANGUAGES]
        filled = (name for name, value in self.cells.items() if value)
        more = sorted(languages_in(filled) - set(spoken))
        for language in [*spoken, *more]:
            entry.editions[language] = self._edition(language)

    def _edition(self, language: str) -> EditionEntry:
        said = {
            name: self.cells[column(name, language)]
            for name in EDITION_COLUMNS
            if column(name, language) in self.cells
        }
        edition = EditionEntry(file=said.get(FILE, ""))
        for name in EDITION_FIELDS:
            if name in said:
                edition.texts[name] = self._text(name, language, said[name])
        if EDITION_FLAG in said:
            edition.is_digest = self._flag(column(EDITION_FLAG, language))
        if FILE_FLAG in said:
            edition.file_is_digest = self._flag(column(FILE_FLAG, language))
        return edition

    def _text(self, name: str, language: str, value: str) -> str:
        most = cast(Field, Edition._meta.get_field(name)).max_length
        if most is not None and len(value) > most:
            words = _("At most %(most)d characters; this has %(found)d.")
            self._wrong(column(name, language), words % {"most": most, "found": len(value)})
        return clean_reading(value) if name == "reading_html" else value

    def _of_model(self, name: str) -> Any:
        """The value as the model's field takes it; a draft may leave out what others must have."""
        value, its_field = self.cells.get(name, ""), cast(Field, Report._meta.get_field(name))
        if not value:
            if name == "title":
                self._wrong(name, _("Every report has a title."))
            return None if its_field.null else ""
        try:
            return its_field.clean(value, None)
        except ValidationError as error:
            self._wrong(name, _in_plain_words(its_field.get_internal_type(), value, error))
            return None

    def _names(self) -> list[Name]:
        try:
            names = listed_names(self.cells["authors"])
        except ValueError as error:
            words = _("Write “Family name, Given name, Title; …”; this cannot be read: “%s”.")
            self._wrong("authors", words % str(error)[:80])
            return []
        for family, given, prefix in names:
            if len(family) > 100 or len(given) > 100 or len(prefix) > 30:
                self._wrong("authors", _("This name is too long: “%s”.") % family[:40])
        return names

    def _codes(self, name: str) -> list[str]:
        clean: Callable[[str], str] = str.upper if name == "countries" else str.lower
        codes = [clean(code) for code in listed(self.cells[name])]
        for code in self.known.unknown(name, codes):
            near = self.known.nearest(name, code)
            hint = _(" Did you mean “%s”?") % near if near else ""
            self._wrong(name, _("The list has no “%s”.") % code[:60] + hint)
        return sorted(set(codes))

    def _number(self, name: str, text: str) -> int | None:
        if text and not _NUMBER.fullmatch(text):
            self._wrong(name, _("This is not the number of a report: “%s”.") % text[:40])
        return int(text) if _NUMBER.fullmatch(text) else None

    def _flag(self, name: str) -> bool:
        value = self.cells[name].casefold()
        if value not in _FLAGS:
            self._wrong(name, _("Write “yes” or “no”."))
        return _FLAGS.get(value, False)

    def _not_one_of(self, value: str, known: Any) -> str:
        near = nearest(value, known)
        hint = _(" Did you mean “%s”?") % near if near else ""
        words = _("“%(value)s” is none of these: %(known)s.")
        return words % {"value": value[:60], "known": ", ".join(known)} + hint

    def _wrong(self, name: str, text: Any) -> None:
        self.problems.append(Problem(self.row.line, name, str(text)))


def _in_plain_words(kind: str, value: str, error: ValidationError) -> str:
    """What is wrong with a cell, where the field itself says it in a programmer's words."""
    if kind == "DateField":
        return _("Write days as in 2019-12-31.")
    if kind == "PositiveSmallIntegerField" and error.error_list[0].code == "invalid":
        return _("“%s” is no year. Write years as in 2019.") % value[:20]
    return " ".join(error.messages)
