"""The steps of due diligence: guards, two persons, suspension, expiry, another cycle."""

from datetime import date, timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.db import DatabaseError, transaction
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.models import Event
from organizations.actions import due_diligence as actions
from organizations.actions import due_diligence_work as work
from organizations.actions import screening as screening_actions
from organizations.actions.due_diligence_work import Answered
from organizations.due_diligence.checks import checks_of
from organizations.due_diligence.rules import current_cycle, is_cleared, missing_for_clearance
from organizations.models import DueDiligence, Organization, ScreeningRun, User
from organizations.workflow import DUE_DILIGENCE
from tests import factories
from tests.organizations.lists import person
from tests.organizations.screening import planted, take
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def under_review(place: Organization, by: User) -> DueDiligence:
    cycle = current_cycle(place)
    assert cycle is not None
    for arrow in ("start_screening", "start_review"):
        cycle = actions.advance(cycle, by=by, arrow=arrow)
    return cycle


def answer_all(cycle: DueDiligence, by: User, answer: str = "yes", note: str = "") -> DueDiligence:
    answers = {check.code: Answered(answer, note) for check in checks_of(cycle.level)}
    return work.answer_checks(cycle, by=by, answers=answers)


def ready(place: Organization, by: User) -> DueDiligence:
    """A cycle of which nothing is missing, with a list and a registrant."""
    if not place.memberships.exists():
        factories.member(place, "owner")
    take([person()])
    return answer_all(under_review(place, by), by)


def test_a_cycle_goes_from_its_start_to_a_clearance_of_two_years(
    organization: Organization, owner: User, reviewer: User
) -> None:
    cycle = ready(organization, reviewer)
    cycle = actions.advance(cycle, by=reviewer, arrow="clear", reason="All in order.")
    assert (cycle.status, cycle.status_by, cycle.reason) == ("cleared", reviewer, "All in order.")
    today = timezone.localdate()
    assert cycle.valid_until is not None
    assert (cycle.valid_until.year, cycle.valid_until.month) == (today.year + 2, today.month)
    assert is_cleared(organization)
    names = [event.name for event in Event.objects.all().about(organization).order_by("id")]
    assert [name for name in names if name.startswith("due_diligence")] == [
        "due_diligence.screening_started",
        "due_diligence.review_started",
        "due_diligence.assigned",
        "due_diligence.checks_answered",
        "due_diligence.cleared",
    ]


def test_starting_screens_the_names(organization: Organization, reviewer: User) -> None:
    take()
    under_review(organization, reviewer)
    run = ScreeningRun.objects.get()
    assert (run.organization, run.by) == (organization, reviewer)


def test_every_step_but_beginning_needs_a_reason(
    organization: Organization, owner: User, reviewer: User
) -> None:
    cycle = ready(organization, reviewer)
    for arrow in ("clear", "escalate"):
        with pytest.raises(ActionRefused, match="Say in a sentence why"):
            actions.advance(cycle, by=reviewer, arrow=arrow, reason="  ")


def missing(place: Organization) -> list[str]:
    return [str(line) for line in missing_for_clearance(place)]


def test_a_complete_case_lacks_nothing(
    organization: Organization, owner: User, reviewer: User
) -> None:
    ready(organization, reviewer)
    assert missing(organization) == []


def test_clearing_needs_a_verified_address_and_a_complete_profile(
    organization: Organization, owner: User, reviewer: User
) -> None:
    cycle = ready(organization, reviewer)
    EmailAddress.objects.update(verified=False)
    Organization.objects.update(description="")
    organization.refresh_from_db()
    assert missing(organization) == [
        "No owner of the organization has a verified email address.",
        "The organization's profile is not complete: Brief description of your institution.",
    ]
    with pytest.raises(ActionRefused, match="verified email address"):
        actions.advance(cycle, by=reviewer, arrow="clear", reason="Fine.")


def test_clearing_needs_every_check_answered(
    organization: Organization, owner: User, reviewer: User
) -> None:
    take()
    cycle = under_review(organization, reviewer)
    assert missing(organization) == ["6 of 6 checks are not answered."]
    work.answer_checks(cycle, by=reviewer, answers={"identity": Answered("yes")})
    assert missing(organization) == ["5 of 6 checks are not answered."]


def test_clearing_needs_a_run_on_the_names_as_they_are_against_the_list_in_force(
    organization: Organization, owner: User, reviewer: User
) -> None:
    outdated = ["The names as they are now have not been compared with the current list."]
    ready(organization, reviewer)
    owner.last_name = "Married"
    owner.save()
    assert missing(organization) == outdated
    screening_actions.screen_now(organization, by=reviewer)
    assert missing(organization) == []
    take([person(nationality="Kenya")], made="2026-03-01T00:00:00Z")
    assert missing(organization) == outdated


def test_clearing_needs_a_list(organization: Organization, owner: User, reviewer: User) -> None:
    cycle = answer_all(under_review(organization, reviewer), reviewer)
    assert missing(organization) == [
        "No sanctions list has been taken yet, so nothing can be compared."
    ]
    with pytest.raises(ActionRefused, match="No sanctions list"):
        actions.advance(
            cycle, by=reviewer, arrow="clear_with_conditions", reason="Fine.", words="x"
        )


def test_clearing_waits_for_open_hits_and_stops_at_a_confirmed_one(
    organization: Organization, owner: User, reviewer: User, senior: User
) -> None:
    ready(organization, reviewer)
    hit = planted(organization)
    assert missing(organization) == ["1 hit of the screening is open."]
    hit = screening_actions.dismiss_hit(hit, by=reviewer, reason="Another person.")
    assert missing(organization) == []
    hit = screening_actions.reopen_hit(hit, by=senior, reason="Look again.")
    screening_actions.confirm_hit(hit, by=senior, reason="The same passport.")
    assert missing(organization) == [
        "A hit is confirmed: whoever is on the list cannot be cleared."
    ]
    hit.name.refresh_from_db()
    with pytest.raises(ActionRefused, match="a senior reviewer takes it off"):
        screening_actions.retire_name(hit.name, by=reviewer, reason="Left the board.")
    screening_actions.retire_name(hit.name, by=senior, reason="Left the board.")
    assert missing(organization) == []


def enhanced(place: Organization, by: User) -> DueDiligence:
    cycle = ready(place, by)
    cycle = work.set_level(cycle, by=by, level="enhanced", reason="It asks for a trust fund.")
    return answer_all(cycle, by)


def test_an_enhanced_case_is_cleared_by_a_second_person(
    organization: Organization, owner: User, reviewer: User, senior: User
) -> None:
    cycle = enhanced(organization, reviewer)
    with pytest.raises(ActionRefused, match="somebody has to recommend it first"):
        actions.advance(cycle, by=senior, arrow="clear", reason="Fine.")
    work.recommend(cycle, by=reviewer, text="Audited accounts seen.")
    with pytest.raises(ActionRefused, match="a second person has to do it"):
        actions.advance(cycle, by=reviewer, arrow="clear", reason="Fine.")
    cycle = actions.advance(cycle, by=senior, arrow="clear", reason="Fine.")
    assert (cycle.status, cycle.recommended_by) == ("cleared", reviewer)


def test_what_changes_after_a_recommendation_asks_for_a_new_one(
    organization: Organization, owner: User, reviewer: User, senior: User
) -> None:
    cycle = enhanced(organization, reviewer)
    work.recommend(cycle, by=reviewer, text="Audited accounts seen.")
    stamp = str(cycle.checks.get(code="funding").answered_at.timestamp())
    changed = {"funding": Answered("no", "The accounts are from 2011.", seen=stamp)}
    work.answer_checks(cycle, by=senior, answers=changed)
    with pytest.raises(ActionRefused, match="recommend it first"):
        actions.advance(cycle, by=senior, arrow="clear", reason="Fine.")


def test_a_no_that_stops_calls_for_a_second_person_at_any_level(
    organization: Organization, owner: User, reviewer: User
) -> None:
    cycle = ready(organization, reviewer)
    cycle = work.set_level(cycle, by=reviewer, level="standard", reason="A large grant.")
    answer_all(cycle, reviewer)
    stamp = str(cycle.checks.get(code="debarment").answered_at.timestamp())
    work.answer_checks(
        cycle, by=reviewer, answers={"debarment": Answered("no", "Until 2019.", seen=stamp)}
    )
    with pytest.raises(ActionRefused, match="Two people clear this one"):
        actions.advance(cycle, by=reviewer, arrow="clear", reason="Long ago.")


def test_a_level_below_the_proposed_one_calls_for_a_second_person(
    organization: Organization, owner: User, reviewer: User, senior: User
) -> None:
    """Else whoever lowers the level has also done away with the second pair of eyes."""
    cycle = ready(organization, reviewer)
    cycle.engagement = ["finance"]  # proposed: standard
    cycle.save()
    cycle = work.set_level(cycle, by=reviewer, level="basic", reason="A small gift.")
    with pytest.raises(ActionRefused, match="below the proposed one"):
        actions.advance(cycle, by=reviewer, arrow="clear", reason="Fine.")
    work.recommend(cycle, by=reviewer, text="A small gift.")
    with pytest.raises(ActionRefused, match="a second person has to do it"):
        actions.advance(cycle, by=reviewer, arrow="clear", reason="Fine.")
    assert actions.advance(cycle, by=senior, arrow="clear", reason="Fine.").status == "cleared"


def test_a_reviewer_clears_the_proposed_level_or_a_higher_one_alone(
    organization: Organization, owner: User, reviewer: User
) -> None:
    cycle = ready(organization, reviewer)
    cycle = work.set_level(cycle, by=reviewer, level="standard", reason="A large grant.")
    cycle = answer_all(cycle, reviewer)
    assert actions.advance(cycle, by=reviewer, arrow="clear", reason="Fine.").status == "cleared"


def test_nothing_can_be_recommended_while_something_is_missing(
    organization: Organization, owner: User, reviewer: User
) -> None:
    take()
    cycle = under_review(organization, reviewer)
    with pytest.raises(ActionRefused, match="6 of 6 checks"):
        work.recommend(cycle, by=reviewer, text="Looks fine.")


def test_a_confirmed_hit_suspends_a_clearance_and_a_senior_takes_it_up_again(
    organization: Organization, owner: User, reviewer: User, senior: User
) -> None:
    actions.advance(ready(organization, reviewer), by=reviewer, arrow="clear", reason="Fine.")
    hit = planted(organization)
    assert is_cleared(organization)  # a person has to say so first
    screening_actions.confirm_hit(hit, by=senior, reason="The same passport.")
    cycle = current_cycle(organization)
    assert cycle is not None
    assert (cycle.status, cycle.status_by) == ("suspended", senior)
    assert not is_cleared(organization)
    with pytest.raises(ActionRefused, match="not allowed"):
        actions.advance(cycle, by=reviewer, arrow="return_to_review", reason="A mistake.")
    cycle = actions.advance(cycle, by=senior, arrow="return_to_review", reason="A mistake.")
    with pytest.raises(ActionRefused, match="A hit is confirmed"):
        actions.advance(cycle, by=senior, arrow="clear", reason="Fine.")


def test_a_clearance_expires_after_its_last_day_and_the_next_cycle_begins(
    organization: Organization, owner: User, reviewer: User
) -> None:
    cycle = ready(organization, reviewer)
    cycle = actions.advance(cycle, by=reviewer, arrow="clear", reason="Fine.")
    today = timezone.localdate()
    DueDiligence.objects.filter(pk=cycle.pk).update(valid_until=today)
    assert actions.expire_clearances() == 0
    assert is_cleared(organization)
    DueDiligence.objects.filter(pk=cycle.pk).update(valid_until=today - timedelta(days=1))
    assert not is_cleared(organization)
    assert (actions.expire_clearances(), actions.expire_clearances()) == (1, 0)
    cycle.refresh_from_db()
    following = current_cycle(organization)
    assert following is not None
    assert (cycle.status, cycle.status_by) == ("expired", None)
    assert (following.number, following.status, following.level) == (2, "screening", "basic")
    assert following.checks.count() == 0
    with pytest.raises(ActionRefused, match="A newer cycle has begun"):
        actions.advance(cycle, by=reviewer, arrow="start_screening")


def test_a_refused_organization_gets_another_cycle_from_a_senior_only(
    organization: Organization, owner: User, reviewer: User, senior: User
) -> None:
    cycle = under_review(organization, reviewer)
    with pytest.raises(ActionRefused, match="not allowed"):
        actions.advance(
            cycle, by=reviewer, arrow="refuse", reason="It does not exist.", words="Gone."
        )
    cycle = actions.advance(
        cycle, by=senior, arrow="refuse", reason="It does not exist.", words="Gone."
    )
    with pytest.raises(ActionRefused, match="Only a senior"):
        actions.begin_again(cycle, by=reviewer, reason="It wrote to us.")
    with pytest.raises(ActionRefused, match="Say in a sentence why"):
        actions.begin_again(cycle, by=senior, reason="")
    following = actions.begin_again(cycle, by=senior, reason="It sent its papers.")
    assert (following.number, following.status) == (2, "screening")
    assert following.reason == "It sent its papers."
    with pytest.raises(ActionRefused, match="A newer cycle has begun"):
        actions.begin_again(cycle, by=senior, reason="Once more.")


def test_only_a_refused_cycle_begins_again(
    organization: Organization, owner: User, senior: User
) -> None:
    with pytest.raises(ActionRefused, match="it is now “Not started”"):
        actions.begin_again(organization.due_diligence_cycles.get(), by=senior, reason="Why not.")


def test_nobody_works_on_their_own_organization(
    organization: Organization, senior: User, administrator: User
) -> None:
    organization.memberships.create(user=senior, role="reader", function="Adviser")
    cycle = organization.due_diligence_cycles.get()
    for by in (senior, administrator):
        with pytest.raises(ActionRefused, match="not allowed"):
            actions.advance(cycle, by=by, arrow="start_screening")
        with pytest.raises(ActionRefused, match="not allowed"):
            work.set_level(cycle, by=by, level="basic", reason="Easy.")


def test_a_step_that_people_may_not_take_is_refused(
    organization: Organization, owner: User, reviewer: User
) -> None:
    cycle = ready(organization, reviewer)
    for arrow in ("expire", "answer_clarification", "vanish"):
        with pytest.raises(ActionRefused, match="There is no such step"):
            actions.advance(cycle, by=reviewer, arrow=arrow, reason="Why not.")


def test_the_database_refuses_every_other_arrow(organization: Organization) -> None:
    codes = DUE_DILIGENCE.codes()
    pairs = set(DUE_DILIGENCE.pairs())
    assert ("expired", "screening") not in pairs  # the next cycle is another row
    cycle = organization.due_diligence_cycles.get()
    refused = []
    for after in codes:
        if after == "not_started":
            continue
        here = transaction.savepoint()
        try:
            with transaction.atomic():
                DueDiligence.objects.filter(pk=cycle.pk).update(
                    status=after, valid_until=date(2099, 1, 1)
                )
        except DatabaseError:
            refused.append(after)
        transaction.savepoint_rollback(here)
    assert sorted(refused) == sorted(set(codes) - {"not_started", "screening"})


@pytest.mark.django_db(transaction=True)
def test_of_clearing_and_refusing_at_once_one_wins(contents: None) -> None:
    reviewer, senior = factories.staff("Reviewer"), factories.staff("Senior reviewer")
    cycle = ready(factories.organization(), reviewer)

    def decide(arrow: str, by: User) -> None:
        actions.advance(cycle, by=by, arrow=arrow, reason="Looked at it.", words="Thank you.")

    told = at_once(partial(decide, "clear", reviewer), partial(decide, "refuse", senior))
    assert told.count("done") == 1
    cycle.refresh_from_db()
    assert cycle.status == ("cleared", "not_cleared")[told.index("done")]
