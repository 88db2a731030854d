"""What is said of one PDF, as JSON or as a table of one line, brought into the form of a table."""

import json
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from knowledge.exchange.cells import joined, joined_names, one_way
from knowledge.exchange.columns import (
    CODES_OF_LANGUAGES,
    EDITION_COLUMNS,
    EDITION_FIELDS,
    FIELDS,
    FILE,
    NO,
    YES,
    column,
    is_column,
    suggestion,
)
from knowledge.exchange.problems import Problem, Wrong, nearest
from knowledge.exchange.tables import Row, read_table

LANGUAGE = "language"
# Said of the report and of each of its languages alike; without a language they are the report's.
_SHARED = frozenset(FIELDS) & frozenset(EDITION_FIELDS)
_PERSON = ("family", "given", "prefix")


def read_metadata(content: bytes, *, is_json: bool, pdf: Path, language: str) -> Row:
    """The row that `pdf` and what is said of it come to; `language` is that of the PDF.

    In JSON the keys are the columns of the table. `abstract` and the like may stand without their
    language; `language` names it. Raises Wrong, with line and key.
    """
    row = _row_of_json(content) if is_json else _row_of_table(content)
    language = row.cells.pop(LANGUAGE, "").casefold() or language
    if language not in CODES_OF_LANGUAGES:
        words = _("“%(value)s” is none of these: %(known)s.")
        known = {"value": language[:20], "known": ", ".join(CODES_OF_LANGUAGES)}
        raise Wrong([Problem(row.line, LANGUAGE, words % known)])
    cells = {}
    for name, value in row.cells.items():
        is_of_edition = name in EDITION_COLUMNS and name not in _SHARED
        cells[column(name, language) if is_of_edition else name] = value
    cells[column(FILE, language)] = pdf.name
    return Row(row.line, cells)


def _row_of_table(content: bytes) -> Row:
    rows = read_table(content)
    if len(rows) != 1:
        words = _("This table should have one line below its heading; it has %d.")
        raise Wrong([Problem(1, "", words % len(rows))])
    return rows[0]


def _row_of_json(content: bytes) -> Row:
    try:
        text = content.decode("utf-8-sig")
        said = json.loads(text)
    except UnicodeDecodeError:
        raise Wrong([Problem(1, "", _("This file is not UTF-8."))]) from None
    except json.JSONDecodeError as error:
        raise Wrong([Problem(error.lineno, "", _("This is no JSON: %s.") % error.msg)]) from None
    except RecursionError:
        raise Wrong([Problem(1, "", _("This JSON is nested too deeply."))]) from None
    if not isinstance(said, dict):
        raise Wrong([Problem(1, "", _("This should be one JSON object, in braces."))])
    problems, cells = [], {}
    for key, value in said.items():
        try:
            cells[key] = _cell(key, value)
        except ValueError as error:
            problems.append(Problem(_line_of(text, key), key[:60], str(error)))
    if problems:
        raise Wrong(problems)
    return Row(1, cells)


def _cell(key: str, value: Any) -> str:
    if key != LANGUAGE and key not in EDITION_COLUMNS and not is_column(key):
        near = nearest(key, EDITION_FIELDS) or suggestion(key)
        hint = _(" Did you mean “%s”?") % near if near else ""
        raise ValueError(_("There is no such key.") + hint)
    if key == "authors" and isinstance(value, list):
        return joined_names(map(_name, value))
    if key.startswith(("key_findings", "recommendations")) and isinstance(value, list):
        return "\n".join(map(_plain, value))
    if isinstance(value, list):
        return joined(map(_plain, value))
    return one_way(_plain(value))


def _name(person: Any) -> tuple[str, str, str]:
    if not isinstance(person, dict) or not person.keys() <= set(_PERSON):
        raise ValueError(_("Each author is an object with family, given and prefix."))
    family, given, prefix = (_plain(person.get(part)) for part in _PERSON)
    return family, given, prefix


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return YES if value else NO
        case str() | int():
            return str(value).replace("\0", "")
        case _:
            raise ValueError(_("A text, a number or a list of texts is expected here."))


def _line_of(text: str, key: str) -> int:
    """Where the key stands in the file, counted from 1."""
    return text[: max(0, text.find(json.dumps(key, ensure_ascii=False)))].count("\n") + 1
