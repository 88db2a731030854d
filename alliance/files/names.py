"""What a file's name promises; the content has to keep it (see `documents`)."""

import re
from collections.abc import Collection, Sequence
from pathlib import PurePath

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from alliance.files.checks import FileRefused
from alliance.files.office import DOCX, PPTX, XLSX

Kinds = Collection[str]  # content types, in the order in which people are told of them

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
LABELS = {PDF: "PDF", DOCX: "DOCX", XLSX: "XLSX", PPTX: "PPTX", PNG: "PNG", JPEG: "JPEG"}
ENDINGS = {
    PDF: ".pdf",
    DOCX: ".docx",
    XLSX: ".xlsx",
    PPTX: ".pptx",
    PNG: ".png",
    JPEG: ".jpg",
}
# What a field takes unless it says otherwise.
KINDS = tuple(LABELS)
OFFICE, PICTURES = frozenset({DOCX, XLSX, PPTX}), frozenset({PNG, JPEG})
_BY_ENDING = {ending: kind for kind, ending in ENDINGS.items()} | {".jpeg": JPEG}

_OLD_OFFICE = re.compile(
    r"\.(doc|dot|rtf|odt|pages)|\.(xls|xlt|csv|ods|numbers)|\.(ppt|pps|odp|key)"
)
_NEWER = (DOCX, XLSX, PPTX)
_WITH_MACROS = re.compile(r"\.(doc|dot|xls|xlt|ppt|pps|pot)m|\.xl(a|am|sb)")
# What runs when it is clicked on, or opens in a browser; a name may hide it before the last dot.
_RUNS = re.compile(
    r"\.(exe|com|scr|pif|bat|cmd|ps1|msi|jar|jse?|vb[se]?|wsf|hta|lnk|sh|app|apk|php\d?|"
    r"s?html?|xhtml|svgz?|mht(ml)?|iso|img|chm|reg|dll)"
)
# Announced by a browser for a file that it takes for something else than we do.
_ANNOUNCED_ELSE = re.compile(r"text/(html|xml|javascript)|image/svg|application/(xhtml|x-ms|java)")

# Translators: %(kinds)s is "PDF", or "PDF, PNG or JPEG".
_CHOOSE = _("Please choose a %(kinds)s.")
_OTHER_ENDING = _("Files whose name ends in “%(ending)s” are not taken.")
_NO_ENDING = _(
    "This file’s name does not say what it is: it should end in %(endings)s. Please rename it on "
    "your computer, and choose it again."
)
_SAVE_AS = _("Please save this file as %(kinds)s, and choose the new file.")
_MACROS = _(
    "Files whose name ends in “%(ending)s” can hold macros, which are programs. Please save it as "
    "%(kinds)s, and choose the new file."
)
_HIDES = _(
    "This file’s name hides another kind of file (“%(ending)s”). Please rename it on your "
    "computer, and choose it again."
)
_CONTRADICTS = _(
    "This file’s name says %(named)s, but its content is %(kind)s. Please choose the right file, "
    "or save it again as %(named)s."
)


def accepted_endings(kinds: Kinds) -> list[str]:
    """How the names of files of these kinds may end, with the dot."""
    return [ending for ending, kind in _BY_ENDING.items() if kind in kinds]


def _label_all(kinds: Kinds) -> str:
    return _join([LABELS[kind] for kind in kinds])


label_all = lazy(_label_all, str)  # "PDF, PNG or JPEG", in the language of whoever reads it


def please_choose(kinds: Kinds) -> str:
    """What to do about a file that is none of these kinds."""
    return _CHOOSE % {"kinds": _label_all(kinds)}


def kind_by_name(name: str, kinds: Kinds = KINDS) -> str:
    """The content type that the file's name promises, one of `kinds`.

    Raises FileRefused, worded for its sender.
    """
    endings = [ending.lower().rstrip() for ending in PurePath(name.rstrip(". ")).suffixes]
    if not endings:
        raise FileRefused(_NO_ENDING % {"endings": _join([ENDINGS[kind] for kind in kinds])})
    kind = _BY_ENDING.get(endings[-1])
    if kind is None or kind not in kinds:
        raise FileRefused(_other_ending(endings[-1], kinds))
    for ending in endings[:-1]:
        if _RUNS.fullmatch(ending):
            raise FileRefused(_HIDES % {"ending": ending})
    return kind


def check_promise(name: str, announced: str, kind: str, kinds: Kinds = KINDS) -> None:
    """Raise FileRefused unless name and announced content type fit the kind found by content."""
    named = kind_by_name(name, kinds)
    if named != kind:
        raise FileRefused(_CONTRADICTS % {"named": LABELS[named], "kind": LABELS[kind]})
    is_another = announced in LABELS and announced != kind
    if is_another or _ANNOUNCED_ELSE.match(announced):
        raise FileRefused(please_choose(kinds))


def _other_ending(ending: str, kinds: Kinds) -> str:
    if _WITH_MACROS.fullmatch(ending):
        newer = {"d": DOCX, "x": XLSX, "p": PPTX}[ending[1]]
        return _MACROS % {"ending": ending, "kinds": _newer_or_pdf(newer, kinds)}
    if old := _OLD_OFFICE.fullmatch(ending):
        newer = _NEWER[(old.lastindex or 1) - 1]
        return _SAVE_AS % {"kinds": _newer_or_pdf(newer, kinds)}
    return f"{_OTHER_ENDING % {'ending': ending[:12]}} {please_choose(kinds)}"


def _newer_or_pdf(newer: str, kinds: Kinds) -> str:
    return _label_all([kind for kind in (newer, PDF) if kind in kinds])


def _join(words: Sequence[str]) -> str:
    """As in "PDF, PNG or JPEG"."""
    *others, last = words
    if not others:
        return last
    return _("%(others)s or %(last)s") % {"others": ", ".join(others), "last": last}
