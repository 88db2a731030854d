"""The rows of the queue and the choices of its filters, as HTML.

There are hundreds of cells and choices on a page. A template looks each of them up by name, which
takes several times as long as all else that the page does with them.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.workflow import Turn
from organizations.admin.reading import pill
from organizations.models import DueDiligence
from submissions.queue.rows import Row

_ROW = (
    '<tr><td class="action-checkbox"><input type="checkbox" name="case" value="{}"'
    ' class="action-select" aria-label="{}"></td>'
    '<th scope="row" class="num"><a href="{}/change/{}">{}</a><br>'
    '<small class="quiet">{}</small></th>'
    '<td>{}{}</td><td>{}</td><td>{}<br><small class="quiet">{}</small></td>'
    '<td class="num">{}</td><td>{}</td><td>{}{}{}</td>{}</tr>\n'
)
_SMALL = '<br><small class="quiet">{}</small>'
_OPTION = '<li{}><a href="?{}"{}>{} ({})</a></li>'
_CHOSEN = (SafeString(' class="selected"'), SafeString(' aria-current="true"'))
_NOT_CHOSEN = (SafeString(), SafeString())
_NOTHING = "–"


def drawn(rows: Iterable[Row], carried: str) -> SafeString:
    """The rows; the links to their cases end with `carried`, see `neighbours`."""
    return format_html_join("", _ROW, (_cells(row, carried) for row in rows))


def options(choices: Iterable[tuple[bool, str, Any, str]]) -> SafeString:
    """The choices of a filter: whether it is chosen, where it leads, its label and its number."""
    return format_html_join(
        "",
        _OPTION,
        (
            (marks[0], address, marks[1], label, number)
            for is_chosen, address, label, number in choices
            for marks in [_CHOSEN if is_chosen else _NOT_CHOSEN]
        ),
    )


def _cells(row: Row, carried: str) -> tuple[Any, ...]:
    level = DueDiligence.Level(row.level).label if row.level else ""
    return (
        row.pk,
        _("Choose %(case)s") % {"case": row.reference},
        row.pk,
        carried,
        row.reference,
        row.kind.label,
        row.title,
        # An application is named by its institution; a Demand or Offer says whose it is.
        "" if row.is_application else format_html(_SMALL, row.organization),
        row.country,
        pill(row.state),
        "" if row.turn == Turn.NOBODY else row.turn.label,
        _waiting(row.days),
        row.assignee or _("Not assigned"),
        pill(row.clearance) if row.clearance else _NOTHING,
        format_html(_SMALL, level) if level else "",
        _hits(row.hits),
        _due(row),
    )


def _waiting(days: int) -> str:
    if not days:
        return _("less than a day")
    return ngettext("%(number)d day", "%(number)d days", days) % {"number": days}


def _hits(number: int) -> SafeString | str:
    if not number:
        return ""
    words = ngettext("%(number)d open hit", "%(number)d open hits", number) % {"number": number}
    return format_html(' <span class="pill" data-state="action">{}</span>', words)


def _due(row: Row) -> SafeString:
    if row.due is None:
        return SafeString("<td></td>")
    day = date_format(row.due, "j M Y")
    if not row.is_late:
        return format_html('<td class="num">{}</td>', day)
    return format_html('<td class="num late">{} <small>{}</small></td>', day, _("overdue"))
