"""The PDF copy of what was sent, for the organization's own files."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alliance.pdf import compile_pdf
from submissions.answers import Line, sections
from submissions.labels import ATTACHMENTS_LABEL, DECLARATION_TITLE, FORM_TITLES
from submissions.models import Revision, StatementAnswer

_TEMPLATE = Path(__file__).parent / "typst" / "copy.typ"


def pdf_copy(revision: Revision) -> bytes:
    """One revision laid out like its form, with the labels that were shown, as PDF/UA.

    Some 30 ms of processor time. Nothing is kept: what is erased from the answers is gone from
    every later copy.
    """
    return compile_pdf(_TEMPLATE, _data(revision), at=revision.made_at)


def _data(revision: Revision) -> dict[str, Any]:
    submission = revision.submission
    kind = submission.kind
    return {
        "title": f"{FORM_TITLES[kind]}, {submission.reference}",
        "organization": submission.organization.name,
        "language": revision.language,
        "facts": [[str(label), value] for label, value in _facts(revision)],
        "sections": sections_of(revision),
        "footer": f"{submission.reference} · {settings.SITE_URL}",
    }


def sections_of(revision: Revision) -> list[dict[str, Any]]:
    """What was sent, as both of our papers print it: a title and its lines."""
    shown = [
        {"title": str(section.title), "lines": [_line(line) for line in section.lines]}
        for section in sections(revision.submission.kind, revision.answers)
    ]
    return shown + _declared(revision.statements) + _sent_along(revision)


def _facts(revision: Revision) -> list[tuple[str, str]]:
    submission = revision.submission
    sent_at = date_format(revision.made_at, "DATETIME_FORMAT")
    return [
        (_("Reference"), str(submission.reference)),
        (_("Organization"), submission.organization.name),
        (_("Sent"), _("%(at)s UTC") % {"at": sent_at}),
        (_("Sent by"), str(revision.made_by or _("someone who has left"))),
        (_("Revision"), str(revision.number)),
    ]


def _line(line: Line) -> dict[str, Any]:
    return {
        "label": str(line.label),
        "text": line.text,
        "choices": [choice["label"] for choice in line.choices],
    }


def _declared(declaration: list[StatementAnswer]) -> list[dict[str, Any]]:
    if not declaration:
        return []
    lines = [
        {
            "label": row.wording,
            "text": "\n".join(filter(None, [str(row.label), row.explanation])),
            "choices": [],
        }
        for row in declaration
    ]
    return [{"title": str(DECLARATION_TITLE), "lines": lines}]


def _sent_along(revision: Revision) -> list[dict[str, Any]]:
    names = [attachment.name for attachment in revision.attachments.all()]
    if not names:
        return []
    line = {"label": _("Sent along, not part of this copy"), "text": "", "choices": names}
    return [{"title": str(ATTACHMENTS_LABEL), "lines": [line]}]
