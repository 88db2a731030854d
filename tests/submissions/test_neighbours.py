"""The way through a view of the queue: previous, next, and on to the next one after an act."""

import re
from html import unescape
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from django.test import Client

from organizations.models import User
from submissions import actions
from submissions.models import Submission
from tests import factories
from tests.submissions.test_admin_review import QUEUE, act, page


@pytest.fixture
def rows() -> list[Submission]:
    return [
        factories.submitted(factories.member(factories.organization(), "owner")) for _ in range(3)
    ]


def carried(view: str) -> str:
    return "?" + urlencode({"view": view})


def test_a_case_knows_its_place_in_the_view_that_it_was_opened_from(
    reviewer_client: Client, reviewer: User, rows: list[Submission]
) -> None:
    place = reviewer_client.get(page(rows[1])).context["place"]
    assert (place.position, place.total) == (2, 3)
    assert (place.previous_address, place.next_address) == (page(rows[0]), page(rows[2]))
    for row in (rows[0], rows[2]):
        actions.start_review(row, by=reviewer)
    view = carried("queue=mine")
    response = reviewer_client.get(page(rows[0]) + view)
    assert response.context["place"].total == 2
    assert response.context["place"].next_address == page(rows[2]) + view
    assert "1 of 2" in response.text


def test_the_rows_of_the_queue_lead_into_the_view_that_they_stand_in(
    reviewer_client: Client, reviewer: User, rows: list[Submission]
) -> None:
    assert f'href="{rows[0].pk}/change/"' in reviewer_client.get(QUEUE).text
    for row in rows[1:]:
        actions.start_review(row, by=reviewer)
    listed = reviewer_client.get(f"{QUEUE}?queue=mine&sort=newest&kind=eoi").text
    links = [unescape(link) for link in re.findall(r'<a href="(\d+/change/[^"]*)"', listed)]
    view = carried("queue=mine&kind=eoi&sort=newest")
    assert links == [f"{row.pk}/change/{view}" for row in (rows[2], rows[1])]
    place = reviewer_client.get(f"{QUEUE}{links[0]}").context["place"]
    assert (place.position, place.next_address) == (1, f"{QUEUE}{links[1]}")


def test_after_an_act_the_next_case_of_the_same_view_comes(
    reviewer_client: Client, rows: list[Submission]
) -> None:
    view = carried("queue=unassigned")
    for row, following in pairwise(rows):
        answer = reviewer_client.post(act("step", row, "start_review") + view, {"next": "1"})
        assert answer["Location"] == page(following) + view
    answer = reviewer_client.post(act("step", rows[2], "start_review") + view, {"next": "1"})
    assert answer["Location"] == f"{QUEUE}?queue=unassigned"


def test_an_act_without_next_stays_and_keeps_the_view(
    reviewer_client: Client, rows: list[Submission]
) -> None:
    view = carried("queue=unassigned")
    answer = reviewer_client.post(act("step", rows[0], "start_review") + view)
    assert answer["Location"] == page(rows[0]) + view


def test_what_is_refused_goes_nowhere(reviewer_client: Client, rows: list[Submission]) -> None:
    answer = reviewer_client.post(act("step", rows[0], "put_for_decision"), {"next": "1"})
    assert answer.status_code == 409


def test_the_next_case_is_never_one_that_the_reviewer_may_not_review(
    reviewer_client: Client, reviewer: User, rows: list[Submission]
) -> None:
    rows[1].organization.memberships.create(user=reviewer, role="reader", function="Board")
    place = reviewer_client.get(page(rows[0])).context["place"]
    assert place.next_address == page(rows[2])


@pytest.mark.parametrize(
    "view",
    [
        "https://evil.example/",
        "//evil.example",
        "queue=%00",
        "queue=nonsense",
        "q=%00",
        "password__startswith=x",
        "organization__memberships__user__password__startswith=x",
        "assignee__id__exact=" + 40 * "9",
        "o=99.-77.x",
        "p=99999",
        "status=" + 1900 * "x",
        5000 * "x",
        "%ff%fe=1&&&==",
    ],
)
def test_whatever_travels_along_the_page_opens_and_leads_nowhere_else(
    reviewer_client: Client, rows: list[Submission], view: str
) -> None:
    response = reviewer_client.get(page(rows[0]) + carried(view))
    assert response.status_code == 200
    place = response.context["place"]
    assert place.queue.startswith(QUEUE)
    for address in (place.next_address, place.previous_address):
        assert not address or address.startswith(QUEUE)
    answer = reviewer_client.post(
        act("step", rows[0], "start_review") + carried(view), {"next": "1"}
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith(QUEUE)
