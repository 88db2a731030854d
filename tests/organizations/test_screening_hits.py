"""A planted listed name: found with its reasons, decided by people, not asked about twice."""

from functools import partial

import pytest
from django.db import DatabaseError, transaction

from alliance.exceptions import ActionRefused
from alliance.models import Country, Event
from organizations.actions import screening as actions
from organizations.models import Hit, Organization, RelatedName, User
from organizations.screening.runs import screen_due, screen_organization
from organizations.workflow import HIT
from tests import factories
from tests.organizations.lists import person
from tests.organizations.screening import LATER, LISTED, planted, take
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def test_a_planted_name_is_found_with_its_reasons(organization: Organization) -> None:
    hit = planted(organization, name="Tamsin, Zorvan Quilbrook")
    assert (hit.name.name, hit.listed_name) == ("Tamsin, Zorvan Quilbrook", LISTED)
    assert (hit.entry.reference, hit.get_band_display()) == ("QDi.001", "Strong")
    assert (hit.method, 95 < hit.score < 100, hit.status) == ("spelling", True, "open")
    assert hit.evidence == {"country": "unknown", "birth_year": "unknown", "kind": "agrees"}
    assert hit.first_run.found == hit.first_run.new == 1
    event = Event.objects.get(name="screening.hit_found")
    assert (event.internal, event.data) == (True, {"hit": hit.pk})


def test_a_dismissed_hit_is_not_asked_again_while_nothing_changes(
    organization: Organization, reviewer: User
) -> None:
    hit = actions.dismiss_hit(planted(organization), by=reviewer, reason="Born in 1990, seen.")
    assert (hit.status, hit.status_by, hit.reason) == ("dismissed", reviewer, "Born in 1990, seen.")
    screen_organization(organization)
    take([person(comment="See QDi.002.")], made=LATER)  # another list, the same entry
    screen_due()
    run = organization.screening_runs.latest("pk")
    assert (run.found, run.new) == (1, 0)
    assert [row.status for row in Hit.objects.all()] == ["dismissed"]


def test_a_changed_entry_is_asked_about_again(organization: Organization, reviewer: User) -> None:
    first = actions.dismiss_hit(planted(organization), by=reviewer, reason="Another person.")
    take([person(nationality="Kenya")], made=LATER)
    screen_due()
    again = Hit.objects.open().get()
    assert again.name == first.name
    assert again.entry.reference == first.entry.reference
    assert again.entry.countries == ["Kenya"]
    first.refresh_from_db()
    assert first.status == "dismissed"


def test_an_entry_that_changes_before_anybody_decided_is_one_question_still(
    organization: Organization,
) -> None:
    hit = planted(organization)
    take([person(nationality="Kenya")], made=LATER)
    screen_due()
    again = Hit.objects.get()
    assert (again.pk, again.entry.countries) == (hit.pk, ["Kenya"])


def test_a_changed_name_is_asked_about_again(organization: Organization, reviewer: User) -> None:
    actions.dismiss_hit(planted(organization), by=reviewer, reason="Another person.")
    RelatedName.objects.filter(kind="board").update(name="Zorvan Quillbrook")
    screen_due()
    assert [hit.name.name for hit in Hit.objects.open()] == ["Zorvan Quillbrook"]


def test_the_same_name_in_other_letters_is_no_change(
    organization: Organization, reviewer: User
) -> None:
    actions.dismiss_hit(planted(organization), by=reviewer, reason="Another person.")
    RelatedName.objects.filter(kind="board").update(name="ZORVAN Quillbrook-Tamsín")
    screen_due()
    assert [hit.status for hit in Hit.objects.all()] == ["dismissed"]
    assert Hit.objects.get().name.name == "ZORVAN Quillbrook-Tamsín"


def test_clearing_one_person_never_hides_a_namesake(
    organization: Organization, stranger: User, reviewer: User
) -> None:
    """Neither in the same organization, nor in another, nor on the list."""
    take([person(), person("QDi.002", LISTED, nationality="Kenya")])
    RelatedName.objects.create(organization=organization, kind="board", name=LISTED)
    screen_organization(organization)
    one, other = Hit.objects.order_by("pk")
    assert {one.entry.reference, other.entry.reference} == {"QDi.001", "QDi.002"}
    actions.dismiss_hit(one, by=reviewer, reason="Another person.")
    other.refresh_from_db()
    assert other.status == "open"
    actions.dismiss_hit(other, by=reviewer, reason="Another person.")
    actions.add_screened_person(
        organization,
        name=LISTED,
        role="board",
        birth_year=1971,
        source="secretariat",
        by=reviewer,
    )
    screen_due()
    assert {hit.name.birth_year for hit in Hit.objects.open()} == {1971}
    elsewhere = stranger.memberships.get().organization
    RelatedName.objects.create(organization=elsewhere, kind="head", name=LISTED)
    screen_due()
    assert Hit.objects.open().filter(organization=elsewhere).count() == 2


def test_birth_year_and_country_move_a_hit_and_never_hide_it(
    organization: Organization, reviewer: User
) -> None:
    hit = planted(organization)
    before = hit.priority
    kenya, malawi = (Country.objects.get(iso2=code) for code in ("KE", "MW"))
    actions.describe_name(hit.name, by=reviewer, birth_year=2001, country=kenya)
    screen_due()
    hit.refresh_from_db()
    assert hit.evidence == {"country": "differs", "birth_year": "differs", "kind": "agrees"}
    assert hit.priority < before
    actions.describe_name(hit.name, by=reviewer, birth_year=1972, country=malawi)
    screen_due()
    hit.refresh_from_db()
    assert hit.evidence == {"country": "agrees", "birth_year": "agrees", "kind": "agrees"}
    assert hit.priority > before
    assert Hit.objects.get().status == "open"


def test_country_of_the_institution_says_nothing_of_a_person(organization: Organization) -> None:
    take([person(nationality="Kenya")])
    unknown = planted(organization)
    assert unknown.evidence["country"] == "unknown"


def test_a_decision_stands_as_it_was_made(organization: Organization, reviewer: User) -> None:
    hit = actions.dismiss_hit(planted(organization), by=reviewer, reason="Another person.")
    actions.describe_name(hit.name, by=reviewer, birth_year=2001, country=None)
    screen_due()
    hit.refresh_from_db()
    assert hit.evidence["birth_year"] == "unknown"


def test_a_delisted_entry_leaves_its_hit_to_a_person(organization: Organization) -> None:
    hit = planted(organization)
    take(made=LATER)
    screen_due()
    hit.refresh_from_db()
    assert (hit.status, hit.entry.is_current) == ("open", False)


def test_a_reviewer_dismisses_and_a_senior_confirms(
    organization: Organization, reviewer: User, senior: User, administrator: User
) -> None:
    hit = planted(organization)
    for person_, act in (
        (reviewer, actions.confirm_hit),
        (reviewer, actions.reopen_hit),
        (administrator, actions.dismiss_hit),
    ):
        with pytest.raises(ActionRefused):
            act(hit, by=person_, reason="Because.")
    hit = actions.confirm_hit(hit, by=senior, reason="Passport number agrees.")
    assert (hit.status, hit.status_by) == ("confirmed", senior)
    hit = actions.reopen_hit(hit, by=senior, reason="The passport was another one.")
    assert hit.status == "open"


def test_a_decision_needs_a_reason(organization: Organization, senior: User) -> None:
    hit = planted(organization)
    for act in (actions.dismiss_hit, actions.confirm_hit):
        with pytest.raises(ActionRefused, match="Say in a sentence why"):
            act(hit, by=senior, reason="  ")


def test_nobody_decides_hits_of_their_own_organization(
    organization: Organization, senior: User
) -> None:
    hit = planted(organization)
    organization.memberships.create(user=senior, role="reader", function="Adviser")
    with pytest.raises(ActionRefused, match="not allowed"):
        actions.dismiss_hit(hit, by=senior, reason="That is me.")


def test_the_second_to_decide_is_told_who_did_what(
    organization: Organization, reviewer: User, senior: User
) -> None:
    hit = planted(organization)
    actions.dismiss_hit(hit, by=reviewer, reason="Another person.")
    with pytest.raises(ActionRefused, match=f"{reviewer} has dismissed this hit already: Another"):
        actions.confirm_hit(hit, by=senior, reason="It is the one.")


@pytest.mark.parametrize(
    ("before", "after"),
    [(before, after) for before in HIT.codes() for after in HIT.codes() if before != after],
)
def test_the_database_refuses_every_arrow_that_is_not_in_the_table(
    organization: Organization, before: str, after: str
) -> None:
    hit = planted(organization)
    Hit.objects.update(reason="Because.")
    if before != "open":
        Hit.objects.update(status=before)
    is_allowed = (before, after) in {
        ("open", "dismissed"),
        ("open", "confirmed"),
        ("dismissed", "open"),
        ("confirmed", "open"),
    }
    try:
        with transaction.atomic():
            Hit.objects.filter(pk=hit.pk).update(status=after)
        happened = True
    except DatabaseError:
        happened = False
    assert happened == is_allowed


def test_a_hit_is_born_open_and_stays_with_its_name(organization: Organization) -> None:
    hit = planted(organization)
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        Hit.objects.create(
            organization=organization,
            name=hit.name,
            entry=hit.entry,
            first_run=hit.first_run,
            last_run=hit.last_run,
            band=2,
            score=1,
            status="dismissed",
            reason="x",
        )
    other = factories.organization()
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Hit.objects.update(organization=other)


@pytest.mark.django_db(transaction=True)
def test_of_dismiss_and_confirm_at_once_one_wins(contents: None) -> None:
    reviewer, senior = factories.staff("Reviewer"), factories.staff("Senior reviewer")
    organization = factories.organization()
    for number in range(10):
        hit = planted(organization, name=f"{LISTED} {'I' * (number + 1)}")
        told = at_once(
            partial(actions.dismiss_hit, hit, by=reviewer, reason="Looked at it."),
            partial(actions.confirm_hit, hit, by=senior, reason="Looked at it."),
        )
        hit.refresh_from_db()
        assert told.count("done") == 1
        assert hit.status == ("dismissed", "confirmed")[told.index("done")]
    assert (
        Event.objects.filter(
            name__in=["screening.hit_dismissed", "screening.hit_confirmed"]
        ).count()
        == 10
    )
