"""What members do with a published Demand or Offer through its page, and through a mail's link."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.dates import months_after
from alliance.models import OutgoingMail
from organizations.models import Membership, User
from submissions import actions
from submissions.actions.publication_sweeps import offer_renewals, pause_uncleared
from submissions.models import Submission
from tests import factories
from tests.submissions.publishing import change, ends_in, suspend

NEWER = "Forecasts reach nobody without a mobile network. We look for radio partners."


def page(submission: Submission) -> str:
    return reverse("submissions:detail", args=[submission.uuid])


def act(name: str, submission: Submission) -> str:
    return reverse(f"submissions:{name}", args=[submission.uuid])


def status(submission: Submission) -> str:
    return Submission.objects.get(pk=submission.pk).status


def offered(text: str) -> set[str]:
    """The acts that a page offers, by the last part of their address."""
    return set(re.findall(r"/(pause|resume|renew|fulfil|close|edit|withdraw)/\"", text))


def link_in(text: str) -> str:
    found = re.search(r"https?://\S+?(/renew/\S+)", text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        ("submitted", {"withdraw"}),
        ("published", {"pause", "fulfil", "close", "edit", "withdraw"}),
        ("paused", {"resume", "fulfil", "close", "edit", "withdraw"}),
        ("expired", {"renew"}),
        ("closed", set()),
        ("declined", set()),
    ],
)
def test_the_page_offers_what_its_state_allows(
    owner_client: Client, owner: User, state: str, acts: set[str]
) -> None:
    submission = factories.demand(owner, status=state)
    assert offered(owner_client.get(page(submission)).text) == acts


def test_readers_read_and_are_offered_nothing(owner: User, reader: User) -> None:
    submission = ends_in(factories.demand(owner, status="published"), 3)
    client = factories.logged_in(reader)
    body = client.get(page(submission)).text
    assert "Published until" in body
    assert offered(body) == set()
    for name in ("pause", "resume", "renew", "fulfil", "close"):
        assert client.post(act(name, submission)).status_code == 403
    assert status(submission) == "published"


def test_it_is_paused_shown_again_and_closed_by_its_buttons(
    owner_client: Client, owner: User
) -> None:
    submission = factories.offer(owner, status="published")
    body = owner_client.post(act("pause", submission), follow=True).text
    assert "Nobody outside sees it until you show it again." in body
    assert status(submission) == "paused"
    owner_client.post(act("resume", submission))
    assert status(submission) == "published"
    question = owner_client.get(act("close", submission)).text
    assert "This is for good" in question
    assert status(submission) == "published"
    owner_client.post(act("close", submission))
    assert status(submission) == "closed"
    again = owner_client.post(act("close", submission), follow=True)
    assert "This is no longer possible: it is now “Closed”." in again.text


def test_fulfilled_is_asked_about_once_more(owner_client: Client, owner: User) -> None:
    submission = factories.demand(owner, status="published")
    assert "has come true" in owner_client.get(act("fulfil", submission)).text
    owner_client.post(act("fulfil", submission))
    assert status(submission) == "fulfilled"
    assert owner_client.get(act("fulfil", submission))["Location"] == page(submission)


@pytest.mark.parametrize("name", ["pause", "resume", "renew"])
def test_a_link_followed_by_accident_changes_nothing(
    owner_client: Client, owner: User, name: str
) -> None:
    submission = factories.demand(owner, status="published")
    assert owner_client.get(act(name, submission)).status_code == 405


def test_strangers_find_nothing(owner: User, stranger: User) -> None:
    submission = factories.demand(owner, status="published")
    client = factories.logged_in(stranger)
    for name in ("pause", "resume", "renew", "fulfil", "close"):
        assert client.post(act(name, submission)).status_code == 404
    assert status(submission) == "published"


def test_it_is_renewed_shortly_before_its_end_by_one_button(
    owner_client: Client, owner: User
) -> None:
    submission = ends_in(factories.demand(owner, status="published"), 12)
    assert "renew" in offered(owner_client.get(page(submission)).text)
    body = owner_client.post(act("renew", submission), follow=True).text
    assert "Renewed for another 12 months." in body
    assert "renew" not in offered(body)


def test_the_page_says_why_it_is_paused(owner_client: Client, owner: User, senior: User) -> None:
    submission = factories.demand(owner, status="published")
    actions.pause(submission, by=senior, words="Please look at the numbers again.")
    body = owner_client.get(page(submission)).text
    assert "The secretariat has paused this." in body
    assert "resume" not in offered(body)
    other = factories.offer(owner, status="published")
    suspend(other.organization)
    pause_uncleared()
    body = owner_client.get(page(other)).text
    assert "the due diligence of your organization is not in force" in body
    refused = owner_client.post(act("resume", other), follow=True).text
    assert "nothing of it can be shown" in refused


def test_the_page_tells_what_became_of_a_change(
    owner_client: Client, owner: User, senior: User
) -> None:
    submission = factories.demand(owner, status="published")
    sent = change(submission, owner, NEWER)
    assert "waits for the secretariat" in owner_client.get(page(submission)).text
    actions.refuse_change(sent, by=senior, words="Please leave the names out.")
    body = owner_client.get(page(submission)).text
    assert "Please leave the names out." in body
    actions.accept_change(change(submission, owner, f"{NEWER} Soon."), by=senior)
    body = owner_client.get(page(submission)).text
    assert "Please leave the names out." not in body
    assert "waits for the secretariat" not in body


@pytest.fixture
def ending(owner: User) -> Submission:
    return ends_in(factories.demand(owner, status="published"), 20)


@pytest.fixture
def link(ending: Submission) -> str:
    """The link in the reminder, as it was mailed."""
    offer_renewals()
    text = OutgoingMail.objects.get(message="renewal_due").text
    return link_in(text)


def test_the_link_of_a_reminder_renews_without_a_login(
    client: Client, ending: Submission, owner: User, link: str
) -> None:
    shown = client.get(link)
    assert shown.status_code == 200
    assert f"Renew {ending.reference}" in shown.text
    before = ending.expires_on
    assert Submission.objects.get().expires_on == before
    done = client.post(link, follow=True)
    assert "It is renewed" in done.text
    renewed = Submission.objects.get()
    assert renewed.expires_on == months_after(timezone.localdate(), 12) != before
    assert renewed.status_by == owner


def test_the_link_renews_once_and_says_so_to_who_comes_twice(
    client: Client, ending: Submission, link: str
) -> None:
    client.post(link)
    until = Submission.objects.get().expires_on
    assert "It is renewed" in client.post(link).text
    assert Submission.objects.get().expires_on == until
    ends_in(ending, 5)  # a year later the old link lies in some mailbox still
    assert client.post(link).status_code == 404


def test_a_link_that_is_not_ours_is_none(client: Client, link: str, ending: Submission) -> None:
    for token in ("x", "WzEsMSwiMjAyNi0xMi0xMiJd:abc", link.split("/")[2][:-2] + "zz"):
        response = client.post(reverse("renew_by_link", args=[token]))
        assert response.status_code == 404
        assert "This link does not work" in response.text
    assert Submission.objects.get().expires_on == ending.expires_on


def test_who_may_no_longer_write_renews_nothing(
    client: Client, owner: User, ending: Submission, link: str
) -> None:
    owner.memberships.update(role=Membership.Role.READER)
    assert client.post(link).status_code == 404
    owner.memberships.all().delete()
    assert client.post(link).status_code == 404
    assert Submission.objects.get().expires_on == ending.expires_on


def test_the_link_does_not_bring_back_what_was_ended(
    client: Client, owner: User, ending: Submission, link: str
) -> None:
    actions.fulfil(ending, by=owner)
    assert client.get(link).status_code == 404
    assert client.post(link).status_code == 404
    assert status(ending) == "fulfilled"


def test_the_link_says_it_where_the_clearance_is_not_there(
    client: Client, ending: Submission, link: str
) -> None:
    suspend(ending.organization)
    response = client.post(link, follow=True)
    assert "nothing of it can be shown" in response.text
    assert Submission.objects.get().expires_on == ending.expires_on


def test_what_has_ended_comes_back_by_the_link_of_its_last_mail(
    client: Client, owner: User
) -> None:
    submission = factories.offer(owner, status="expired")
    text = OutgoingMail.objects.get(message="publication_expired").text
    client.post(link_in(text))
    assert status(submission) == "published"
