"""What can be submitted, and what the kinds differ in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.text import Text
from alliance.workflow import Turn, Workflow
from submissions.workflow import DEMAND_OR_OFFER, EXPRESSION_OF_INTEREST


class Kind(models.TextChoices):
    EXPRESSION_OF_INTEREST = "eoi", _("Expression of Interest")
    DEMAND = "demand", _("Demand")
    OFFER = "offer", _("Offer")


# What an institution asks for or gives, as opposed to the wish to take part.
DEMANDS_AND_OFFERS = (Kind.DEMAND, Kind.OFFER)

WORKFLOWS: dict[str, Workflow] = {
    Kind.EXPRESSION_OF_INTEREST: EXPRESSION_OF_INTEREST,
    Kind.DEMAND: DEMAND_OR_OFFER,
    Kind.OFFER: DEMAND_OR_OFFER,
}
REFERENCE_PREFIXES = {
    Kind.EXPRESSION_OF_INTEREST: "EOI",
    Kind.DEMAND: "DEM",
    Kind.OFFER: "OFF",
}
# Every state that a submission of any kind may be in, as staff read it.
STATUSES: dict[str, Text] = dict(DEMAND_OR_OFFER.choices()) | dict(EXPRESSION_OF_INTEREST.choices())

IS_EOI = models.Q(kind=Kind.EXPRESSION_OF_INTEREST)


def of_turn(*turns: Turn) -> models.Q:
    """Submissions of any kind that wait for one of these."""
    found = models.Q()
    for kind, workflow in WORKFLOWS.items():
        codes = [code for turn in turns for code in workflow.codes(turn=turn)]
        found |= models.Q(kind=kind, status__in=codes)
    return found


def codes_of_turn(*turns: Turn) -> list[str]:
    """The same as a list of states, sorted: no state's turn depends on the kind that is in it.

    A condition on one column is what an index can answer.
    """
    return sorted(
        {code for work in WORKFLOWS.values() for turn in turns for code in work.codes(turn=turn)}
    )
