"""The lines of the board's lists, drawn from rows of the one table."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from alliance.browsing.lines import drawn_line, goals_of
from knowledge.search.passages import Piece, marked
from submissions.board.wording import place_name
from submissions.public.addresses import address
from submissions.public.rows import Row


def row_address(row: Row) -> str:
    return address(row.kind, row.reference, row.slug)


def facts(row: Row) -> list[str]:
    """The short facts of a line: where from, of whom, since when, until when."""
    place = place_name(row.card["country"], row.organization)
    found = [place, row.organization if row.organization != place else ""]
    found.append(date_format(row.since.date(), "SHORT_DATE_FORMAT"))
    if row.until:
        day = date_format(row.until, "SHORT_DATE_FORMAT")
        found.append(_("until %(day)s") % {"day": day})
    return [fact for fact in found if fact]


def drawn(rows: Sequence[Row]) -> SafeString:
    """The lines as `components/entry.html` draws them, with the words that were looked for marked."""
    label = _("Sustainable Development Goals")
    lines = [_drawn(row, label) for row in rows]
    return mark_safe("".join(lines))  # noqa: S308 - everything in it is escaped


def _drawn(row: Row, goals_label: str) -> str:
    in_title, in_excerpt = row.marked
    excerpt = _marked(row, row.card["excerpt"], in_excerpt)
    return drawn_line(
        url=row_address(row),
        title=_marked(row, row.title, in_title),
        meta=facts(row),
        text=f'<p dir="auto"{_language(row)}>{excerpt}</p>' if excerpt else "",
        goals=goals_of(row.card["goals"]),
        goals_label=goals_label,
        mark=_language(row),
    )


def _language(row: Row) -> str:
    language = row.card["language"]
    return f' lang="{escape(language)}"' if language else ""


def _marked(row: Row, text: str, places: Sequence[int]) -> str:
    if not places:
        return escape(text)
    return "".join(map(_piece, marked(text, row.card["config"], places)))


def _piece(piece: Piece) -> str:
    return f"<mark>{escape(piece.text)}</mark>" if piece.is_marked else escape(piece.text)
