"""The PDF dossier of one case, for the secretariat: all that is known, the internal part marked."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.pdf import compile_pdf
from organizations.due_diligence.checks import checks_of
from organizations.due_diligence.rules import answers_of, current_cycle
from organizations.models import Organization, User
from submissions.copies import sections_of
from submissions.differences import difference
from submissions.models import Decision, Revision, Submission
from submissions.rounds import rounds_of
from submissions.timeline import staff_timeline, timeline

_TEMPLATE = Path(__file__).parent / "typst" / "dossier.typ"
_INTERNAL = gettext_lazy("Internal: for the secretariat alone")

Line = dict[str, Any]
Section = dict[str, Any]


def pdf_dossier(submission: Submission, *, by: User) -> bytes:
    """Everything about the case as PDF/UA; nothing is kept. The caller has asked who is asking."""
    return compile_pdf(_TEMPLATE, _data(submission, by), at=timezone.now())


def _data(submission: Submission, by: User) -> dict[str, Any]:
    revisions = list(submission.revisions.select_related("made_by"))
    prefetch_related_objects(revisions, "attachments")
    for revision in revisions:
        revision.submission = submission
    decisions = list(submission.decisions.select_related("reason", "made_by", "published_by"))
    known = [
        *sections_of(revisions[0]),
        *_differences(revisions),
        *_questions(submission),
        *_section(_("Decisions"), map(_letter, filter(_is_published, decisions))),
        *_section(_("Timeline"), map(_moment, timeline(submission))),
    ]
    internal = [
        *_due_diligence(submission.organization),
        *_section(_("Decisions with their reasons"), map(_decision, decisions)),
        *_notes(submission),
        *_section(_("Timeline, whole"), map(_moment, staff_timeline(submission))),
    ]
    return {
        "title": _("Dossier, %(reference)s") % {"reference": submission.reference},
        "organization": submission.organization.name,
        "language": revisions[0].language,
        "facts": [[label, str(value)] for label, value in _facts(submission, by)],
        "internal": str(_INTERNAL),
        "parts": [
            {"title": _("What the applicant knows"), "internal": False, "sections": known},
            {"title": _("What the secretariat knows"), "internal": True, "sections": internal},
        ],
        "footer": f"{submission.reference} · {settings.SITE_URL}",
    }


def _facts(submission: Submission, by: User) -> Iterator[tuple[str, Any]]:
    organization = submission.organization
    yield _("Kind"), submission.get_kind_display()
    yield _("Name"), submission.title
    yield _("Organization"), f"{organization.name}, {organization.place}"
    yield _("State"), submission.state.label
    yield _("Received"), _day(submission.submitted_at)
    yield _("Assigned to"), submission.assignee or "–"
    yield _("Printed"), f"{date_format(timezone.now(), 'DATETIME_FORMAT')} UTC, {by}"


def _day(moment: date | None) -> str:
    """A day, or the day of a moment; a dash for none."""
    return date_format(moment, "DATE_FORMAT") if moment else "–"


def _line(label: Any, text: Any, choices: Iterable[Any] = ()) -> Line:
    return {"label": str(label), "text": str(text), "choices": [str(row) for row in choices]}


def _section(title: str, lines: Iterable[Line]) -> list[Section]:
    """A heading with its lines; none where there are no lines."""
    found = list(lines)
    return [{"title": title, "lines": found}] if found else []


def _differences(revisions: list[Revision]) -> Iterator[Section]:
    """What changed each time that it was sent again, newest first."""
    for after, before in pairwise(revisions):
        lines = [
            {
                "label": str(field.label),
                "parts": [{"kind": part.kind, "text": part.text} for part in field.parts],
                "is-list": field.is_list,
            }
            for field in difference(before, after).fields
        ]
        day = _day(after.made_at)
        title = _("Changed with revision %(number)d, %(day)s") % {
            "number": after.number,
            "day": day,
        }
        yield {"title": title, "lines": lines or [_line(_("Nothing"), "–")]}


def _questions(submission: Submission) -> Iterator[Section]:
    for round_ in reversed(rounds_of(submission)):
        asked = _day(round_.clarification.asked_at)
        lines = [
            _line(f"{row.title}: {row.item.question}", row.item.answer or _("Not answered"))
            for row in round_.asked
        ]
        yield {"title": _("Questions of %(day)s") % {"day": asked}, "lines": lines}


def _is_published(decision: Decision) -> bool:
    return decision.published_at is not None


def _letter(decision: Decision) -> Line:
    published = _day(decision.published_at)
    return _line(f"{decision.get_outcome_display()}, {published}", decision.letter)


def _decision(decision: Decision) -> Line:
    made = _day(decision.made_at)
    state = _("pending")
    if decision.published_at:
        state = _("published")
    elif decision.dropped_at:
        state = _("dropped")
    label = f"{decision.get_outcome_display()}, {made}, {decision.made_by or '–'}, {state}"
    return _line(label, f"{decision.reason.label}\n{decision.explanation}")


def _notes(submission: Submission) -> list[Section]:
    rows = submission.notes.select_related("made_by")
    return _section(
        _("Notes"),
        (
            _line(f"{row.made_by or '–'}, {date_format(row.made_at, 'DATETIME_FORMAT')}", row.text)
            for row in rows
        ),
    )


def _moment(moment: Any) -> Line:
    return _line(moment.title, moment.note or "–")


def _due_diligence(organization: Organization) -> list[Section]:
    """Where the checks of the organization stand: the cycle that counts, and hits by state."""
    cycle = current_cycle(organization)
    if cycle is None:
        return []
    answers = answers_of(cycle)
    hits = [
        f"{hit.name} / {hit.entry.reference}: {hit.state.label}. {hit.reason}"
        for hit in organization.hits.select_related("name", "entry")
    ]
    lines = [
        _line(_("State"), f"{cycle.state.label}. {cycle.reason}"),
        _line(_("Level"), f"{cycle.get_level_display()}. {cycle.level_reason}"),
        _line(_("Valid until"), _day(cycle.valid_until)),
        *(
            _line(kind.question, f"{row.get_answer_display()}. {row.note} {row.evidence}")
            for kind in checks_of(cycle.level)
            if (row := answers.get(kind.code))
        ),
        _line(_("Hits of the screening"), _("None"), hits),
    ]
    return _section(_("Due diligence"), lines)
