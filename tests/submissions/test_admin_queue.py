"""The queue's page: its rows and numbers, what is done from it, and saved views."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from alliance.models import Event
from organizations.models import Membership, User
from submissions import actions
from submissions.admin import queue_page
from submissions.models import Clarification, Kind, SavedView, Submission
from submissions.queue import counting
from tests import factories
from tests.racing import together

QUEUE = "/admin/submissions/submission/"


def owner_of(**fields: object) -> User:
    return factories.member(factories.organization(**fields), "owner")


def listed(client: Client, query: str = "") -> list[str]:
    return [row.reference for row in client.get(f"{QUEUE}?{query}").context["page"].rows]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_asks_as_many_questions_for_one_row_as_for_three(
    reviewer_client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        factories.submitted(owner_of())
    reviewer_client.get(QUEUE)
    with django_assert_num_queries(11):
        reviewer_client.get(QUEUE)


def numbers(client: Client, query: str = "") -> dict[str, str]:
    """What stands beside the choices of the filters, by facet and code."""
    body = client.get(f"{QUEUE}?{query}").text
    links = re.findall(r'href="\?[^"]*?(\w+)=([\w-]+)"[^>]*>[^<]* \(([\d,+]+)\)', body)
    return {f"{facet}={code}": number for facet, code, number in links}


def test_each_choice_says_what_it_would_leave_with_the_other_filters(
    reviewer_client: Client, reviewer: User, senior: User
) -> None:
    first, second = (factories.submitted(owner_of()) for _ in range(2))
    demand = factories.submitted(owner_of(), Kind.DEMAND)
    factories.submitted(factories.member(factories.organization(), "owner"), Kind.OFFER)
    actions.assign(first, to=senior, by=senior)
    actions.start_review(second, by=reviewer)
    factories.clear(demand.organization)
    told = numbers(reviewer_client)
    assert {code: told[code] for code in ("kind=eoi", "kind=demand", "kind=offer")} == {
        "kind=eoi": "2",
        "kind=demand": "1",
        "kind=offer": "1",
    }
    assert told["status=submitted"] == "3"
    assert told["assignee=nobody"] == "2"
    assert told["turn=secretariat"] == "4"
    assert told["clearance=cleared"] == "1"
    assert told["hits=no"] == "4"
    assert told["country=MW"] == "4"
    assert told["sdg=sdg-13"] == "4"
    assert told["theme=climate"] == "2"
    # A choice narrows all other filters; its own go on saying what they would leave instead.
    narrowed = numbers(reviewer_client, "kind=eoi")
    assert narrowed["kind=demand"] == "1"
    assert narrowed["status=submitted"] == "1"
    assert narrowed[f"assignee={senior.pk}"] == "1"
    assert "clearance=cleared" not in narrowed
    assert "theme=climate" not in narrowed
    by_theme = numbers(reviewer_client, "theme=climate&kind=demand")
    assert by_theme["kind=offer"] == "1"
    assert by_theme["theme=climate"] == "1"


def test_every_count_is_what_its_link_then_lists(reviewer_client: Client, reviewer: User) -> None:
    rows = [factories.submitted(owner_of(), kind) for kind in Kind for _ in range(2)]
    actions.start_review(rows[0], by=reviewer)
    factories.clear(rows[3].organization)
    for query in ("", "kind=demand", "status=submitted&level=basic"):
        for choice, number in numbers(reviewer_client, query).items():
            facet = choice.split("=")[0]
            others = [part for part in query.split("&") if part and not part.startswith(facet)]
            found = listed(reviewer_client, "&".join([*others, choice]))
            assert (query, choice, len(found)) == (query, choice, int(number))


def test_above_the_cap_numbers_say_no_more_and_are_kept(
    reviewer_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "CAP", 1)
    monkeypatch.setattr(queue_page, "CAP", 1)
    for _ in range(2):
        factories.submitted(owner_of())
    assert numbers(reviewer_client)["kind=eoi"] == "1+"
    factories.submitted(owner_of(), Kind.DEMAND)
    assert "kind=demand" not in numbers(reviewer_client)
    cache.clear()
    assert numbers(reviewer_client)["kind=demand"] == "1"


def test_the_tabs_say_how_many_stand_under_them(reviewer_client: Client, reviewer: User) -> None:
    rows = [factories.submitted(owner_of()) for _ in range(3)]
    actions.start_review(rows[0], by=reviewer)
    tabs = reviewer_client.get(QUEUE).context["tabs"]
    told = {tab["address"]: tab["count"] for tab in tabs}
    assert told["?"] == "3"
    assert told["?queue=mine"] == "1"
    assert told["?queue=unassigned"] == "2"
    assert told["?queue=overdue"] == "0"
    assert told["?queue=all"] is None


def test_a_row_shows_whose_turn_it_is_and_what_is_due(reviewer_client: Client, owner: User) -> None:
    submission = factories.submitted(owner, Kind.DEMAND)
    yesterday = timezone.localdate() - timedelta(days=1)
    Clarification.objects.create(submission=submission, due_on=yesterday)
    Submission.objects.update(status_at=timezone.now() - timedelta(days=3))
    (row,) = reviewer_client.get(QUEUE).context["page"].rows
    assert (row.reference, row.organization) == (submission.reference, owner_organization(owner))
    assert (row.country, row.state.code, row.turn) == ("Malawi", "submitted", "secretariat")
    assert (row.days, row.level, row.hits) == (3, "basic", 0)
    assert row.clearance.code == "not_started"
    assert (row.due, row.is_late) == (yesterday, True)


def owner_organization(owner: User) -> str:
    return Membership.objects.get(user=owner).organization.name


def test_what_people_typed_is_shown_as_text(reviewer_client: Client) -> None:
    factories.submitted(owner_of(name="<b>Bold</b> Institute"), Kind.DEMAND)
    body = reviewer_client.get(f"{QUEUE}?q=<i>bold</i>").text
    assert "<b>Bold" not in body
    assert "<i>bold" not in body
    assert "&lt;b&gt;Bold" in reviewer_client.get(QUEUE).text


@pytest.mark.parametrize(
    "query", ["q=%01", "queue=%01&kind=%27", "page=0", "page=99999999999", "kind=%F0%9F%8C%8D"]
)
def test_no_address_of_the_queue_is_an_error(reviewer_client: Client, query: str) -> None:
    assert reviewer_client.get(f"{QUEUE}?{query}").status_code == 200


def post(client: Client, act: str, **data: Any) -> list[str]:
    """What the page that comes next tells."""
    address = reverse(f"admin:submissions_submission_{act}")
    response = client.post(address, data, follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


def test_reviews_of_several_are_started_and_the_others_say_why_not(
    reviewer_client: Client, reviewer: User
) -> None:
    rows = [factories.submitted(owner_of()) for _ in range(3)]
    demand = factories.submitted(owner_of(), Kind.DEMAND)
    actions.start_review(rows[2], by=reviewer)
    chosen = [row.pk for row in (*rows, demand)]
    told = post(reviewer_client, "start_reviews", case=chosen)
    assert told[0] == "Done for 2 cases."
    assert [line.split(":")[0] for line in told[1:]] == [rows[2].reference, demand.reference]
    for row in rows:
        row.refresh_from_db()
    assert {row.status for row in rows} == {"eligibility_screening"}


def test_several_are_assigned_to_a_colleague_or_taken(
    reviewer_client: Client, reviewer: User, senior: User
) -> None:
    rows = [factories.submitted(owner_of()) for _ in range(3)]
    post(reviewer_client, "assign_many", case=[row.pk for row in rows[:2]], to=senior.pk)
    assert listed(reviewer_client, f"assignee={senior.pk}") == [row.reference for row in rows[:2]]
    told = post(reviewer_client, "take", case=[row.pk for row in rows], view="kind=eoi")
    assert told[0] == "Done for one case."
    assert told[1].startswith(f"{rows[0].reference}: It is now with")
    assert listed(reviewer_client, "queue=mine") == [rows[2].reference]


def test_cases_of_the_own_organization_and_drafts_are_not_touched(
    reviewer_client: Client, reviewer: User, owner: User
) -> None:
    own = factories.submitted(owner)
    draft = factories.draft(owner_of())
    Membership.objects.create(
        user=reviewer, organization=own.organization, role="reader", function="Board"
    )
    for act in ("start_reviews", "take"):
        told = post(reviewer_client, act, case=[own.pk, draft.pk])
        assert told == ["2 cases are no longer in your list."]
    own.refresh_from_db()
    assert (own.status, own.assignee) == ("submitted", None)


def test_whoever_chooses_nothing_is_told_so(reviewer_client: Client, owner: User) -> None:
    submission = factories.submitted(owner)
    assert post(reviewer_client, "take") == ["Choose cases in the list first."]
    assert post(reviewer_client, "take", case=["x", "9" * 30]) == [
        "Choose cases in the list first."
    ]
    told = post(reviewer_client, "assign_many", case=[submission.pk])
    assert told == ["Choose who gets the cases."]
    told = post(reviewer_client, "assign_many", case=[submission.pk], to=owner_id(submission))
    assert len(told) == 1
    submission.refresh_from_db()
    assert submission.assignee is None


def owner_id(submission: Submission) -> int:
    assert submission.submitted_by is not None
    return submission.submitted_by.pk


def test_the_list_comes_back_as_it_was_and_to_nowhere_else(
    reviewer_client: Client, owner: User
) -> None:
    address = reverse("admin:submissions_submission_take")
    data = {"case": [factories.submitted(owner).pk], "view": "kind=eoi&evil=//example.org"}
    assert reviewer_client.post(address, data)["Location"] == f"{QUEUE}?kind=eoi"


@pytest.mark.usefixtures("contents")
def test_two_reviewers_who_start_the_same_reviews_do_each_of_them_once(
    transactional_db: None,
) -> None:
    rows = [factories.submitted(owner_of()) for _ in range(3)]
    clients = [factories.logged_in(factories.staff("Reviewer")) for _ in range(2)]
    chosen = {"case": [row.pk for row in rows]}
    address = reverse("admin:submissions_submission_start_reviews")
    answers = together(*(partial(client.post, address, chosen) for client in clients))
    assert [answer.status_code for answer in answers] == [302, 302]
    started = Event.objects.filter(name="submission.review_started")
    assert sorted(started.values_list("subject_id", flat=True)) == [row.pk for row in rows]


def save(client: Client, name: str, state: str) -> Any:
    return client.post(
        reverse("admin:submissions_submission_save_view"), {"name": name, "view": state}
    )


def test_a_view_is_saved_shown_renamed_and_deleted(
    reviewer_client: Client, reviewer: User, senior_client: Client
) -> None:
    saved = save(reviewer_client, "Africa", "queue=all&region=africa&sort=name&evil=1&page=7")
    assert saved["Location"] == f"{QUEUE}?queue=all&region=africa&sort=name"
    view = SavedView.objects.get(person=reviewer)
    assert view.query == "queue=all&region=africa&sort=name"
    page = reviewer_client.get(saved["Location"])
    assert page.context["view"] == view
    assert "★ Africa" in page.text
    rename = reverse("admin:submissions_submission_rename_view", args=[view.pk])
    delete = reverse("admin:submissions_submission_delete_view", args=[view.pk])
    assert senior_client.post(rename, {"name": "Mine now"}).status_code == 404
    assert senior_client.post(delete).status_code == 404
    # Its address shows colleagues the same list, and nobody's names of views.
    assert "Africa</a></li></ul>" not in senior_client.get(saved["Location"]).text
    reviewer_client.post(rename, {"name": "All of Africa"})
    view.refresh_from_db()
    assert (view.name, view.query) == ("All of Africa", "queue=all&region=africa&sort=name")
    reviewer_client.post(delete)
    assert SavedView.objects.filter(person=reviewer).count() == 0


def test_a_name_that_is_taken_or_missing_comes_back_with_the_list(
    reviewer_client: Client, reviewer: User, owner: User
) -> None:
    submission = factories.submitted(owner)
    save(reviewer_client, "Africa", "region=africa")
    again = save(reviewer_client, "Africa", "kind=eoi")
    assert again.status_code == 422
    assert "You have a view of this name already." in again.text
    assert 'value="Africa"' in again.text
    assert [row.reference for row in again.context["page"].rows] == [submission.reference]
    assert save(reviewer_client, " ", "kind=eoi").status_code == 422
    assert save(reviewer_client, "x" * 61, "y" * 5000).status_code == 422
    assert SavedView.objects.filter(person=reviewer).count() == 1


def test_no_more_views_are_kept_than_fit(reviewer_client: Client, reviewer: User) -> None:
    for number in range(SavedView.MOST):
        SavedView.objects.create(person=reviewer, name=f"View {number}")
    refused = save(reviewer_client, "One more", "kind=eoi")
    assert refused.status_code == 422
    assert "Delete one before you save another." in refused.text


def test_only_reviewers_use_the_queue(library_editor: User, owner: User) -> None:
    client = factories.logged_in(library_editor)
    assert client.get(QUEUE).status_code == 403
    data = {"case": [factories.submitted(owner).pk], "name": "Mine"}
    for act in ("take", "assign_many", "start_reviews", "save_view"):
        address = reverse(f"admin:submissions_submission_{act}")
        assert client.post(address, data).status_code == 403
