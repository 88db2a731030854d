"""The first page of the secretariat: each number is that of the list behind its link."""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from alliance.models import OutgoingMail
from organizations.models import ConnectMessage, DueDiligence, Membership, Organization, User
from submissions import actions
from submissions.models import Clarification, Submission
from tests import factories
from tests.rules.world_screening import add_screening
from tests.shared_rows import kept_for_the_module
from tests.submissions.asking import asked

_COUNT = re.compile(r'<a href="([^"]+)"><b>(\d+)</b>')
QUEUE = "/admin/submissions/submission/?queue="
CYCLES = "/admin/organizations/duediligence/?list="
HITS = "/admin/organizations/hit/"
INBOX = "/admin/organizations/connectmessage/?status__exact=new"
LATE_INBOX = "/admin/organizations/connectmessage/?overdue=yes"
HELD_INBOX = "/admin/organizations/connectmessage/?status__exact=held"
FAILED = "/admin/alliance/outgoingmail/?status__exact=failed"


def counts(client: Client) -> dict[str, int]:
    """The numbers of the page by their links."""
    page = client.get("/admin/").content.decode()
    return {unescape(link): int(number) for link, number in _COUNT.findall(page)}


def rows_of(client: Client, link: str) -> int:
    response = client.get(link)
    assert response.status_code == 200, link
    if link.startswith(QUEUE):
        return len(response.context["page"].rows)
    number: int = response.context["cl"].queryset.count()
    return number


@pytest.fixture(scope="module")
def everybody(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, User]]:
    with kept_for_the_module(django_db_blocker):
        yield make_people()


@pytest.fixture
def people(everybody: dict[str, User], db: None) -> dict[str, User]:
    """Some of each; "insider" is a senior and belongs to an organization that has some of each."""
    return deepcopy(everybody)


def make_people() -> dict[str, User]:
    people = {role: factories.staff(role) for role in ("Reviewer", "Senior reviewer")}
    people |= {role: factories.staff(role) for role in ("Library editor", "Administrator")}
    add_screening({"reviewer": people["Reviewer"]}, "Noted", 3)
    screened = Organization.objects.get(name="Screened Agency")
    people["insider"] = factories.staff("Senior reviewer")
    for place in (screened, factories.organization(), factories.organization()):
        add_cases(place, people)
    Membership.objects.create(
        user=people["insider"], organization=screened, role="reader", function="Adviser"
    )
    for number, status in enumerate(("failed", "queued", "failed")):
        OutgoingMail.objects.create(
            recipient="a@example.org", status=status, message_id=f"<{number}@localhost>"
        )
    for number, (status, is_concern) in enumerate(
        [("new", False), ("new", True), ("new", True), ("done", False), ("held", False)]
    ):
        ConnectMessage.objects.create(
            status=status, is_concern=is_concern, fingerprint=str(number), email="b@example.org"
        )
    ConnectMessage.objects.exclude(fingerprint="2").update(
        status_at=timezone.now() - timedelta(days=10)
    )
    return people


def add_cases(place: Organization, people: dict[str, User]) -> None:
    """A new one, one that was not touched for long, and one with overdue questions."""
    owner, senior = factories.member(place, "owner"), people["Senior reviewer"]
    factories.submitted(owner)
    late = factories.demand(owner)
    long_ago = timezone.now() - timedelta(days=40)
    Submission.objects.filter(pk=late.pk).update(assignee=senior, status_at=long_ago)
    offer = factories.offer(owner)
    question = asked(offer, people["Reviewer"])
    Clarification.objects.filter(pk=question.pk).update(due_on="2020-01-01")
    insiders = factories.demand(owner)
    Submission.objects.filter(pk=insiders.pk).update(assignee=people["insider"])


EVERY_QUEUE = {
    f"{QUEUE}{name}"
    for name in ("mine", "secretariat", "unassigned", "long", "applicant", "overdue")
}
EVERY_CHECK = {f"{CYCLES}work", f"{CYCLES}ending", HITS}
SEEN = {
    "Reviewer": {*EVERY_QUEUE, *EVERY_CHECK, INBOX, LATE_INBOX, HELD_INBOX},
    "Senior reviewer": {*EVERY_QUEUE, *EVERY_CHECK, INBOX, LATE_INBOX, HELD_INBOX},
    "insider": {*EVERY_QUEUE, *EVERY_CHECK, INBOX, LATE_INBOX, HELD_INBOX},
    "Library editor": set(),
    "Administrator": {INBOX, LATE_INBOX, HELD_INBOX, FAILED},
}


def test_each_number_is_that_of_the_rows_behind_its_link(people: dict[str, User]) -> None:
    for role, links in SEEN.items():
        client = factories.logged_in(people[role])
        shown = counts(client)
        assert set(shown) == links, role
        assert shown == {link: rows_of(client, link) for link in shown}, role


def test_rows_of_the_own_organization_are_counted_by_nobody_who_belongs_to_it(
    people: dict[str, User],
) -> None:
    DueDiligence.objects.update(valid_until=timezone.localdate())
    for place in Organization.objects.filter(name__startswith="Institute"):
        factories.clear(place)
        DueDiligence.objects.filter(organization=place).update(valid_until=timezone.localdate())
    others, insiders = (
        counts(factories.logged_in(people[role])) for role in ("Senior reviewer", "insider")
    )
    assert (others[f"{QUEUE}overdue"], insiders[f"{QUEUE}overdue"]) == (3, 2)
    assert (others[f"{QUEUE}long"], insiders[f"{QUEUE}long"]) == (3, 2)
    assert (others[HITS] > 0, insiders[HITS]) == (True, 0)
    assert (others[f"{CYCLES}ending"], insiders[f"{CYCLES}ending"]) == (2, 2)
    assert others[f"{CYCLES}work"] == insiders[f"{CYCLES}work"] + 1
    assert (others[f"{QUEUE}mine"], insiders[f"{QUEUE}mine"]) == (3, 2)


def test_rows_of_a_declared_conflict_are_counted_no_more(people: dict[str, User]) -> None:
    senior = people["Senior reviewer"]
    before = counts(factories.logged_in(senior))
    screened = Organization.objects.get(name="Screened Agency")
    actions.declare_conflict(screened, by=senior, reason="A relative.")
    client = factories.logged_in(senior)
    after = counts(client)
    assert (before[HITS] > 0, after[HITS]) == (True, 0)
    assert before[f"{CYCLES}work"] == after[f"{CYCLES}work"] + 1
    assert before[f"{QUEUE}long"] == after[f"{QUEUE}long"] + 1
    assert after == {link: rows_of(client, link) for link in after}


def test_a_concern_is_counted_by_those_who_may_read_it(people: dict[str, User]) -> None:
    numbers = {role: counts(factories.logged_in(people[role])).get(INBOX) for role in SEEN}
    assert numbers == {
        "Reviewer": 1,
        "Senior reviewer": 3,
        "insider": 3,
        "Library editor": None,
        "Administrator": 3,
    }
    late = {role: counts(factories.logged_in(people[role])).get(LATE_INBOX) for role in SEEN}
    assert (late["Reviewer"], late["Senior reviewer"], late["Administrator"]) == (1, 2, 2)


def test_my_oldest_cases_are_named_oldest_first(people: dict[str, User]) -> None:
    senior = people["Senior reviewer"]
    mine = Submission.objects.filter(assignee=senior)
    for days, case in enumerate(mine):
        received = timezone.now() - timedelta(days=10 + days)
        Submission.objects.filter(pk=case.pk).update(submitted_at=received)
    page = factories.logged_in(senior).get("/admin/").content.decode()
    named = re.findall(r"DEM-\d+-\d+", page)
    assert named == [case.reference for case in mine.order_by("submitted_at")]
    assert page.count("for 40 days") == 3


def test_notes_for_me_wait_on_the_page_until_they_are_read(people: dict[str, User]) -> None:
    reviewer, senior = people["Reviewer"], people["Senior reviewer"]
    first, second = Submission.objects.filter(assignee=senior).order_by("pk")[:2]
    client = factories.logged_in(reviewer)
    assert "Notes for me" not in client.get("/admin/").text
    for case in (first, second):
        actions.write_note(case, by=senior, text="Please look.", tell=[reviewer])
    page = client.get("/admin/").text
    found = re.findall(r'<a href="([^"]+)#notes">(\S+),', page)
    assert found == [
        (f"/admin/submissions/submission/{case.pk}/change/", case.reference)
        for case in (second, first)
    ]
    assert f"{senior}, for less than a day" in page
    assert "Notes for me" not in factories.logged_in(senior).get("/admin/").text
    actions.read_mentions(second, by=reviewer)
    Membership.objects.create(user=reviewer, organization=first.organization, role="reader")
    assert "Notes for me" not in client.get("/admin/").text


def test_the_page_asks_the_same_queries_however_much_there_is(people: dict[str, User]) -> None:
    client = factories.logged_in(people["Senior reviewer"])
    client.get("/admin/")  # what a process keeps is read once
    few = queries_of(client)
    for _number in range(3):
        add_cases(factories.organization(), people)
    assert queries_of(client) == few


def queries_of(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get("/admin/")
    return len(captured)


def test_a_case_of_today_waits_for_less_than_a_day_and_not_for_0(people: dict[str, User]) -> None:
    Submission.objects.update(status_at=timezone.now())
    client = factories.logged_in(people["Senior reviewer"])
    page = client.get("/admin/").content.decode()
    assert page.count("for less than a day") == 3
    assert "for 0 days" not in page
    queue = client.get(f"{QUEUE}all").content.decode()
    assert '<td class="num">less than a day</td>' in queue
    assert "0 days" not in queue


def test_a_list_is_headed_by_its_name(people: dict[str, User]) -> None:
    client = factories.logged_in(people["Senior reviewer"])
    headings = {"connectmessage": "Connect messages", "hit": "Hits of the screening"}
    for name, heading in headings.items():
        page = client.get(f"/admin/organizations/{name}/").content.decode()
        assert f"<h1>{heading}</h1>" in page
        assert f"<title>{heading} | " in page
