"""Seniors see who has how much, and hand a colleague's cases over where they cannot."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from alliance.models import OutgoingMail
from organizations.models import DueDiligence, User
from submissions import actions
from submissions.models import Submission
from tests import factories
from tests.submissions.test_hand_over import case_of, cycle_of

TEAM = "/admin/submissions/submission/team/"


def numbers(client: Client) -> dict[str, tuple[int, int, bool]]:
    """Open cases, due diligence and whether they review, by name."""
    people = client.get(TEAM).context["people"]
    return {str(row): (row.cases, row.checks, row.reviews) for row in people}


@pytest.fixture
def ill() -> User:
    return factories.staff("Reviewer", first_name="Amina", last_name="Diallo")


@pytest.fixture
def kofi() -> User:
    return factories.staff("Reviewer", first_name="Kofi", last_name="Mensah")


def test_everybody_is_listed_with_what_their_page_lists(
    senior_client: Client, ill: User, kofi: User
) -> None:
    cases, cycle = [case_of(ill) for _ in range(2)], cycle_of(ill)
    shown = numbers(senior_client)
    assert shown["Amina Diallo"] == (2, 1, True)
    assert shown["Kofi Mensah"] == (0, 0, True)
    page = senior_client.get(f"{TEAM}{ill.pk}/").text
    assert all(str(case.reference) in page for case in cases)
    assert str(cycle.organization) in page
    assert "Hand everything over" not in senior_client.get(f"{TEAM}{kofi.pk}/").text


def test_all_that_a_colleague_has_goes_to_another_one_in_one_step(
    senior_client: Client, ill: User, kofi: User
) -> None:
    case, cycle = case_of(ill), cycle_of(ill)
    answer = senior_client.post(f"{TEAM}{ill.pk}/hand-over/", {"person": kofi.pk}, follow=True)
    assert "2 cases of Amina Diallo are with Kofi Mensah now." in answer.text
    assert Submission.objects.get(pk=case.pk).assignee == kofi
    assert DueDiligence.objects.get(pk=cycle.pk).assignee == kofi
    assert OutgoingMail.objects.filter(message="cases_assigned").count() == 1


def test_what_the_other_one_may_not_review_stays_and_is_told(
    senior_client: Client, ill: User, kofi: User
) -> None:
    case_of(ill)
    stays = case_of(ill)
    actions.declare_conflict(stays.organization, by=kofi, reason="My sister works there.")
    answer = senior_client.post(f"{TEAM}{ill.pk}/hand-over/", {"person": kofi.pk}, follow=True)
    assert "1 case stays with Amina Diallo: Kofi Mensah may not review it." in answer.text
    again = senior_client.post(f"{TEAM}{ill.pk}/hand-over/", {"person": kofi.pk})
    assert again.status_code == 409
    assert "may review none of these cases" in again.text


def test_a_senior_sees_and_moves_no_case_in_which_they_have_no_part(
    senior: User, senior_client: Client, ill: User, kofi: User
) -> None:
    open_to_all, closed_to_senior = case_of(ill), case_of(ill)
    reason = "My sister works there."
    actions.declare_conflict(closed_to_senior.organization, by=senior, reason=reason)
    assert numbers(senior_client)["Amina Diallo"] == (1, 0, True)
    assert str(closed_to_senior.reference) not in senior_client.get(f"{TEAM}{ill.pk}/").text
    senior_client.post(f"{TEAM}{ill.pk}/hand-over/", {"person": kofi.pk})
    assert Submission.objects.get(pk=open_to_all.pk).assignee == kofi
    assert Submission.objects.get(pk=closed_to_senior.pk).assignee == ill


def test_who_has_left_is_listed_first_while_a_case_is_theirs(
    senior_client: Client, ill: User, kofi: User
) -> None:
    case_of(ill)
    ill.groups.clear()
    assert next(iter(numbers(senior_client).items())) == ("Amina Diallo", (1, 0, False))
    assert "Reviews no more" in senior_client.get(TEAM).text
    senior_client.post(f"{TEAM}{ill.pk}/hand-over/", {"person": kofi.pk})
    assert "Amina Diallo" not in numbers(senior_client)
    assert senior_client.get(f"{TEAM}{ill.pk}/").status_code == 404


@pytest.mark.parametrize("person", ["", "0", "nobody", "99999999999999999999", "\x00"])
def test_who_is_no_colleague_is_refused_and_nothing_moves(
    person: str, senior_client: Client, ill: User
) -> None:
    case = case_of(ill)
    answer = senior_client.post(f"{TEAM}{ill.pk}/hand-over/", {"person": person})
    assert answer.status_code == 422
    assert Submission.objects.get(pk=case.pk).assignee == ill


def test_the_pages_are_for_seniors_alone_and_found_from_ones_own(
    reviewer_client: Client, senior_client: Client, ill: User, kofi: User
) -> None:
    case = case_of(ill)
    for path in (TEAM, f"{TEAM}{ill.pk}/"):
        assert reviewer_client.get(path).status_code == 403
    answer = reviewer_client.post(f"{TEAM}{ill.pk}/hand-over/", {"person": kofi.pk})
    assert answer.status_code == 403
    assert Submission.objects.get(pk=case.pk).assignee == ill
    mine = "/admin/submissions/submission/mine/"
    assert TEAM in senior_client.get(mine).text
    assert TEAM not in reviewer_client.get(mine).text
    for number in (10**9, 10**30):
        assert senior_client.get(f"{TEAM}{number}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_ask_as_many_questions_for_one_case_as_for_three(
    rows: int, senior_client: Client, ill: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        case_of(ill)
        cycle_of(ill)
        factories.staff("Reviewer")
    senior_client.get(TEAM)
    with django_assert_num_queries(5):
        senior_client.get(TEAM)
    with django_assert_num_queries(8):
        senior_client.get(f"{TEAM}{ill.pk}/")
