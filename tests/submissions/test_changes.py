"""Changing what is published: the shown version stays until a senior accepts the newer one."""

from functools import partial

import pytest

from alliance.exceptions import ActionRefused
from organizations.models import User
from submissions import actions
from submissions.models import Change, Submission
from tests import factories
from tests.racing import at_once
from tests.submissions.publishing import answers, change, events, mails

NEWER = "Forecasts reach nobody without a mobile network. We look for radio partners."


@pytest.mark.parametrize("status", ["published", "paused"])
def test_a_change_waits_and_the_shown_version_stays(owner: User, status: str) -> None:
    submission = factories.demand(owner, status=status)
    shown, title = submission.shown_revision, submission.title
    sent = change(submission, owner, NEWER)
    submission.refresh_from_db()
    assert (sent.outcome, sent.revision.number) == ("waiting", 2)
    assert (submission.shown_revision, submission.title) == (shown, title)
    assert submission.status == status
    assert events(submission)[-1] == "submission.change_sent"


def test_an_accepted_change_is_shown_with_its_own_title(owner: User, senior: User) -> None:
    submission = factories.offer(owner, status="published")
    ends = submission.expires_on
    sent = actions.accept_change(change(submission, owner, NEWER), by=senior)
    submission.refresh_from_db()
    assert (sent.outcome, sent.settled_by) == ("accepted", senior)
    assert submission.shown_revision == sent.revision
    assert submission.title == "Forecasts reach nobody without a mobile network"
    assert (submission.status, submission.expires_on) == ("published", ends)
    (mail,) = mails("change_settled")
    assert mail.recipient == owner.email
    assert "The new version is shown from now on." in mail.text


def test_a_refused_change_leaves_everything_and_says_why(owner: User, senior: User) -> None:
    submission = factories.demand(owner, status="published")
    shown = submission.shown_revision
    sent = change(submission, owner, NEWER)
    with pytest.raises(ActionRefused, match="Say in a sentence why"):
        actions.refuse_change(sent, by=senior, words=" ")
    sent = actions.refuse_change(sent, by=senior, words="Please leave the names out.")
    submission.refresh_from_db()
    assert (sent.outcome, submission.shown_revision) == ("refused", shown)
    (mail,) = mails("change_settled")
    assert "Please leave the names out." in mail.text
    assert "What was published before is still shown." in mail.text


def test_a_newer_change_takes_the_place_of_the_one_that_waits(owner: User, senior: User) -> None:
    submission = factories.demand(owner, status="published")
    first = change(submission, owner, NEWER)
    second = change(submission, owner, f"{NEWER} And for money.")
    first.refresh_from_db()
    assert (first.outcome, second.outcome) == ("replaced", "waiting")
    with pytest.raises(ActionRefused, match="newer version meanwhile"):
        actions.accept_change(first, by=senior)
    assert actions.accept_change(second, by=senior).revision.number == 3


def test_a_second_click_sends_no_second_change(owner: User) -> None:
    submission = factories.demand(owner, status="published")
    first = change(submission, owner, NEWER)
    assert change(submission, owner, NEWER) == first
    assert Change.objects.count() == 1


def test_what_says_the_same_is_no_change(owner: User) -> None:
    submission = factories.demand(owner, status="published", description=NEWER)
    with pytest.raises(ActionRefused, match="Nothing differs"):
        change(submission, owner, NEWER)


def test_another_document_is_a_change_though_every_answer_says_the_same(owner: User) -> None:
    submission = factories.demand(owner, status="published", description=NEWER)
    added = factories.attachment(submission, by=owner)
    sent = change(submission, owner, NEWER)
    assert sent.revision.answers == submission.revisions.get(number=1).answers
    assert list(sent.revision.attachments.all()) == [added]
    assert change(submission, owner, NEWER) == sent
    actions.remove_attachment(added, by=owner)
    assert list(change(submission, owner, NEWER).revision.attachments.all()) == []


def test_an_old_page_does_not_send_over_a_newer_draft(owner: User) -> None:
    submission = factories.demand(owner, status="published")
    version = submission.version
    actions.save_draft(submission, by=owner, typed={"description": ["x"]}, version=version)
    old = Submission.objects.get(pk=submission.pk)
    old.version = version
    newest = submission.revisions.latest("number")
    from_an_old_page = answers(submission.kind, NEWER)
    with pytest.raises(actions.NewerVersionSaved):
        actions.send_change(old, by=owner, version=version, answers=from_an_old_page)
    assert submission.revisions.latest("number") == newest


@pytest.mark.parametrize("status", ["submitted", "withdrawn", "closed", "fulfilled", "expired"])
def test_only_what_is_live_can_be_changed(owner: User, status: str) -> None:
    with pytest.raises(ActionRefused, match="Only what is published"):
        change(factories.demand(owner, status=status), owner, NEWER)


def test_readers_strangers_and_staff_change_nothing(
    owner: User, reader: User, stranger: User, senior: User
) -> None:
    submission = factories.demand(owner, status="published")
    for person in (reader, stranger, senior):
        with pytest.raises(ActionRefused, match="Only owners and editors"):
            change(submission, person, NEWER)
    assert not Change.objects.exists()


def test_only_seniors_of_other_organizations_settle_a_change(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.demand(owner, status="published")
    sent = change(submission, owner, NEWER)
    submission.organization.memberships.create(user=senior, role="reader", function="Board")
    for person in (owner, reviewer, senior):
        with pytest.raises(ActionRefused, match="Only a senior reviewer"):
            actions.accept_change(sent, by=person)
        with pytest.raises(ActionRefused, match="Only a senior reviewer"):
            actions.refuse_change(sent, by=person, words="No.")


def test_a_change_to_what_has_ended_is_not_accepted(owner: User, senior: User) -> None:
    submission = factories.demand(owner, status="published")
    sent = change(submission, owner, NEWER)
    actions.close(submission, by=owner)
    with pytest.raises(ActionRefused, match="it is now “Closed”"):
        actions.accept_change(sent, by=senior)


@pytest.mark.django_db(transaction=True)
def test_of_two_seniors_at_once_one_settles_it_and_the_other_learns_who(contents: None) -> None:
    owner = factories.member(factories.organization(), "owner")
    seniors = [factories.staff("Senior reviewer") for _ in range(2)]
    sent = change(factories.demand(owner, status="published"), owner, NEWER)

    def settle(number: int) -> None:
        senior = User.objects.get(pk=seniors[number].pk)
        row = Change.objects.get(pk=sent.pk)
        if number:
            actions.accept_change(row, by=senior)
        else:
            actions.refuse_change(row, by=senior, words="No.")

    results = at_once(partial(settle, 0), partial(settle, 1))
    assert results.count("done") == 1
    loser = next(text for text in results if text != "done")
    assert str(seniors[results.index("done")]) in loser
    assert len(mails("change_settled")) == 1
