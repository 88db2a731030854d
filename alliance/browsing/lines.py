"""Lines of a list, drawn as `components/entry.html` draws them, in a fifth of the time."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from alliance import vocabularies
from alliance.models import Term
from alliance.widgets import goal_number


def goals_of(codes: Iterable[str]) -> list[Term]:
    """The Sustainable Development Goals with these codes, without unknown ones."""
    terms = (vocabularies.term("sdg", code) for code in codes)
    return [term for term in terms if term is not None]


def drawn_line(
    *,
    url: str,
    title: str,
    meta: Sequence[str],
    text: str,
    goals: Sequence[Term],
    goals_label: str,
    mark: str = "",
) -> str:
    """One line. `title` and `text` are HTML already, all else is escaped here.

    `mark` are attributes of the title, as for one in another language. Its direction is that of
    its own letters, whatever the language of the page.
    """
    facts = "".join([f"<span>{escape(fact)}</span>" for fact in meta])
    return (
        f'<li class="entry"><p class="meta">{facts}</p>'
        f'<h3 dir="auto"{mark}><a href="{escape(url)}">{title}</a></h3>{text}'
        f"{drawn_goals(goals, goals_label)}</li>"
    )


def drawn_goals(goals: Sequence[Term], label: str) -> str:
    if not goals:
        return ""
    drawn = "".join(map(_goal, goals))
    return f'<ul class="goals mini" aria-label="{escape(label)}">{drawn}</ul>'


def _goal(goal: Any) -> str:
    number, label = goal_number(goal.code), escape(goal.label)
    return (
        f'<li class="goal" data-sdg="{number}" title="{number} {label}">'
        f"<b>{number}</b><span>{label}</span></li>"
    )
