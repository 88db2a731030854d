"""The weekly digest: one mail a week of what is new and was chosen, or none."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from alliance.models import OutgoingMail
from knowledge.alert_tasks import note_appearances
from knowledge.models import Appearance
from organizations.models import Organization, Subscription
from organizations.models.subscription import next_digest
from organizations.subscription_links import end_link
from submissions import actions
from submissions.digest import MOST_NAMED
from submissions.digest_tasks import SETTLED_AFTER, send_digests
from submissions.models import PublicEntry, Submission
from tests import factories
from tests.knowledge.factories import make_report
from tests.racing import together
from tests.submissions.listing import listed
from tests.submissions.publishing import suspend

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


def subscribe(email: str = "amina@example.org", **given: Any) -> Subscription:
    """Somebody whose last digest came a week ago."""
    then = timezone.now() - WEEK
    fields = {"confirmed_at": then, "seen_until": then, "due_at": timezone.now()}
    return Subscription.objects.create(email=email, **(fields | given))


def appear(at: datetime | None = None) -> None:
    """The reports that were not noted yet came into the library two hours ago."""
    cache.delete("knowledge.appearances")
    known = set(Appearance.objects.values_list("pk", flat=True))
    note_appearances()
    new = Appearance.objects.exclude(pk__in=known)
    new.update(at=at or timezone.now() - 2 * SETTLED_AFTER)


def digests() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(message="digest").order_by("pk"))


def make_due() -> None:
    """A week goes by."""
    Subscription.objects.update(due_at=timezone.now())


def test_a_digest_names_what_is_new_and_says_so_in_its_subject() -> None:
    make_report("Wells & pumps", themes=["water-sanitation"])
    make_report("Clinics", themes=["health"])
    appear()
    subscription = subscribe()
    assert send_digests() == 1
    (mail,) = digests()
    assert mail.subject == "New in the UNOSSC Alliance: 2 reports"
    assert re.findall(r"^(.+) \(Norec, 2019\)$", mail.text, re.MULTILINE) == [
        "Clinics",
        "Wells & pumps",
    ]
    assert "Wells &amp; pumps</bdi></a> (<bdi>Norec, 2019</bdi>)" in mail.html
    assert mail.headers == {
        "List-Unsubscribe": f"<{end_link(subscription)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert "/subscribe/choices/" in mail.text
    assert "<img" not in mail.html


def published(kind: str, place: Organization, description: str) -> Submission:
    """A Demand or Offer about health that has been on the board for two hours."""
    make = {"demand": factories.demand, "offer": factories.offer}[kind]
    owner = factories.member(place, "owner")
    row = make(owner, "published", description=description, themes=["health"])
    since = timezone.now() - 2 * SETTLED_AFTER
    PublicEntry.objects.filter(submission=row).update(since=since)
    return row


def test_demands_and_offers_are_told_of_with_who_wrote_them_and_where_they_stand() -> None:
    place = factories.organization(name="Institute of Rain")
    demand = published("demand", place, "We look for gauges.")
    published("offer", place, "We give gauges.")
    listed(name="Lamu Ferry Authority", country="KE")
    long_ago = timezone.now() - 2 * SETTLED_AFTER
    PublicEntry.objects.filter(kind="organization").update(since=long_ago)
    subscribe()
    send_digests()
    (mail,) = digests()
    assert mail.subject == "New in the UNOSSC Alliance: 1 Demand, 1 Offer, 1 organization"
    assert "Lamu Ferry Authority (Kenya)" in mail.text
    (link,) = re.findall(r"http\S+(/organizations/\S+)", mail.text)
    assert Client().get(link).status_code == 200
    assert "We look for gauges (Institute of Rain)" in mail.text
    assert f"/demands/{demand.reference}-we-look-for-gauges/" in mail.text
    assert re.findall(r"\S+@\S+", mail.text) == []


def test_what_has_left_the_board_and_whose_clearance_is_suspended_is_not_told_of() -> None:
    place, suspended = factories.organization(), factories.organization()
    published("demand", place, "Paused since.")
    published("demand", suspended, "Suspended since.")
    paused = Submission.objects.get(organization=place)
    actions.pause(paused, by=factories.member(place, "owner"))
    suspend(suspended)
    subscribe()
    assert send_digests() == 0


def test_only_what_was_chosen_is_told_of() -> None:
    make_report("Clinics", themes=["health"], regions=["africa"])
    make_report("Pumps", themes=["water-sanitation"], regions=["africa"])
    make_report("Ports", themes=["health"], regions=["lac"])
    appear()
    subscribe(themes=["health", "gender"], regions=["africa"])
    send_digests()
    (mail,) = digests()
    assert mail.subject == "New in the UNOSSC Alliance: 1 report"
    assert [title in mail.text for title in ("Clinics", "Pumps", "Ports")] == [True, False, False]


@pytest.mark.parametrize(
    ("chosen", "mails"),
    [
        ({"themes": ["health"]}, 1),
        ({"themes": ["gender", "health"], "regions": ["africa"]}, 1),
        ({"themes": ["gender"]}, 0),
        ({"themes": ["health"], "regions": ["lac"]}, 0),
    ],
)
def test_of_the_board_too_only_what_was_chosen_is_told_of(
    chosen: dict[str, Any], mails: int
) -> None:
    published("demand", factories.organization(), "Nurses.")
    subscribe(**chosen)
    assert send_digests() == mails


def test_what_has_just_come_onto_the_board_waits_for_the_next_digest_and_is_told_of_once() -> None:
    published("demand", factories.organization(), "Nurses.")
    subscribe()
    PublicEntry.objects.update(since=timezone.now() - SETTLED_AFTER / 2)
    assert send_digests() == 0
    # An hour goes by.
    PublicEntry.objects.update(since=F("since") - SETTLED_AFTER)
    Subscription.objects.update(seen_until=F("seen_until") - SETTLED_AFTER, due_at=timezone.now())
    assert send_digests() == 1
    make_due()
    assert send_digests() == 0


def test_where_nothing_is_new_nobody_writes() -> None:
    make_report("Long known")
    appear(at=timezone.now() - 2 * WEEK)
    make_report("Of a theme that was not chosen")
    appear()
    subscription = subscribe(themes=["health"])
    assert send_digests() == 0
    assert digests() == []
    subscription.refresh_from_db()
    assert subscription.due_at == next_digest()


def test_a_week_has_one_digest_however_often_the_worker_runs() -> None:
    make_report("First")
    appear()
    subscribe()
    assert [send_digests() for _ in range(3)] == [1, 0, 0]
    make_due()
    assert send_digests() == 0
    make_report("Second")
    appear(at=timezone.now() - SETTLED_AFTER)
    Subscription.objects.update(seen_until=timezone.now() - timedelta(hours=1, minutes=30))
    make_due()
    assert send_digests() == 1
    assert "First" not in digests()[1].text


def test_what_is_an_hour_old_waits_for_the_next_digest() -> None:
    make_report("Just here")
    appear(at=timezone.now() - timedelta(minutes=30))
    subscription = subscribe()
    assert send_digests() == 0
    subscription.refresh_from_db()
    assert subscription.seen_until < timezone.now() - timedelta(minutes=59)


@pytest.mark.parametrize(
    "state", [{"confirmed_at": None}, {"ended_at": timezone.now()}, {"due_at": next_digest()}]
)
def test_nobody_else_is_written_to(state: dict[str, Any]) -> None:
    make_report("News")
    appear()
    subscribe(**state)
    assert send_digests() == 0


def test_long_lists_end_with_a_link_to_the_rest() -> None:
    for number in range(MOST_NAMED + 2):
        make_report(f"Report {number}", themes=["health"])
    appear()
    subscribe(themes=["health"])
    send_digests()
    (mail,) = digests()
    assert mail.text.count("(Norec, 2019)") == MOST_NAMED
    assert "And 2 more:\n" in mail.text
    assert "/library/?theme=health&sort=newest" in mail.text


def test_one_that_fails_holds_up_nobody_and_is_tried_again() -> None:
    make_report("News")
    appear()
    broken, sound = subscribe(), subscribe("ben@example.org")
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE alliance_outgoingmail ADD CHECK (recipient <> 'amina@example.org')"
        )
    assert send_digests() == 1
    assert [mail.recipient for mail in digests()] == [sound.email]
    broken.refresh_from_db()
    assert broken.due_at < timezone.now() + timedelta(hours=1)
    assert broken.seen_until < timezone.now() - timedelta(days=6)


@pytest.mark.usefixtures("contents")
@pytest.mark.django_db(transaction=True)
def test_two_at_once_write_one_digest_to_each() -> None:
    make_report("News")
    appear()
    for number in range(12):
        subscribe(f"reader{number}@example.org")
    assert sum(together(send_digests, send_digests)) == 12
    assert len({mail.recipient for mail in digests()}) == len(digests()) == 12
