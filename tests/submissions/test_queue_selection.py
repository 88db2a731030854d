"""Which cases a query string of the queue selects: tabs, filters, search, order."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from organizations.models import Membership, RelatedName, User
from submissions import actions, search
from submissions.models import Clarification, Kind, Note, Submission
from submissions.queue import filtered
from tests import factories


def found(user: User, query: str) -> list[str]:
    return [row.reference or "" for row in filtered(user, QueryDict(query))]


def owner_of(**fields: object) -> User:
    return factories.member(factories.organization(**fields), "owner")


@pytest.fixture(params=["few", "many"])
def found_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word is found in few cases, or in more than a statement is handed one by one."""
    if request.param == "many":
        monkeypatch.setattr(search, "MOST_FEW", 0)


def test_the_list_opens_with_what_waits_for_us_oldest_first(reviewer: User) -> None:
    owners = [owner_of() for _ in range(3)]
    rows = [factories.submitted(owner) for owner in owners]
    actions.withdraw(rows[1], by=owners[1])
    factories.draft(owner_of())
    assert found(reviewer, "") == [rows[0].reference, rows[2].reference]
    assert found(reviewer, "sort=newest") == [rows[2].reference, rows[0].reference]
    assert found(reviewer, "queue=all") == [row.reference for row in rows]


def test_nobody_finds_cases_of_their_own_organization(reviewer: User) -> None:
    submission = factories.submitted(owner_of())
    assert found(reviewer, "queue=all&q=weather") == [submission.reference]
    Membership.objects.create(
        user=reviewer, organization=submission.organization, role="reader", function="Board"
    )
    assert found(reviewer, "queue=all&q=weather") == []
    assert found(reviewer, f"q={submission.reference}") == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=eoi", ["eoi"]),
        ("kind=demand", ["demand"]),
        ("status=submitted", ["eoi", "demand"]),
        ("status=approved", []),
        ("turn=secretariat", ["eoi", "demand"]),
        ("turn=nobody", []),
        ("region=africa&kind=eoi", ["eoi"]),
        ("country=MW", ["eoi", "demand"]),
        ("country=FR", []),
        ("partner_category=government", ["eoi", "demand"]),
        ("assignee=nobody", ["eoi", "demand"]),
        ("level=basic", ["eoi", "demand"]),
        ("level=enhanced", []),
        ("clearance=not_started", ["eoi", "demand"]),
        ("clearance=cleared", []),
        ("hits=yes", []),
        ("hits=no", ["eoi", "demand"]),
        ("sdg=sdg-11", ["eoi", "demand"]),
        ("theme=climate", ["demand"]),
        ("theme=climate&kind=eoi", []),
    ],
)
def test_each_filter_leaves_what_it_names(
    reviewer: User, owner: User, query: str, expected: list[str]
) -> None:
    rows = {
        kind: factories.submitted(owner, kind)
        for kind in (Kind.EXPRESSION_OF_INTEREST, Kind.DEMAND)
    }
    factories.clear(owner_of().memberships.get().organization)
    names = {row.reference: kind.value for kind, row in rows.items()}
    assert [names[reference] for reference in found(reviewer, query)] == expected


def test_the_level_is_that_of_the_newest_cycle(reviewer: User, owner: User) -> None:
    submission = factories.submitted(owner)
    first = submission.organization.due_diligence_cycles.get()
    first.pk, first.number, first.level = None, 2, "enhanced"
    first.save()
    assert found(reviewer, "level=basic") == []
    assert found(reviewer, "level=enhanced") == [submission.reference]


def test_cases_are_found_by_whose_they_are(reviewer: User, senior: User) -> None:
    mine, theirs, free = (factories.submitted(owner_of()) for _ in range(3))
    actions.assign(mine, to=reviewer, by=reviewer)
    actions.assign(theirs, to=senior, by=senior)
    assert found(reviewer, "queue=mine") == [mine.reference]
    assert found(reviewer, "queue=unassigned") == [free.reference]
    assert found(reviewer, f"assignee={senior.pk}") == [theirs.reference]


def overdue(submission: Submission, days: int) -> Clarification:
    return Clarification.objects.create(
        submission=submission, due_on=timezone.localdate() - timedelta(days=days)
    )


def test_overdue_are_open_questions_whose_day_has_passed(reviewer: User) -> None:
    late, today, answered, _unasked = (factories.submitted(owner_of()) for _ in range(4))
    overdue(late, 1)
    overdue(today, 0)
    Clarification.objects.filter(pk=overdue(answered, 5).pk).update(ended_at=timezone.now())
    assert found(reviewer, "queue=overdue") == [late.reference]
    assert found(reviewer, "sort=due")[:2] == [late.reference, today.reference]


@pytest.mark.parametrize("words", ["Fundación", "fundacion agua", "AGUA comun", "Comú"])
def test_an_institution_is_found_however_its_name_is_accented(reviewer: User, words: str) -> None:
    submission = factories.submitted(owner_of(name="Fundación Agua Común"))
    factories.submitted(owner_of())
    assert found(reviewer, f"q={words}") == [submission.reference]


@pytest.mark.usefixtures("found_in")
def test_a_case_is_found_by_former_names_notes_and_who_sent_it(
    reviewer: User, senior: User
) -> None:
    by = factories.member(
        factories.organization(), "owner", first_name="Zoë", email="zoe@seeds.example.org"
    )
    submission = factories.submitted(by)
    factories.submitted(owner_of())
    RelatedName.objects.create(
        organization=submission.organization, kind="former_name", name="Arid Seeds Board"
    )
    Note.objects.create(submission=submission, text="Ask Geneva twice.", made_by=senior)
    for words in ("arid seeds", "geneva", "zoe", "zoe@seeds.example.org"):
        assert found(reviewer, f"q={words}") == [submission.reference]


@pytest.mark.usefixtures("found_in")
def test_only_the_newest_answers_are_searched_and_no_names_of_fields(
    reviewer: User, owner: User
) -> None:
    submission = factories.submitted(owner, description="Our heliograph is from 1904.")
    assert found(reviewer, "q=heliograph") == [submission.reference]
    assert found(reviewer, "q=lead_name") == []
    first = submission.revisions.get()
    first.pk, first.number = None, 2
    first.answers = {**first.answers, "description": "Nothing of the kind.\nBarometers."}
    first.save()
    assert found(reviewer, "q=heliograph") == []
    assert found(reviewer, "q=barometers") == [submission.reference]


@pytest.mark.usefixtures("found_in")
def test_words_may_stand_in_different_places_but_all_have_to(reviewer: User) -> None:
    submission = factories.submitted(owner_of(name="Centre for Arid Zone Seeds"))
    assert found(reviewer, "q=arid weather") == [submission.reference]
    assert found(reviewer, "q=arid submarines") == []


def test_a_case_is_found_by_its_number_however_short(reviewer: User, owner: User) -> None:
    submission, other = factories.submitted(owner), factories.submitted(owner_of(), Kind.DEMAND)
    number, year = submission.pk, submission.submitted_at.year  # type: ignore[union-attr]
    for typed in (number, f"eoi {number}", f"EOI-{year}-{number:06d}", f"{year}-{number:06d}"):
        assert submission.reference in found(reviewer, f"q={typed}")
        assert other.reference not in found(reviewer, f"q={typed}")
    assert found(reviewer, f"q=DEM-{number}") == []


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%27%3A*%26%7C!()",
        "q=" + "a" * 500,
        "q=999999999999999",
        "q=99999999999999999999999",
        "q=0000-1",
        "q=%F0%9F%8C%8D",
        "queue=%00&kind=%00&sort=%00",
        "queue=nonsense",
        "turn=nonsense",
        "assignee=x",
        "assignee=99999999999",
        "hits=maybe",
        "country=%F0%9F%8C%8D",
        "organization=999999999999999999",
        "organization=x&page=-1",
        "page=99999999999999999999",
        "sort=-password",
        "status=draft",
        "kind=eoi&kind=demand",
        "assignee__password__startswith=a",
    ],
)
def test_no_query_string_is_an_error_or_shows_a_draft(
    reviewer: User, owner: User, query: str
) -> None:
    factories.draft(owner)
    assert found(reviewer, query) == []
