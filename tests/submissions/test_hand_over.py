"""A reviewer who is away hands everything over in one step."""

import pytest
from django.test import Client
from django.urls import reverse

from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from organizations.actions.assignment import assign_cycle
from organizations.models import DueDiligence, User
from submissions import actions
from submissions.models import Submission
from tests import factories
from tests.racing import at_once

DESK = "/admin/submissions/submission/mine/"


def case_of(person: User) -> Submission:
    submission = factories.submitted(factories.member(factories.organization(), "owner"))
    return actions.assign(submission, to=person, by=person)


def cycle_of(person: User) -> DueDiligence:
    cycle = factories.organization().due_diligence_cycles.get()
    return assign_cycle(cycle, to=person, by=person)


def withdraw(submission: Submission) -> None:
    """As the person does who sent it."""
    assert submission.submitted_by is not None
    actions.withdraw(submission, by=submission.submitted_by)


def test_all_open_cases_go_with_an_event_each_and_one_mail(reviewer: User) -> None:
    cases, cycle = [case_of(reviewer) for _ in range(3)], cycle_of(reviewer)
    closed = case_of(reviewer)
    withdraw(closed)
    colleague = factories.staff("Reviewer")
    before = Event.objects.count()

    gone = actions.hand_over(reviewer, to=colleague, by=reviewer)

    assert gone == (3, 1, 0)
    assert set(Submission.objects.filter(assignee=colleague)) == set(cases)
    assert Submission.objects.get(pk=closed.pk).assignee == reviewer
    assert DueDiligence.objects.get(assignee=colleague) == cycle
    events = Event.objects.order_by("pk")[before:]
    assert sorted((event.name, event.subject_id) for event in events) == sorted(
        [("submission.assigned", case.pk) for case in cases]
        + [("due_diligence.assigned", cycle.organization_id)]
    )
    mail = OutgoingMail.objects.get(recipient=colleague.email)
    assert mail.subject == "4 cases are now yours to review"
    assert all(str(case.reference) in mail.text for case in cases)
    assert str(cycle.organization) in mail.text


def test_what_the_colleague_may_not_review_stays(reviewer: User) -> None:
    colleague = factories.staff("Reviewer")
    goes, stays = case_of(reviewer), case_of(reviewer)
    actions.declare_conflict(stays.organization, by=colleague, reason="My sister works there.")
    assert actions.hand_over(reviewer, to=colleague, by=reviewer) == (1, 0, 1)
    assert [Submission.objects.get(pk=case.pk).assignee for case in (goes, stays)] == [
        colleague,
        reviewer,
    ]
    with pytest.raises(ActionRefused, match="may review none of these cases"):
        actions.hand_over(reviewer, to=colleague, by=reviewer)


def test_nothing_is_handed_over_to_who_does_not_review(reviewer: User, administrator: User) -> None:
    case_of(reviewer)
    for person in (administrator, reviewer):
        with pytest.raises(ActionRefused, match="Choose a colleague who reviews"):
            actions.hand_over(reviewer, to=person, by=reviewer)
    colleague = factories.staff("Reviewer")
    with pytest.raises(ActionRefused, match="There is nothing to hand over"):
        actions.hand_over(colleague, to=reviewer, by=colleague)


def test_a_senior_hands_over_for_a_colleague_and_a_reviewer_does_not(
    reviewer: User, senior: User
) -> None:
    case, colleague = case_of(reviewer), factories.staff("Reviewer")
    with pytest.raises(ActionRefused, match="Reviewers hand over their own cases"):
        actions.hand_over(reviewer, to=colleague, by=colleague)
    actions.hand_over(reviewer, to=colleague, by=senior)
    assert Submission.objects.get(pk=case.pk).assignee == colleague


@pytest.mark.parametrize("rows", [1, 3])
def test_handing_over_asks_few_questions_more_for_each_case(
    rows: int, reviewer: User, django_assert_max_num_queries: object
) -> None:
    for _ in range(rows):
        case_of(reviewer)
    colleague = factories.staff("Reviewer")
    with django_assert_max_num_queries(14 + rows):  # type: ignore[operator]
        actions.hand_over(reviewer, to=colleague, by=reviewer)


def test_the_desk_shows_what_is_theirs_and_hands_it_over(
    reviewer: User, reviewer_client: Client
) -> None:
    case, cycle = case_of(reviewer), cycle_of(reviewer)
    other = case_of(factories.staff("Reviewer", first_name="Busy"))
    colleague = factories.staff("Reviewer", first_name="Kofi", last_name="Mensah")
    page = reviewer_client.get(DESK)
    assert str(case.reference) in page.text
    assert str(cycle.organization) in page.text
    assert str(other.reference) not in page.text
    assert "Kofi Mensah (0 cases, 0 due diligence)" in page.text
    assert "(1 case, 0 due diligence)" in page.text

    answer = reviewer_client.post(f"{DESK}hand-over/", {"person": colleague.pk}, follow=True)

    assert "2 cases are with Kofi Mensah now." in answer.text
    assert Submission.objects.get(pk=case.pk).assignee == colleague
    assert answer.text.count("None is yours.") == 2


@pytest.mark.parametrize("person", ["", "0", "nobody", "99999999999999999999"])
def test_who_is_no_colleague_is_refused_on_the_page(
    person: str, reviewer: User, reviewer_client: Client
) -> None:
    case = case_of(reviewer)
    answer = reviewer_client.post(f"{DESK}hand-over/", {"person": person})
    assert answer.status_code == 422
    assert Submission.objects.get(pk=case.pk).assignee == reviewer


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_asks_as_many_questions_for_one_case_as_for_three(
    rows: int, reviewer: User, reviewer_client: Client, django_assert_num_queries: object
) -> None:
    for _ in range(rows):
        case_of(reviewer)
        cycle_of(reviewer)
        factories.staff("Reviewer")
    reviewer_client.get(DESK)
    with django_assert_num_queries(8):  # type: ignore[operator]
        reviewer_client.get(DESK)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("contents")
def test_two_who_hand_over_to_each_other_at_once_both_do() -> None:
    people = [factories.staff("Reviewer") for _ in range(2)]
    places = [factories.member(factories.organization(), "owner") for _ in range(4)]
    # Each has cases of organizations with low and high numbers.
    for number, owner in enumerate(places):
        person = people[number % 2]
        actions.assign(factories.submitted(owner), to=person, by=person)
    first, second = people
    told = at_once(
        lambda: actions.hand_over(first, to=second, by=first),
        lambda: actions.hand_over(second, to=first, by=second),
    )
    assert told == ["done", "done"]
    assert Submission.objects.filter(assignee=None).count() == 0


def test_the_days_away_are_kept_shown_and_taken_back(
    reviewer: User, reviewer_client: Client, senior_client: Client, owner: User
) -> None:
    days = {"starts_on": "2020-01-01", "ends_on": "2099-12-04"}
    assert reviewer_client.post(f"{DESK}away/", days).status_code == 302
    case = factories.submitted(owner)
    page = reverse("admin:submissions_submission_change", args=[case.pk])
    assert "away until 4 Dec" in senior_client.get(page).text
    assert 'value="2099-12-04"' in reviewer_client.get(DESK).text
    reviewer_client.post(f"{DESK}away/", {"starts_on": "", "ends_on": ""})
    assert "away until" not in senior_client.get(page).text


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "said"),
    [
        ("2099-01-02", "2099-01-01", "cannot be before the first"),
        ("2099-01-02", "", "Give both days"),
        ("", "2099-01-02", "Give both days"),
        ("2020-01-02", "2020-01-03", "This day is over"),
        ("soon", "2099-01-02", "Choose a day"),
    ],
)
def test_days_that_cannot_be_are_refused_and_what_was_typed_stays(
    starts_on: str, ends_on: str, said: str, reviewer_client: Client
) -> None:
    typed = {"starts_on": starts_on, "ends_on": ends_on}
    answer = reviewer_client.post(f"{DESK}away/", typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert all(f'value="{day}"' in answer.text for day in typed.values() if day)
