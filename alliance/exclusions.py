"""The table of exclusions: what keeps a partner out, whom it concerns and what follows."""

from dataclasses import dataclass

from alliance.models.term_data import Audience, Outcome, Reach
from alliance.models.vocabulary import Term
from alliance.vocabularies import terms


@dataclass(frozen=True)
class Exclusion:
    """One row of the table: the term, a cell for each audience, the outcome, the sources."""

    term: Term
    cells: list[tuple[Audience, Reach]]
    outcome: Outcome
    sources: str


def exclusions() -> list[Exclusion]:
    """The exclusions in force, in order; every row has its cells in the order of Audience."""
    return [
        Exclusion(
            term=term,
            cells=[(audience, Reach(term.data["reach"][audience])) for audience in Audience],
            outcome=Outcome(term.data["outcome"]),
            sources=term.data.get("sources", ""),
        )
        for term in terms("exclusion")
    ]
