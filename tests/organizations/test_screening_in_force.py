"""The list as the portal compares with it: read from a file, kept in rows, indexed in memory."""

import pytest

from organizations.models import Hit, ListedEntry, Organization, RelatedName
from organizations.screening.in_force import list_in_force
from organizations.screening.matching import Band, Method
from organizations.screening.runs import screen_due
from tests.organizations.lists import person
from tests.organizations.screening import LISTED, take

pytestmark = pytest.mark.django_db

ALIAS = "Vexley Orrinshaw Dask"
WEAK = "Tall Man of Herat"
FORMER = "Bremmel Oakhurst Yarrow"
ENTRY = person(aliases=[("Good", ALIAS), ("Low", WEAK), ("f.k.a.", FORMER)])


def found(name: str) -> list[tuple[str, str, Band, Method]]:
    """The references under which the list in force has a name like this one."""
    current = list_in_force()
    assert current is not None
    return [
        (current.references[match.key], match.name, match.band, match.method)
        for match in current.index.find(name)
    ]


@pytest.mark.parametrize("name", [LISTED, ALIAS, FORMER])
def test_every_name_of_an_entry_is_compared_with(name: str) -> None:
    take([ENTRY])
    assert found(name) == [("QDi.001", name, Band.STRONG, Method.EQUAL)]


def test_a_name_that_the_list_calls_weak_counts_only_as_a_whole() -> None:
    take([ENTRY])
    assert found(WEAK) == [("QDi.001", WEAK, Band.POSSIBLE, Method.WHOLE)]
    assert found("Tall Man of Herrat") == []
    assert found("Vexley Orinshaw Dask") == [("QDi.001", ALIAS, Band.STRONG, Method.SPELLING)]


def test_every_name_is_kept_with_what_the_list_says_of_it() -> None:
    take([ENTRY])
    assert ListedEntry.objects.get(reference="QDi.001").names == [
        [LISTED, False, False],
        [ALIAS, False, False],
        [WEAK, True, False],
        [FORMER, False, True],
    ]


def test_somebody_called_like_an_alias_is_a_hit_that_names_it(organization: Organization) -> None:
    take([ENTRY])
    for name in (ALIAS, WEAK):
        RelatedName.objects.create(organization=organization, kind="board", name=name)
    screen_due()
    hits = Hit.objects.order_by("-band").values_list("name__name", "listed_name", "band", "method")
    assert list(hits) == [
        (ALIAS, ALIAS, Hit.Band.STRONG, Hit.Method.EQUAL),
        (WEAK, WEAK, Hit.Band.POSSIBLE, Hit.Method.WHOLE),
    ]


def test_a_list_that_is_taken_later_is_the_one_in_force() -> None:
    take([ENTRY])
    assert found(ALIAS) != []
    take([person()], made="2026-03-01T00:00:00Z")
    assert found(ALIAS) == []
    assert found(LISTED) == [("QDi.001", LISTED, Band.STRONG, Method.EQUAL)]
