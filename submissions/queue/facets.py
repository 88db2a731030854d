"""What the queue can be narrowed by."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.text import Text
from alliance.workflow import Turn
from organizations.models import DueDiligence, Hit
from organizations.workflow import DUE_DILIGENCE
from submissions.models import Kind
from submissions.models.kinds import STATUSES, codes_of_turn
from submissions.workflow import DRAFT

NOBODY = "nobody"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Facet:
    """One list of choices. `condition` selects the rows of one code.

    `column` is what counting groups by, in the SQL of `counting`. One with `is_list` is an array,
    so that a row counts for each of its codes.
    """

    title: Text
    choices: Callable[[], Iterable[tuple[str, Text]]]
    condition: Callable[[str], Q]
    column: str
    is_list: bool = False


def _equal(column: str) -> Callable[[str], Q]:
    return lambda code: Q((column, code))


def _turn(code: str) -> Q:
    return Q(status__in=codes_of_turn(Turn(code))) if code in Turn.values else Q(pk__in=[])


def _assignee(code: str) -> Q:
    if code == NOBODY:
        return Q(assignee=None)
    return Q(assignee=int(code)) if code.isdecimal() and len(code) < 10 else Q(pk__in=[])


def _clearance(column: str) -> Callable[[str], Q]:
    """By the cycle of due diligence that counts."""

    def condition(code: str) -> Q:
        cycles = DueDiligence.objects.newest().filter(**{column: code})
        return Q(organization__in=cycles.order_by().values("organization"))

    return condition


def _hits(code: str) -> Q:
    held = Q(organization__in=Hit.objects.open().order_by().values("organization"))
    return {YES: held, NO: ~held}.get(code, Q(pk__in=[]))


def _countries() -> list[tuple[str, Text]]:
    return [choice for choice in vocabularies.country_choices() if len(choice[0]) == 2]


def _terms(vocabulary: str) -> Callable[[], Iterable[tuple[str, Text]]]:
    """Retired ones too: cases keep them, and the page leaves out what no case has."""
    return lambda: vocabularies.choices_ever(vocabulary)


# Whose turn it is, for SQL; every state has one.
_TURN_OF_STATUS = " ".join(
    [
        "CASE",
        *(
            f"WHEN found.status IN ({', '.join(map(repr, codes_of_turn(turn)))}) THEN '{turn.value}'"
            for turn in Turn
        ),
        "END",
    ]
)

# In the order of the page.
FACETS = {
    "kind": Facet(_("Kind"), lambda: Kind.choices, _equal("kind"), "found.kind"),
    "status": Facet(
        _("State"),
        lambda: [(code, label) for code, label in STATUSES.items() if code != DRAFT],
        _equal("status"),
        "found.status",
    ),
    "turn": Facet(_("Whose turn"), lambda: Turn.choices, _turn, _TURN_OF_STATUS),
    "assignee": Facet(
        _("Assigned to"), lambda: (), _assignee, "COALESCE(found.assignee_id::text, 'nobody')"
    ),
    "level": Facet(
        _("Due diligence level"),
        lambda: DueDiligence.Level.choices,
        _clearance("level"),
        "cycle.level",
    ),
    "clearance": Facet(
        _("Due diligence"), DUE_DILIGENCE.choices, _clearance("status"), "cycle.status"
    ),
    "hits": Facet(
        _("Open hits"),
        lambda: [(YES, _("With open hits")), (NO, _("Without"))],
        _hits,
        "CASE WHEN hit.organization_id IS NULL THEN 'no' ELSE 'yes' END",
    ),
    "region": Facet(_("Region"), _terms("region"), _equal("region"), "found.region"),
    "country": Facet(_("Country"), _countries, _equal("country"), "found.country_id"),
    "partner_category": Facet(
        _("Partner category"),
        _terms("partner-category"),
        _equal("partner_category"),
        "found.partner_category",
    ),
    "sdg": Facet(
        _("Sustainable Development Goal"),
        _terms("sdg"),
        lambda code: Q(sdgs__contains=[code]),
        "found.sdgs",
        is_list=True,
    ),
    "theme": Facet(
        _("Theme"),
        _terms("theme"),
        lambda code: Q(themes__contains=[code]),
        "found.themes",
        is_list=True,
    ),
}
