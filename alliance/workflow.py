"""The mechanism that every state machine of the portal shares.

An app's `workflow.py` holds the tables (states, whose turn, labels, arrows), its `actions.py`
moves objects along them, and a database trigger made from the same table refuses any other way,
for bulk updates and raw SQL too.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.exceptions import ActionRefused
from alliance.text import Text


class Turn(models.TextChoices):
    """Who is expected to act next."""

    APPLICANT = "applicant", _("Applicant")
    SECRETARIAT = "secretariat", _("Secretariat")
    NOBODY = "nobody", _("Nobody")


class Actor(models.TextChoices):
    """In which capacity somebody walks an arrow."""

    APPLICANT = "applicant", _("Applicant")
    REVIEWER = "reviewer", _("Reviewer")
    SENIOR = "senior", _("Senior reviewer")
    LIBRARY_EDITOR = "library_editor", _("Library editor")
    SYSTEM = "system", _("The portal")


@dataclass(frozen=True)
class State:
    """One value of a status column.

    `label` is what staff read, `public_label` what everybody else reads; `pill` names the mark
    that the style sheets draw beside it.
    """

    code: str
    label: Text
    turn: Turn
    pill: str
    public_label: Text

    @property
    def is_open(self) -> bool:
        return self.turn != Turn.NOBODY


@dataclass(frozen=True)
class Arrow:
    """A named way from any of `sources` to `target`, for the capacities in `actors`."""

    name: str
    sources: tuple[str, ...]
    target: str
    actors: frozenset[Actor]
    label: Text = ""


class HasStatus(Protocol):
    status: str
    status_at: Any
    status_by: Any


@dataclass(frozen=True)
class Workflow:
    """A table of states and arrows for one kind of object."""

    name: str
    initial: str
    states: tuple[State, ...]
    arrows: tuple[Arrow, ...]
    _by_code: dict[str, State] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {state.code: state for state in self.states})
        for arrow in self.arrows:
            for code in (*arrow.sources, arrow.target):
                if code not in self._by_code:
                    raise ValueError(f"{self.name}: {arrow.name} names an unknown state {code}")

    def state(self, code: str) -> State:
        return self._by_code[code]

    def codes(self, *, turn: Turn | None = None) -> list[str]:
        return [state.code for state in self.states if turn is None or state.turn == turn]

    def open_codes(self) -> list[str]:
        return [state.code for state in self.states if state.is_open]

    def choices(self) -> list[tuple[str, Text]]:
        return [(state.code, state.label) for state in self.states]

    def find(self, name: str, status: str) -> Arrow | None:
        """The arrow called `name` that leaves `status`, if there is one."""
        for arrow in self.arrows:
            if arrow.name == name and status in arrow.sources:
                return arrow
        return None

    def leaving(self, status: str, actors: Iterable[Actor]) -> list[Arrow]:
        """The arrows that somebody in one of these capacities may take from `status`."""
        allowed = set(actors)
        return [
            arrow for arrow in self.arrows if status in arrow.sources and arrow.actors & allowed
        ]

    def pairs(self) -> list[tuple[str, str]]:
        """Every (from, to) that exists, sorted: what the database trigger is made from."""
        return sorted({(source, arrow.target) for arrow in self.arrows for source in arrow.sources})

    def way(self, name: str, status: str, actors: Iterable[Actor]) -> Arrow:
        """The arrow called `name` that leaves `status`, for somebody in one of these capacities.

        Raises ActionRefused where no such arrow leaves the present state, which is what the
        slower of two people sees, or where nobody in these capacities may take it.
        """
        arrow = self.find(name, status)
        if arrow is None:
            raise ActionRefused(
                _("This is no longer possible: it is now “%(state)s”.")
                % {"state": self.state(status).label}
            )
        if not arrow.actors & set(actors):
            raise ActionRefused(_("You are not allowed to do this."))
        return arrow

    def move(self, subject: HasStatus, name: str, *, by: Any, actors: Iterable[Actor]) -> Arrow:
        """Walk an arrow: set the status with who and when; the caller holds the lock and saves.

        Raises ActionRefused, as `way` does.
        """
        arrow = self.way(name, subject.status, actors)
        subject.status = arrow.target
        subject.status_at = timezone.now()
        subject.status_by = by
        return arrow


def arrows_trigger(
    workflow: Workflow, *, condition: pgtrigger.Condition | None = None
) -> pgtrigger.Trigger:
    """The database's own copy of the table: any other change of `status` raises."""
    return pgtrigger.FSM(
        name=f"{workflow.name}_arrows",
        field="status",
        transitions=workflow.pairs(),
        condition=condition,
    )


def birth_trigger(workflow: Workflow) -> pgtrigger.Trigger:
    """Rows are born in the initial state only; else an insert would bypass every arrow."""
    elsewhere = ~pgtrigger.Q(new__status=workflow.initial)
    return pgtrigger.Protect(
        name=f"{workflow.name}_birth",
        operation=pgtrigger.Insert,
        condition=elsewhere,
    )
