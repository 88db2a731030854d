"""The due diligence pages of the admin: who gets in, what they show, and that nothing is lost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from organizations.actions import due_diligence_work as work
from organizations.actions.due_diligence import advance
from organizations.actions.due_diligence_work import Answered
from organizations.models import Check, DueDiligence, Hit, Organization, ScreenedName, User
from tests import factories
from tests.organizations.screening import LISTED, PLANTED, planted, take
from tests.organizations.test_due_diligence_steps import ready, under_review

pytestmark = pytest.mark.django_db

LIST = "/admin/organizations/duediligence/"
HITS = "/admin/organizations/hit/"
Queries = Callable[[int], AbstractContextManager[object]]


def address(cycle: DueDiligence, act: str = "change") -> str:
    return f"{LIST}{cycle.pk}/{act}/"


def body(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def cycle(organization: Organization, owner: User, reviewer: User) -> DueDiligence:
    take([PLANTED])
    return under_review(organization, reviewer)


@pytest.mark.parametrize("role", ["owner", "library_editor", "administrator"])
def test_only_reviewers_get_in(
    request: pytest.FixtureRequest, cycle: DueDiligence, organization: Organization, role: str
) -> None:
    hit = planted(organization)
    client = factories.logged_in(request.getfixturevalue(role))
    for path in (LIST, address(cycle), HITS, f"{HITS}{hit.pk}/change/"):
        assert client.get(path).status_code in {302, 403}
    assert client.post(address(cycle, "step"), {"arrow": "escalate"}).status_code in {302, 403}


def test_nobody_sees_the_case_of_their_own_organization(
    cycle: DueDiligence, organization: Organization, reviewer: User, reviewer_client: Client
) -> None:
    hit = planted(organization)
    organization.memberships.create(user=reviewer, role="reader", function="Adviser")
    for path in (address(cycle), f"{HITS}{hit.pk}/change/"):
        assert reviewer_client.get(path).status_code == 403


def test_the_page_shows_level_checks_names_runs_and_what_is_missing(
    cycle: DueDiligence, organization: Organization, owner: User, reviewer_client: Client
) -> None:
    page = body(reviewer_client, address(cycle))
    assert "National government: a public body, which answers for itself." in page
    assert "Does the institution exist, under this name and in this place?" in page
    assert "6 of 6 checks are not answered." in page
    assert owner.get_full_name() in page
    assert "3 names against" in page
    assert "No name here is like a listed one." in page


def test_a_step_is_taken_and_a_refused_one_keeps_what_was_typed(
    cycle: DueDiligence, reviewer_client: Client
) -> None:
    refused = reviewer_client.post(
        address(cycle, "step"), {"arrow": "clear", "reason": "Known to the country office."}
    )
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "6 of 6 checks are not answered." in page
    assert "Known to the country office.</textarea>" in page
    assert page.count("6 of 6 checks are not answered.") == 2  # what is missing, and the refusal
    assert 'value="start_screening"' not in page
    assert 'value="escalate"' in page
    taken = reviewer_client.post(
        address(cycle, "step"), {"arrow": "escalate", "reason": "A large fund."}
    )
    assert taken.status_code == 302
    cycle.refresh_from_db()
    assert (cycle.status, cycle.reason) == ("escalated", "A large fund.")


def test_a_step_that_somebody_took_meanwhile_leaves_the_reason_and_what_is_possible_now(
    cycle: DueDiligence, senior: User, reviewer_client: Client
) -> None:
    advance(cycle, by=senior, arrow="escalate", reason="A large fund.")
    refused = reviewer_client.post(
        address(cycle, "step"), {"arrow": "escalate", "reason": "I thought so too."}
    )
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "I thought so too.</textarea>" in page
    assert "Take this step" not in page
    assert page.count("This is no longer possible") == 1


def checks_data(cycle: DueDiligence, **changes: str) -> dict[str, str]:
    """The whole table of checks as a browser posts it."""
    known = {check.code: check for check in cycle.checks.all()}
    data = {}
    for code in ("identity", "authority", "names", "declaration", "conflict", "reputation"):
        row = known.get(code)
        data[f"answer_{code}"] = row.answer if row else ""
        data[f"note_{code}"] = row.note if row else ""
        data[f"evidence_{code}"] = row.evidence if row else ""
        data[f"seen_{code}"] = str(row.answered_at.timestamp()) if row else ""
    return data | changes


def test_checks_are_answered_a_few_at_a_time(
    cycle: DueDiligence, reviewer: User, reviewer_client: Client
) -> None:
    data = checks_data(
        cycle, answer_identity="yes", answer_names="no", note_names="The board is not named."
    )
    assert reviewer_client.post(address(cycle, "checks"), data).status_code == 302
    assert [(check.code, check.answer) for check in Check.objects.order_by("code")] == [
        ("identity", "yes"),
        ("names", "no"),
    ]
    page = body(reviewer_client, address(cycle))
    assert "The board is not named.</textarea>" in page
    assert "4 of 6 checks are not answered." in page


def test_a_no_without_a_word_why_comes_back_with_the_rest_of_the_page(
    cycle: DueDiligence, reviewer_client: Client
) -> None:
    data = checks_data(cycle, answer_identity="no", answer_names="yes", note_names="Seen all.")
    response = reviewer_client.post(address(cycle, "checks"), data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Say in a sentence why." in page
    assert "Seen all.</textarea>" in page
    assert not Check.objects.exists()


def test_an_answer_that_somebody_gave_meanwhile_is_shown_and_nothing_typed_is_lost(
    cycle: DueDiligence, senior: User, reviewer_client: Client
) -> None:
    data = checks_data(cycle, answer_identity="yes", evidence_identity="https://register.example")
    work.answer_checks(cycle, by=senior, answers={"identity": Answered("no", "Unknown there.")})
    response = reviewer_client.post(address(cycle, "checks"), data)
    assert response.status_code == 409
    page = response.content.decode()
    assert f"{senior} has answered “No” meanwhile" in page
    assert "https://register.example</textarea>" in page


def test_level_recommendation_and_another_cycle_have_their_forms(
    organization: Organization, owner: User, reviewer: User, senior_client: Client
) -> None:
    cycle = ready(organization, reviewer)
    for act, data in (
        ("recommend", {"text": "All papers seen."}),
        ("level", {"level": "standard", "reason": "It asks for a grant."}),
        ("step", {"arrow": "refuse", "reason": "It withdrew its papers.", "words": "Papers lack."}),
    ):
        assert senior_client.post(address(cycle, act), data).status_code == 302, act
    cycle.refresh_from_db()
    assert (cycle.level, cycle.status, cycle.recommended_at) == ("standard", "not_cleared", None)
    assert "Begin another cycle" in body(senior_client, address(cycle))
    response = senior_client.post(address(cycle, "begin-again"), {"reason": "New papers."})
    following = DueDiligence.objects.latest("pk")
    assert response["Location"] == address(following)
    page = body(senior_client, address(cycle))
    assert "A newer cycle counts; this one is history." in page
    assert "Take this step" not in page


def test_names_are_added_described_taken_off_and_screened_at_once(
    cycle: DueDiligence, organization: Organization, reviewer_client: Client
) -> None:
    def post(act: str, **data: object) -> int:
        return reviewer_client.post(address(cycle, act), data).status_code

    assert post("add-name", name="Ada Phiri", kind="board", birth_year="1971", country="MW") == 302
    row = ScreenedName.objects.get(name="Ada Phiri")
    assert (row.kind, row.birth_year, row.source) == ("board", 1971, "secretariat")
    assert post("describe-name", screened=row.pk, birth_year="1972", country="KE") == 302
    assert post("screen") == 302
    row.refresh_from_db()
    assert (row.birth_year, row.country_id, row.run_id is None) == (1972, "KE", False)
    assert post("retire-name", screened=row.pk, reason="") == 422
    assert post("retire-name", screened=row.pk, reason="Left in 2020.") == 302
    row.refresh_from_db()
    assert row.retired_reason == "Left in 2020."
    other = ScreenedName.objects.create(
        organization=factories.organization(), kind="head", name="X", source="profile"
    )
    assert post("retire-name", screened=other.pk, reason="Not mine.") == 422
    assert post("add-name", name="", kind="institution") == 422


def test_a_hit_shows_both_records_and_why(
    organization: Organization, reviewer_client: Client
) -> None:
    hit = planted(organization, name="Tamsin, Zorvan Quilbrook")
    page = body(reviewer_client, f"{HITS}{hit.pk}/change/")
    assert "<mark>Zorvan</mark>" in page
    assert "QDi.001" in page
    assert "nearly the same letters" in page
    assert "See QDi.002." in page
    assert "<strong>agrees</strong>" in page
    assert "The same: confirm" not in page  # a senior's to say


def test_a_hit_is_dismissed_with_a_reason(
    organization: Organization, reviewer: User, reviewer_client: Client
) -> None:
    hit = planted(organization)
    dismiss = f"{HITS}{hit.pk}/dismiss/decide/"
    assert reviewer_client.post(dismiss, {"dismiss-reason": ""}).status_code == 422
    assert reviewer_client.post(dismiss, {"dismiss-reason": "Born 1990."}).status_code == 302
    hit.refresh_from_db()
    assert (hit.status, hit.status_by, hit.reason) == ("dismissed", reviewer, "Born 1990.")
    assert "Born 1990." in body(reviewer_client, f"{HITS}{hit.pk}/change/")


def test_who_decides_second_is_told_and_keeps_the_text(
    organization: Organization, reviewer_client: Client, senior_client: Client
) -> None:
    hit = planted(organization)
    confirm = f"{HITS}{hit.pk}/confirm/decide/"
    assert reviewer_client.post(confirm, {"confirm-reason": "It is him."}).status_code == 409
    reviewer_client.post(f"{HITS}{hit.pk}/dismiss/decide/", {"dismiss-reason": "Born 1990."})
    response = senior_client.post(confirm, {"confirm-reason": "The passport agrees."})
    assert response.status_code == 409
    page = response.content.decode()
    assert "has dismissed this hit already: Born 1990." in page
    assert "The passport agrees.</textarea>" in page
    assert senior_client.post(f"{HITS}{hit.pk}/vanish/decide/").status_code == 404


def test_the_list_of_hits_holds_the_open_ones_what_weighs_most_first(
    organization: Organization, reviewer: User, reviewer_client: Client
) -> None:
    planted(organization, name=LISTED)
    planted(organization, name="Quillbrook Tamsin")
    dismissed = planted(organization, name="Zorvan Quillbrook")
    Hit.objects.filter(pk=dismissed.pk).update(reason="x")
    Hit.objects.filter(pk=dismissed.pk).update(status="dismissed")
    page = body(reviewer_client, HITS)
    assert page.index(f">{LISTED}</a>") < page.index(">Quillbrook Tamsin</a>")
    assert ">Zorvan Quillbrook</a>" not in page
    assert ">Zorvan Quillbrook</a>" in body(reviewer_client, f"{HITS}?state=dismissed")
    assert "No sanctions list was" not in page
    assert "No sanctions list has been taken yet." in page  # none was read, only made current


def test_clearances_that_end_within_ninety_days_have_a_list(reviewer_client: Client) -> None:
    today = timezone.localdate()
    for days in (89, 90, 91):
        cycle = factories.clear(factories.organization(name=f"Ends in {days}"))
        DueDiligence.objects.filter(pk=cycle.pk).update(valid_until=today + timedelta(days=days))
    page = body(reviewer_client, f"{LIST}?list=ending")
    assert "Ends in 89" in page
    assert "Ends in 90" in page
    assert "Ends in 91" not in page


def test_the_list_shows_of_each_organization_the_cycle_that_counts(
    cycle: DueDiligence, organization: Organization, senior: User, reviewer_client: Client
) -> None:
    DueDiligence.objects.filter(pk=cycle.pk).update(status="not_cleared")
    DueDiligence.objects.create(organization=organization, number=2, level="basic")
    page = body(reviewer_client, f"{LIST}?list=all")
    assert page.count(f">{organization.name}</a>") == 1
    assert "Not started" in page


@pytest.mark.parametrize("path", [LIST, HITS])
def test_lists_take_the_same_queries_for_one_row_and_for_three(
    reviewer_client: Client, reviewer: User, django_assert_num_queries: Queries, path: str
) -> None:
    take([PLANTED])
    counts = {LIST: 6, HITS: 7}
    body(reviewer_client, path)
    for _number in (1, 3):
        for _row in range(_number):
            place = factories.organization()
            factories.member(place, "owner")
            under_review(place, reviewer)
            planted(place)
        with django_assert_num_queries(counts[path]):
            body(reviewer_client, path)


def test_the_readings_of_the_list_and_the_lists_can_be_read(
    organization: Organization, administrator: User
) -> None:
    take([PLANTED])
    client = factories.logged_in(administrator)
    assert "580" in body(client, "/admin/organizations/sanctionssnapshot/")
    body(client, "/admin/organizations/listimport/")


def test_a_member_sees_where_the_checks_stand_and_nothing_of_hits(
    organization: Organization, owner_client: Client, owner: User, reviewer: User
) -> None:
    take([PLANTED])
    under_review(organization, reviewer)
    planted(organization)
    for path in ("/organization/", "/dashboard/"):
        page = body(owner_client, path)
        assert "Under review" in page
        assert "You need not do anything" in page
        assert "hit" not in page.lower().replace("white", "")
