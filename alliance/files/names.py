"""What a file's name promises; the content has to keep it (see `documents`)."""

import re
from pathlib import PurePath

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alliance.files.checks import FileRefused
from alliance.files.office import DOCX, PPTX, XLSX

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
# In the order in which people are told of them.
LABELS = {PDF: "PDF", DOCX: "DOCX", XLSX: "XLSX", PPTX: "PPTX", PNG: "PNG", JPEG: "JPEG"}
ENDINGS = {
    PDF: ".pdf",
    DOCX: ".docx",
    XLSX: ".xlsx",
    PPTX: ".pptx",
    PNG: ".png",
    JPEG: ".jpg",
}
_BY_ENDING = {ending: kind for kind, ending in ENDINGS.items()} | {".jpeg": JPEG}
ACCEPTED_ENDINGS = tuple(_BY_ENDING)

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

TAKEN = _("Please choose a PDF, DOCX, XLSX, PPTX, PNG or JPEG.")
_OTHER_ENDING = _(
    "Files whose name ends in “%(ending)s” are not taken. Please choose a PDF, DOCX, XLSX, PPTX, "
    "PNG or JPEG."
)
_NO_ENDING = _(
    "This file’s name does not say what it is: it should end in .pdf, .docx, .xlsx, .pptx, .png "
    "or .jpg. Please rename it on your computer, and choose it again."
)
_SAVE_AS = _("Please save this file as %(kind)s or PDF, and choose the new file.")
_MACROS = _(
    "Files whose name ends in “%(ending)s” can hold macros, which are programs. Please save it as "
    "%(kind)s or PDF, and choose the new file."
)
_HIDES = _(
    "This file’s name hides another kind of file (“%(ending)s”). Please rename it on your "
    "computer, and choose it again."
)
_CONTRADICTS = _(
    "This file’s name says %(named)s, but its content is %(kind)s. Please choose the right file, "
    "or save it again as %(named)s."
)


def kind_by_name(name: str) -> str:
    """The content type that the file's name promises; raises FileRefused, worded for its sender."""
    endings = [ending.lower().rstrip() for ending in PurePath(name.rstrip(". ")).suffixes]
    if not endings:
        raise FileRefused(_NO_ENDING)
    kind = _BY_ENDING.get(endings[-1])
    if kind is None:
        raise FileRefused(_other_ending(endings[-1]))
    for ending in endings[:-1]:
        if _RUNS.fullmatch(ending):
            raise FileRefused(_HIDES % {"ending": ending})
    return kind


def check_promise(name: str, announced: str, kind: str) -> None:
    """Raise FileRefused unless name and announced content type fit the kind found by content."""
    named = kind_by_name(name)
    if named != kind:
        raise FileRefused(_CONTRADICTS % {"named": LABELS[named], "kind": LABELS[kind]})
    is_another = announced in LABELS and announced != kind
    if is_another or _ANNOUNCED_ELSE.match(announced):
        raise FileRefused(TAKEN)


def _other_ending(ending: str) -> Promise | str:
    if _WITH_MACROS.fullmatch(ending):
        kind = {"d": DOCX, "x": XLSX, "p": PPTX}[ending[1]]
        return _MACROS % {"ending": ending, "kind": LABELS[kind]}
    if old := _OLD_OFFICE.fullmatch(ending):
        kind = _NEWER[(old.lastindex or 1) - 1]
        return _SAVE_AS % {"kind": LABELS[kind]}
    return _OTHER_ENDING % {"ending": ending[:12]}
