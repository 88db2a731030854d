"""Rules give cases to people, the most specific first; who cannot take one is passed over."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from organizations.models import Absence, Membership, User
from submissions import actions
from submissions.actions.routing import route_received
from submissions.models import AssignmentRule, Submission
from tests import factories
from tests.racing import together

RULES = "/admin/submissions/assignmentrule/"


def rule(person: User, **fields: Any) -> AssignmentRule:
    return AssignmentRule.objects.create(person=person, **fields)


def received(**fields: Any) -> Submission:
    """An application from Africa of a government, unless the fields say otherwise."""
    submission = factories.submitted(factories.member(factories.organization(), "owner"))
    Submission.objects.filter(pk=submission.pk).update(**fields)
    return submission


def whose(submission: Submission) -> User | None:
    return Submission.objects.get(pk=submission.pk).assignee


def withdraw(submission: Submission) -> None:
    """As the person does who sent it."""
    assert submission.submitted_by is not None
    actions.withdraw(submission, by=submission.submitted_by)


def test_the_rule_that_says_most_counts_and_of_equals_the_lower_order(db: None) -> None:
    people = {name: factories.staff("Reviewer", first_name=name) for name in "abcdef"}
    rule(people["a"], order=1)
    rule(people["b"], region="africa", order=9)
    rule(people["c"], region="africa", kind="eoi", order=20)
    rule(people["d"], region="africa", kind="eoi", order=10)
    rule(people["e"], region="africa", kind="eoi", partner_category="academia")
    rule(people["f"], kind="offer")
    specific = received(partner_category="academia")
    equal, by_region = received(), received(region="africa")
    offer = factories.offer(factories.member(factories.organization(), "owner"))
    Submission.objects.filter(pk=offer.pk).update(region="europe")
    other = received(region="europe", partner_category="")
    demand = factories.demand(factories.member(factories.organization(), "owner"))
    Submission.objects.filter(pk=demand.pk).update(region="africa")

    assert route_received() == 6

    assert whose(specific) == people["e"]
    assert whose(equal) == whose(by_region) == people["d"]
    assert whose(offer) == people["f"]
    assert whose(demand) == people["b"]
    assert whose(other) == people["a"]


def test_a_routed_case_leaves_an_event_and_one_mail_for_all(reviewer: User) -> None:
    rule(reviewer)
    cases = [received() for _ in range(3)]
    assert route_received() == 3
    events = Event.objects.filter(name="submission.assigned").order_by("subject_id")
    assert [(event.actor_id, event.subject_id, event.data) for event in events] == [
        (None, case.pk, {"before": None, "after": reviewer.pk}) for case in cases
    ]
    mail = OutgoingMail.objects.get(message="cases_assigned")
    assert mail.subject == "3 cases are now yours to review"
    assert "By the rules of assignment" in mail.text
    assert route_received() == 0
    assert OutgoingMail.objects.filter(message="cases_assigned").count() == 1


def test_who_is_away_gone_or_in_conflict_is_passed_over(
    reviewer: User, senior: User, administrator: User
) -> None:
    case = received()
    place = case.organization
    today = timezone.localdate()
    away, gone, insider, conflicted = (factories.staff("Reviewer") for _ in range(4))
    Absence.objects.create(person=away, starts_on=today, ends_on=today)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    Membership.objects.create(user=insider, organization=place, role="reader")
    actions.declare_conflict(place, by=conflicted, reason="My sister works there.")
    for order, person in enumerate((away, gone, administrator, insider, conflicted, senior)):
        rule(person, region="africa", order=order)
    rule(reviewer)
    route_received()
    assert whose(case) == senior


def test_who_comes_back_tomorrow_and_who_leaves_tomorrow_gets_cases(reviewer: User) -> None:
    day, today = timedelta(days=1), timezone.localdate()
    absence = Absence.objects.create(person=reviewer, starts_on=today + day, ends_on=today + day)
    rule(reviewer)
    first = received()
    route_received()
    assert whose(first) == reviewer
    Absence.objects.filter(pk=absence.pk).update(starts_on=today - day, ends_on=today)
    second = received()
    route_received()
    assert whose(second) is None


def test_where_no_rule_is_left_a_case_stays_nobodys_until_it_is_asked_again(
    reviewer: User, senior: User
) -> None:
    case = received()
    assert route_received() == 1
    rule(reviewer)
    assert route_received() == 0
    assert whose(case) is None
    assert actions.route_again(by=senior) == 1
    route_received()
    assert whose(case) == reviewer


def test_what_people_have_said_no_rule_changes(reviewer: User, senior: User, owner: User) -> None:
    rule(senior)
    taken = actions.assign(received(), to=reviewer, by=reviewer)
    given_back = actions.assign(received(), to=reviewer, by=reviewer)
    actions.assign(given_back, to=None, by=reviewer)
    withdrawn = received()
    withdraw(withdrawn)
    factories.draft(owner)
    route_received()
    assert [whose(case) for case in (taken, given_back, withdrawn)] == [reviewer, None, None]
    assert Submission.objects.get(status="draft").routed_at is None


def test_a_case_that_a_conflict_has_taken_off_goes_to_the_next(
    reviewer: User, senior: User
) -> None:
    rule(reviewer, region="africa")
    rule(senior)
    case = received()
    route_received()
    assert whose(case) == reviewer
    actions.declare_conflict(case.organization, by=reviewer, reason="My sister works there.")
    route_received()
    assert whose(case) == senior


@pytest.mark.parametrize("rows", [1, 4])
def test_routing_asks_as_many_questions_for_each_case(
    rows: int, reviewer: User, django_assert_max_num_queries: Any
) -> None:
    rule(reviewer)
    for _ in range(rows):
        received()
    # Each case is saved and has its conflicts looked up.
    with django_assert_max_num_queries(11 + 2 * rows):
        route_received()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("contents")
def test_two_workers_route_each_case_once() -> None:
    person = factories.staff("Reviewer")
    rule(person)
    cases = [received() for _ in range(3)]
    together(route_received, route_received)
    assert {whose(case) for case in cases} == {person}
    assert Event.objects.filter(name="submission.assigned").count() == 3


def test_seniors_and_administrators_set_rules_and_reviewers_do_not(
    reviewer: User, senior: User, administrator: User
) -> None:
    for by in (senior, administrator):
        kept = actions.save_rule(AssignmentRule(person=reviewer, region="africa"), by=by)
        actions.delete_rule(kept, by=by)
    for act in (
        lambda: actions.save_rule(AssignmentRule(person=reviewer), by=reviewer),
        lambda: actions.delete_rule(rule(reviewer), by=reviewer),
        lambda: actions.route_again(by=reviewer),
    ):
        with pytest.raises(ActionRefused, match="Senior reviewers and administrators"):
            act()


def test_a_rule_is_added_changed_used_and_deleted_in_the_admin(
    reviewer: User, senior_client: Client
) -> None:
    case = received()
    route_received()
    data = {"region": "africa", "kind": "", "partner_category": "", "order": "10"}
    senior_client.post(f"{RULES}add/", data | {"person": reviewer.pk})
    made = AssignmentRule.objects.get()
    assert (made.region, made.kind, made.person) == ("africa", "", reviewer)
    page = senior_client.get(RULES).text
    assert "Africa" in page
    assert "Apply the rules to 1 case that is nobody’s" in page

    answer = senior_client.post(f"{RULES}apply/", follow=True)

    assert "1 case that is nobody&#x27;s goes to whom the rules name" in answer.text
    route_received()
    assert whose(case) == reviewer
    senior_client.post(f"{RULES}{made.pk}/change/", data | {"person": reviewer.pk, "kind": "eoi"})
    senior_client.post(f"{RULES}{made.pk}/delete/", {"post": "yes"})
    assert AssignmentRule.objects.count() == 0
    names = Event.objects.filter(name__startswith="assignment_rule").order_by("pk")
    assert list(names.values_list("name", flat=True)) == [
        "assignment_rule.added",
        "assignment_rule.changed",
        "assignment_rule.deleted",
    ]


@pytest.mark.parametrize(
    "wrong", [{"region": "atlantis"}, {"kind": "letter"}, {"person": "0"}, {"order": "-1"}]
)
def test_a_rule_names_what_there_is(
    wrong: dict[str, str], reviewer: User, senior_client: Client
) -> None:
    data = {"region": "africa", "kind": "", "partner_category": "", "order": "10"}
    answer = senior_client.post(f"{RULES}add/", data | {"person": reviewer.pk} | wrong)
    assert answer.status_code == 200
    assert AssignmentRule.objects.count() == 0
