"""`manage.py draw_states`: draws docs/states.md from the workflow tables.

The page says what the code says: a test compares the two, so that neither changes alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import override

from alliance.workflow import Actor, Arrow, Workflow
from knowledge.workflow import REPORT
from organizations.actions import due_diligence as due_diligence_actions
from organizations.actions import due_diligence_moves, due_diligence_questions
from organizations.workflow import DUE_DILIGENCE, HIT
from submissions import actions
from submissions.actions.clarification_days import lapse_unanswered
from submissions.actions.publication_sweeps import expire_publications
from submissions.workflow import (
    ANSWER_PREFIX,
    DECIDING_ARROWS,
    DEMAND_OR_OFFER,
    EXPRESSION_OF_INTEREST,
)

PAGE = settings.BASE_DIR / "docs" / "states.md"

_HEAD = """\
# States and arrows

Drawn by `manage.py draw_states` from `organizations/workflow.py`, `knowledge/workflow.py` and
`submissions/workflow.py`. Change the tables there and draw this page again; do not edit it.

Only the named actions write the `status` column. They lock the row, ask who may, and record who
and when. A database trigger made from the same table refuses every other arrow, in bulk updates
and raw SQL too. Where no action is named, the table and the trigger know the arrow, but nothing in
the portal walks it.

Whoever belongs to the organization concerned may not act for the secretariat, whatever their role.
"""


@dataclass(frozen=True)
class Drawing:
    """A workflow with its heading, and which action walks an arrow (empty for none)."""

    title: str
    workflow: Workflow
    action_of: Callable[[Arrow], str]


_OF_QUESTIONS: dict[str, Callable[..., Any]] = {
    "request_clarification": due_diligence_questions.ask_organization,
    "answer_clarification": due_diligence_questions.answer_question,
    "take_back_question": due_diligence_questions.take_back_question,
}
# Arrows that the portal walks by itself.
_SWEEPS: dict[str, Callable[[], int]] = {
    "lapse": lapse_unanswered,
    "expire": expire_publications,
}


def _submission_action(arrow: Arrow) -> str:
    if arrow.name in DECIDING_ARROWS:
        return actions.publish_decision.__name__
    if arrow.name.startswith(ANSWER_PREFIX):
        return actions.send_back.__name__
    if arrow.name == "request_clarification":
        return actions.ask.__name__
    if arrow.name in _SWEEPS:
        return _SWEEPS[arrow.name].__name__
    return arrow.name if arrow.name in actions.__all__ else ""


def _due_diligence_action(arrow: Arrow) -> str:
    if arrow.name in due_diligence_actions.STEPS:
        return due_diligence_actions.advance.__name__
    walks = arrow.name in due_diligence_moves.EVENTS
    if arrow.name in _OF_QUESTIONS:
        return _OF_QUESTIONS[arrow.name].__name__
    return due_diligence_actions.expire_clearances.__name__ if walks else ""


def _hit_action(arrow: Arrow) -> str:
    return f"{arrow.name}_hit"


def _report_action(arrow: Arrow) -> str:
    return f"{arrow.name}_report"


DRAWINGS = (
    Drawing("Due diligence of an organization", DUE_DILIGENCE, _due_diligence_action),
    Drawing("Hit of the screening", HIT, _hit_action),
    Drawing("Expression of Interest", EXPRESSION_OF_INTEREST, _submission_action),
    Drawing("Demand and Offer", DEMAND_OR_OFFER, _submission_action),
    Drawing("Report of the library", REPORT, _report_action),
)


class Command(BaseCommand):
    help = "Draw docs/states.md from the workflow tables."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(draw(), encoding="utf-8")
        self.stdout.write(f"Drew {PAGE.relative_to(settings.BASE_DIR)}")


def draw() -> str:
    """The whole page, in English whatever language is active."""
    with override("en"):
        return "\n".join([_HEAD, *(line for each in DRAWINGS for line in _section(each))])


def _section(drawing: Drawing) -> Iterator[str]:
    yield f"## {drawing.title}\n"
    yield from _diagram(drawing.workflow)
    yield from _table(
        ("state", "code", "whose turn", "what members read"),
        (
            (str(state.label), f"`{state.code}`", str(state.turn.label), str(state.public_label))
            for state in drawing.workflow.states
        ),
    )
    yield from _table(
        ("arrow", "on the button", "from", "to", "who may", "action"),
        (_arrow_row(drawing, arrow) for arrow in drawing.workflow.arrows),
    )


def _diagram(workflow: Workflow) -> Iterator[str]:
    """A Mermaid state diagram; arrows between the same two states share one line."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in workflow.states:
        yield f'    state "{state.label}" as {state.code}'
    yield f"    [*] --> {workflow.initial}"
    for source, target in workflow.pairs():
        names = [
            arrow.name.replace("_", " ")
            for arrow in workflow.arrows
            if source in arrow.sources and target == arrow.target
        ]
        yield f"    {source} --> {target}: {', '.join(names)}"
    left = {source for source, _target in workflow.pairs()}
    for state in workflow.states:
        if state.code not in left:
            yield f"    {state.code} --> [*]"
    yield "```\n"


def _arrow_row(drawing: Drawing, arrow: Arrow) -> tuple[str, ...]:
    action = drawing.action_of(arrow)
    return (
        f"`{arrow.name}`",
        str(arrow.label),
        ", ".join(str(drawing.workflow.state(code).label) for code in arrow.sources),
        str(drawing.workflow.state(arrow.target).label),
        ", ".join(str(actor.label) for actor in Actor if actor in arrow.actors),
        f"`{action}`" if action else "–",
    )


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""
