"""Drafts that nobody touches: one reminder, notice, and only then they go."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from alliance.retention import DAY
from organizations.models import Membership, User
from submissions import actions
from submissions.actions.draft_sweeps import remind_of_drafts, warn_of_deletion
from submissions.models import Submission
from submissions.retention import forget_drafts
from tests import factories
from tests.submissions.publishing import mails

MINUTE = timedelta(minutes=1)


def touched(draft: Submission, ago: timedelta, **moments: timedelta) -> Submission:
    """The draft as if it had been begun and saved that long ago."""
    now = timezone.now()
    values: dict[str, datetime] = {"saved_at": now - ago, "created_at": now - ago}
    values |= {name: now - time for name, time in moments.items()}
    Submission.objects.filter(pk=draft.pk).update(**values)
    return Submission.objects.get(pk=draft.pk)


def forget() -> int:
    return forget_drafts(timezone.now() - Submission.DRAFTS_KEPT_FOR)


@pytest.mark.parametrize("kind", ["eoi", "demand", "offer"])
def test_a_draft_left_lying_is_reminded_of_once(owner: User, kind: str) -> None:
    draft = touched(factories.draft(owner, kind), 14 * DAY - MINUTE)
    assert remind_of_drafts() == 0
    draft = touched(draft, 14 * DAY + MINUTE)
    assert (remind_of_drafts(), remind_of_drafts()) == (1, 0)
    touched(draft, 100 * DAY)
    assert remind_of_drafts() == 0
    (mail,) = mails("draft_waits")
    assert mail.recipient == owner.email
    assert draft.get_absolute_url() in mail.text
    assert draft.get_kind_display() in mail.subject


def test_a_draft_that_was_never_saved_is_reminded_of_too(owner: User) -> None:
    place = owner.memberships.get().organization
    draft = actions.start_draft(place, "demand", by=owner)
    long_ago = timezone.now() - 15 * DAY
    Submission.objects.filter(pk=draft.pk).update(created_at=long_ago)
    assert remind_of_drafts() == 1
    assert mails("draft_waits")[0].recipient == owner.email


def test_who_saved_it_last_is_written_to_while_they_may_write(owner: User, editor: User) -> None:
    draft = touched(factories.draft(editor, "demand"), 15 * DAY)
    remind_of_drafts()
    editor.memberships.update(role=Membership.Role.READER)
    touched(draft, 170 * DAY)
    warn_of_deletion()
    assert mails("draft_waits")[0].recipient == editor.email
    assert mails("draft_goes")[0].recipient == owner.email


def test_notice_is_given_fourteen_days_before_a_draft_goes(owner: User) -> None:
    draft = touched(factories.draft(owner, "offer"), 166 * DAY - MINUTE)
    assert warn_of_deletion() == 0
    draft = touched(draft, 166 * DAY + MINUTE)
    assert (warn_of_deletion(), warn_of_deletion()) == (1, 0)
    draft.refresh_from_db()
    day = timezone.localdate() + 14 * DAY
    assert draft.draft_goes_on == day
    (mail,) = mails("draft_goes")
    assert f"{day.day} " in mail.subject or f" {day.day}," in mail.subject


def test_no_draft_goes_without_fourteen_days_of_notice(owner: User) -> None:
    draft = touched(factories.draft(owner, "demand"), 300 * DAY)
    assert forget() == 0
    warn_of_deletion()
    assert forget() == 0
    touched(draft, 300 * DAY, warned_at=14 * DAY - MINUTE)
    assert forget() == 0
    touched(draft, 300 * DAY, warned_at=14 * DAY + MINUTE)
    assert forget() == 1
    assert not Submission.objects.exists()


def test_saving_it_keeps_it(owner: User) -> None:
    draft = touched(factories.draft(owner, "demand"), 300 * DAY, warned_at=15 * DAY)
    typed = draft.typed | {"description": ["We still need it."]}
    draft = actions.save_draft(draft, by=owner, typed=typed, version=draft.version)
    assert (draft.draft_goes_on, forget(), warn_of_deletion()) == (None, 0, 0)
    touched(draft, 170 * DAY, warned_at=200 * DAY)
    assert (forget(), warn_of_deletion()) == (0, 1)


def test_saving_it_as_it_stands_keeps_it_as_well(owner_client: Client, owner: User) -> None:
    draft = touched(factories.draft(owner, "demand"), 300 * DAY, warned_at=15 * DAY)
    typed = draft.typed | {"version": [str(draft.version)], "save": ["1"]}
    owner_client.post(f"/submissions/{draft.uuid}/edit/", typed)
    draft.refresh_from_db()
    assert draft.version == int(typed["version"][0])  # nothing new for who else has it open
    assert (forget(), warn_of_deletion()) == (0, 0)


def test_a_notice_from_before_the_last_saving_counts_for_nothing(owner: User) -> None:
    draft = touched(factories.draft(owner, "demand"), 181 * DAY, warned_at=200 * DAY)
    assert forget() == 0
    assert (warn_of_deletion(), forget()) == (1, 0)
    touched(draft, 181 * DAY, warned_at=15 * DAY)
    assert forget() == 1


def test_nobody_hears_of_what_was_sent(owner: User) -> None:
    for submission in (factories.submitted(owner), factories.demand(owner, status="published")):
        touched(submission, 400 * DAY, warned_at=100 * DAY)
    assert (remind_of_drafts(), warn_of_deletion(), forget()) == (0, 0, 0)
