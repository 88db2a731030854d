"""Due diligence in the portal in use: a list, names like listed ones, checks and their notes."""

from typing import Any

from organizations.actions import due_diligence_work as work
from organizations.actions import screening as screening_actions
from organizations.actions.due_diligence_work import Answered
from organizations.models import DueDiligence, ListImport, RelatedName, User
from organizations.screening.runs import screen_organization
from tests import factories
from tests.organizations.lists import person
from tests.organizations.screening import LISTED, take

Values = dict[str, dict[str, Any]]
# What is done on the page of a cycle and of a hit.
ACTS = (
    "change",
    "step",
    "checks",
    "level",
    "recommend",
    "assign",
    "begin_again",
    "screen",
    "add_name",
    "describe_name",
    "retire_name",
)


def add_screening(people: dict[str, User], secret: str, rows: int) -> Values:
    """Make the rows; returns what stands for the parameters of their addresses.

    `secret` is a word in what reviewers write for themselves.
    """
    reviewer = people["reviewer"]
    snapshot = take([person()])
    place = factories.organization(name="Screened Agency")
    for number in range(rows):
        factories.member(place, "owner")
        RelatedName.objects.create(
            organization=place, kind="board", name=f"{LISTED} {'I' * (number + 1)}"
        )
        ListImport.objects.create(source="list.xml", outcome="same", snapshot=snapshot)
    screen_organization(place)
    first, *others = place.hits.order_by("pk")
    for hit in others:
        screening_actions.dismiss_hit(hit, by=reviewer, reason=secret)
    cycle = DueDiligence.objects.get(organization=place)
    answers = {"identity": Answered("no", secret)}
    cycle = work.answer_checks(cycle, by=reviewer, answers=answers)
    pages = {f"admin:organizations_duediligence_{act}": {"object_id": cycle.pk} for act in ACTS}
    return {
        **pages,
        "admin:organizations_hit_search asked": {"?": {"name": LISTED}},
        "admin:organizations_hit_change": {"object_id": first.pk},
        "admin:organizations_hit_decide": {"object_id": first.pk, "arrow": "dismiss"},
        "admin:organizations_hit_decide confirm": {"object_id": first.pk, "arrow": "confirm"},
    }
