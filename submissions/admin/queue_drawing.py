"""The rows of the queue and the choices of its filters, as HTML.

There are hundreds of cells and choices on a page. A template looks each of them up by name, which
takes several times as long as all else that the page does with them, and `format_html` asks of
each whether it is safe. Here every text goes through `escape` of Python where it is put in.
"""

from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.workflow import Turn
from organizations.admin.reading import pill
from organizations.models import DueDiligence
from submissions.queue.rows import Row

_NOTHING = "–"
_CHOSEN = (' class="selected"', ' aria-current="true"')


def drawn(rows: Iterable[Row], carried: str) -> SafeString:
    """The rows; the links to their cases end with `carried`, see `neighbours`."""
    choose, query = _("Choose %(case)s"), escape(carried)
    return SafeString("".join(_line(row, choose, query) for row in rows))


def options(choices: Iterable[tuple[bool, str, Any, str]]) -> SafeString:
    """The choices of a filter: whether it is chosen, where it leads, its label and its number."""
    return SafeString(
        "".join(
            f'<li{_CHOSEN[0] if is_chosen else ""}><a href="?{escape(address)}"'
            f"{_CHOSEN[1] if is_chosen else ''}>{escape(str(label))} ({number})</a></li>"
            for is_chosen, address, label, number in choices
        )
    )


def _line(row: Row, choose: str, query: str) -> str:
    level = str(DueDiligence.Level(row.level).label) if row.level else ""
    # An application is named by its institution; a Demand or Offer says whose it is.
    owner = "" if row.is_application else _small(row.organization)
    turn = "" if row.turn == Turn.NOBODY else escape(str(row.turn.label))
    clearance = pill(row.clearance) if row.clearance else _NOTHING
    return (
        f'<tr><td class="action-checkbox"><input type="checkbox" name="case" value="{row.pk}"'
        f' class="action-select" aria-label="{escape(choose % {"case": row.reference})}"></td>'
        f'<th scope="row" class="num"><a href="{row.pk}/change/{query}">'
        f"{escape(row.reference)}</a><br>"
        f'<small class="quiet">{escape(str(row.kind.label))}</small></th>'
        f"<td>{escape(row.title)}{owner}</td><td>{escape(row.country)}</td>"
        f'<td>{pill(row.state)}<br><small class="quiet">{turn}</small></td>'
        f'<td class="num">{_waiting(row.days)}</td><td>{escape(row.assignee or _("Not assigned"))}</td>'
        f"<td>{clearance}{_small(level) if level else ''}{_hits(row.hits)}</td>{_due(row)}</tr>\n"
    )


def _small(text: str) -> str:
    return f'<br><small class="quiet">{escape(text)}</small>'


def _waiting(days: int) -> str:
    if not days:
        return escape(_("less than a day"))
    return escape(ngettext("%(number)d day", "%(number)d days", days) % {"number": days})


def _hits(number: int) -> str:
    if not number:
        return ""
    words = ngettext("%(number)d open hit", "%(number)d open hits", number) % {"number": number}
    return f' <span class="pill" data-state="action">{escape(words)}</span>'


def _due(row: Row) -> str:
    if row.due is None:
        return f'<td class="num">{_NOTHING}</td>'
    day = escape(date_format(row.due, "j M Y"))
    if not row.is_late:
        return f'<td class="num">{day}</td>'
    return f'<td class="num late">{day} <small>{escape(_("overdue"))}</small></td>'
