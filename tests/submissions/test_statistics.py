"""Numbers over time, against sets made by hand: at the edges of months, years and time zones."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from alliance import vocabularies
from organizations.models import User
from submissions.models import Decision, Submission
from submissions.statistics import (
    days_to_decision,
    decided_by_month,
    last_months,
    received_by_month,
    year_tables,
)
from tests import factories

MONTHS = last_months(date(2026, 2, 14))


def received(at: datetime, kind: str = "demand") -> Submission:
    case = factories.submitted(factories.member(factories.organization(), "owner"), kind)
    Submission.objects.filter(pk=case.pk).update(submitted_at=at)
    return Submission.objects.get(pk=case.pk)


def decided(case: Submission, at: datetime | None, outcome: str = "decline") -> Decision:
    return Decision.objects.create(
        submission=case,
        revision=case.revisions.get(),
        outcome=outcome,
        reason=factories.term("decision-reason", "other"),
        published_at=at,
    )


def test_twelve_months_run_over_the_turn_of_the_year() -> None:
    assert MONTHS[0] == date(2025, 3, 1)
    assert MONTHS[9:] == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert last_months(date(2026, 12, 31))[0] == date(2026, 1, 1)


@pytest.mark.django_db
def test_what_came_is_counted_in_its_month_up_to_the_last_second() -> None:
    for at in (
        datetime(2025, 2, 28, 23, 59, 59, tzinfo=UTC),  # a month too early
        datetime(2025, 3, 1, tzinfo=UTC),
        datetime(2025, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 31, 23, 59, tzinfo=UTC),
    ):
        received(at)
    received(datetime(2026, 2, 2, tzinfo=UTC), "offer")
    factories.draft(factories.member(factories.organization(), "owner"))
    assert received_by_month(MONTHS) == {
        "demand": [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0],
        "offer": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    }


@pytest.mark.django_db
def test_months_are_those_of_the_time_zone() -> None:
    received(datetime(2025, 12, 31, 11, 30, tzinfo=UTC))  # half past midnight in Auckland
    assert received_by_month(MONTHS)["demand"][9:] == [1, 0, 0]
    with timezone.override("Pacific/Auckland"):
        assert received_by_month(MONTHS)["demand"][9:] == [0, 1, 0]


@pytest.mark.django_db
def test_only_published_decisions_count_by_their_outcome() -> None:
    case = received(datetime(2026, 1, 1, tzinfo=UTC))
    decided(case, datetime(2026, 1, 9, tzinfo=UTC))
    decided(case, datetime(2026, 2, 1, tzinfo=UTC), "publish")
    decided(case, None)
    found = decided_by_month(MONTHS)
    assert {name: numbers[9:] for name, numbers in found.items()} == {
        "decline": [0, 1, 0],
        "publish": [0, 0, 1],
    }


@pytest.mark.django_db
def test_days_to_the_first_decision_by_hand() -> None:
    begin = datetime(2025, 12, 20, tzinfo=UTC)
    for days in (14, 16, 18, 20, 40):  # all in January
        case = received(begin)
        decided(case, begin + timedelta(days=days))
    decided(case, begin + timedelta(days=60))  # taken up again: a second decision
    median, most = days_to_decision(MONTHS)
    # Of five, the 90th percentile lies six tenths of the way from the fourth to the fifth.
    assert (median[9:], most[9:]) == ([None, 18.0, None], [None, 32.0, None])


@pytest.mark.django_db
def test_a_year_by_region_theme_goal_and_category() -> None:
    eoi = received(datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC), "eoi")
    decided(eoi, datetime(2026, 1, 1, tzinfo=UTC), "approve")
    again = received(datetime(2026, 1, 1, tzinfo=UTC), "eoi")
    decided(again, datetime(2026, 5, 1, tzinfo=UTC), "approve_with_conditions")
    decided(again, datetime(2026, 6, 1, tzinfo=UTC), "approve")  # taken up again: one case
    decided(received(datetime(2026, 5, 1, tzinfo=UTC)), datetime(2026, 5, 2, tzinfo=UTC), "publish")
    decided(received(datetime(2026, 5, 1, tzinfo=UTC)), datetime(2027, 1, 1, tzinfo=UTC), "decline")
    numbers = {
        str(table.title): {row.label: tuple(row[1:]) for row in table.rows if any(row[1:])}
        for table in year_tables(2026)
    }
    assert numbers == {
        "Region": {"Africa": (3, 2, 1, 0)},
        "Theme": {
            "Climate action": (2, 0, 1, 0),
            "Disaster risk reduction and resilience": (2, 0, 1, 0),
        },
        "Sustainable Development Goal": {
            "Sustainable Cities and Communities": (3, 2, 1, 0),
            "Climate Action": (3, 2, 1, 0),
        },
        "Partner category": {"National government": (3, 2, 1, 0)},
    }
    assert all(sum(row[1:]) == 0 for table in year_tables(2024) for row in table.rows)


@pytest.mark.django_db
def test_every_term_has_its_row_and_a_retired_one_keeps_its_own() -> None:
    case = received(datetime(2026, 1, 1, tzinfo=UTC))
    Submission.objects.filter(pk=case.pk).update(themes=["long-gone"])
    themes = [row.label for row in year_tables(2026)[1].rows]
    assert themes[:-1] == [label for _code, label in vocabularies.choices("theme")]
    assert themes[-1] == "long-gone"


def test_the_page_and_its_files_say_the_same(reviewer: User) -> None:
    received(datetime(2024, 3, 1, tzinfo=UTC), "eoi")
    client = factories.logged_in(reviewer)
    address = "/admin/submissions/submission/statistics"
    page = client.get(f"{address}/?year=2024").content.decode()
    assert '<th scope="row">Africa</th><td>1</td><td>0</td>' in page
    file = client.get(f"{address}.csv?year=2024").content.decode("utf-8-sig")
    assert "Region,Africa,1,0,0,0\r\n" in file
    assert client.get(f"{address}.xlsx?year=2024").content.startswith(b"PK")
    assert client.get(f"{address}.exe").status_code == 404


@pytest.mark.parametrize("year", ["", "x", "1066", "99999999999999999999", "2024&year="])
def test_a_year_that_there_is_not_is_this_year(reviewer: User, year: str) -> None:
    address = f"/admin/submissions/submission/statistics/?year={year}"
    page = factories.logged_in(reviewer).get(address).content.decode()
    assert f"Statistics of {timezone.localdate().year}" in page


def test_the_start_page_has_three_charts_that_never_speak_of_nothing(reviewer: User) -> None:
    client = factories.logged_in(reviewer)
    assert client.get("/admin/").content.decode().count("Nothing yet.") == 3
    received(timezone.now())
    page = client.get("/admin/").content.decode()
    assert (page.count("Nothing yet."), page.count('role="img"')) == (2, 1)
