"""The lines of the library's list, drawn from the cards of the index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from alliance.browsing.lines import drawn_line, goals_of
from alliance.models import Term
from knowledge.pages.wording import LANGUAGE_NAMES
from knowledge.search.listing import Row
from knowledge.search.passages import Marked, Passage, Piece


@dataclass(frozen=True)
class Entry:
    """One line: what stands in it, in the language of one of the report's editions."""

    pk: int
    url: str
    title: str
    language: str
    meta: list[str]
    text: str
    goals: list[Term] = field(default_factory=list)


def entry(row: Row, languages: Sequence[str]) -> Entry:
    """The line of a report, in the first of `languages` that it has, else in the reader's."""
    card = row.card
    editions = {edition[0]: edition for edition in card["editions"]}
    wanted = [*languages, (get_language() or "").split("-")[0], *editions]
    unread = ["", card["title"], "", None]
    language, title, text, pages = next(
        (editions[code] for code in wanted if code in editions), unread
    )
    meta = [
        card["publisher"],
        str(card["year"] or ""),
        ", ".join(LANGUAGE_NAMES.get(code, code) for code in editions),
        ngettext("%(n)d page", "%(n)d pages", pages) % {"n": pages} if pages else "",
    ]
    return Entry(
        pk=row.pk,
        url=f"{_library()}{row.pk}-{card['slug']}/",
        title=title,
        language=language,
        meta=[fact for fact in meta if fact],
        text=text,
        goals=goals_of(card["goals"]),
    )


@cache
def _library() -> str:
    """Its address, which twenty lines are not to look up each."""
    return reverse("library:list")


def drawn(entries: Iterable[Entry], marks: dict[int, Marked], text: str, back: str) -> SafeString:
    """The lines as `components/entry.html` draws them, with `text` marked in title and passages.

    `back` is the address of this list, where the words alone do not say it.
    """
    goals_label, page_label = _("Sustainable Development Goals"), _("Page %(number)d")
    query = f"?{urlencode({'q': text} | ({'back': back} if back else {}))}"
    lines = [_drawn(line, marks.get(line.pk), goals_label, page_label, query) for line in entries]
    return mark_safe("".join(lines))  # noqa: S308 - everything in it is escaped


def _drawn(
    line: Entry, marked: Marked | None, goals_label: str, page_label: str, query: str
) -> str:
    text = f'<p dir="auto">{escape(line.text)}</p>' if line.text else ""
    passages = ""
    if marked:
        passages = "".join(_passage(line, one, page_label, query) for one in marked.passages)
    return drawn_line(
        url=line.url,
        title=_pieces(marked.title) if marked else escape(line.title),
        meta=line.meta,
        text=f"{text}{passages}",
        goals=line.goals,
        goals_label=goals_label,
    )


def _passage(line: Entry, passage: Passage, page_label: str, query: str) -> str:
    address = f"{line.url}{passage.language}/pages/{passage.number}/{query}"
    language = "" if passage.language == line.language else f' lang="{escape(passage.language)}"'
    label = page_label % {"number": passage.number}
    return (
        f'<p class="snippet"><a href="{escape(address)}">{escape(label)}</a> '
        f"<span{language}>{_pieces(passage.pieces)}</span></p>"
    )


def _pieces(pieces: Sequence[Piece]) -> str:
    return "".join(
        [f"<mark>{escape(p.text)}</mark>" if p.is_marked else escape(p.text) for p in pieces]
    )
