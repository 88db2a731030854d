"""What is old goes, what is young stays, for every line of the notice."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from alliance.files.keeping import drop_files_without_row
from alliance.models import Event, OutgoingMail
from alliance.retention import DAY, YEAR, forget_what_is_old, readable_time
from knowledge.models import Alert
from organizations.models import (
    ConnectMessage,
    Invitation,
    JoinRequest,
    Membership,
    Organization,
    OrganizationDocument,
    ScreenedName,
    Subscription,
    User,
)
from submissions import actions, retention
from submissions.models import DataExport, Revision, Submission
from submissions.retention import KEPT
from tests import factories
from tests.submissions.planting import hit_on

# The tests of papers share one folder, so they share one worker.
pytestmark = pytest.mark.django_db


def ago(time: timedelta) -> datetime:
    return timezone.now() - time


def forget() -> None:
    forget_what_is_old(KEPT)


def mail(age: timedelta, **fields: Any) -> OutgoingMail:
    values: dict[str, Any] = {
        "recipient": "amina@example.org",
        "sender": "alliance@localhost",
        "subject": "A word",
        "text": "Hello",
        "html": "<p>Hello</p>",
        "headers": {"List-Unsubscribe": "a link"},
        "message_id": f"<{OutgoingMail.objects.count()}@localhost>",
        "status": OutgoingMail.Status.SENT,
        "sent_at": timezone.now(),
    }
    row = OutgoingMail.objects.create(**values | fields)
    OutgoingMail.objects.filter(pk=row.pk).update(created_at=ago(age))
    return row


def age(row: models.Model, **moments: timedelta) -> None:
    """Let the row's moments be so long ago."""
    values = {name: ago(time) for name, time in moments.items()}
    type(row)._default_manager.filter(pk=row.pk).update(**values)


def unconfirmed(**fields: Any) -> User:
    person = factories.user(**fields)
    EmailAddress.objects.filter(user=person).update(verified=False)
    return person


def test_an_account_that_nobody_confirmed_goes_after_a_week() -> None:
    old, young = unconfirmed(), unconfirmed()
    confirmed, staff = factories.user(), unconfirmed(is_staff=True)
    for person in (old, confirmed, staff):
        age(person, date_joined=7 * DAY + timedelta(minutes=1))
    age(young, date_joined=7 * DAY - timedelta(minutes=1))
    mail(DAY, recipient=old.email)
    forget()
    assert set(User.objects.all()) == {young, confirmed, staff}
    assert not OutgoingMail.objects.exists()


def test_its_organization_goes_with_it_but_not_one_with_others(organization: Organization) -> None:
    lonely = factories.organization()
    person = unconfirmed()
    Membership.objects.create(user=person, organization=lonely, role="owner", function="")
    guest = unconfirmed()
    Membership.objects.create(user=guest, organization=organization, role="reader", function="")
    member = factories.member(organization, Membership.Role.OWNER)
    for row in (person, guest):
        age(row, date_joined=8 * DAY)
    forget()
    assert list(Organization.objects.all()) == [organization]
    assert list(organization.memberships.values_list("user", flat=True)) == [member.pk]


def test_ended_sessions_and_their_notes_go(owner: User) -> None:
    client = Client()
    client.force_login(owner)
    living = client.session.session_key
    for key, last_seen in ((living, 2 * DAY), ("gone", 2 * DAY), ("just-coming", timedelta())):
        UserSession.objects.create(
            user=owner, ip="192.0.2.1", session_key=key, last_seen_at=ago(last_seen)
        )
    Session.objects.create(session_key="ended", session_data="", expire_date=ago(DAY))
    forget()
    assert list(Session.objects.values_list("session_key", flat=True)) == [living]
    notes = UserSession.objects.values_list("session_key", flat=True)
    assert set(notes) == {living, "just-coming"}


def test_texts_of_mails_are_emptied_after_ninety_days_and_rows_go_after_a_year() -> None:
    young, old = mail(89 * DAY), mail(91 * DAY)
    mail(YEAR + DAY)
    waiting = mail(91 * DAY, status=OutgoingMail.Status.QUEUED, sent_at=None)
    forget()
    texts = {row.pk: (row.text, row.html, row.subject) for row in OutgoingMail.objects.all()}
    assert texts == {
        young.pk: ("Hello", "<p>Hello</p>", "A word"),
        old.pk: ("", "", "A word"),
        waiting.pk: ("Hello", "<p>Hello</p>", "A word"),
    }
    assert OutgoingMail.objects.get(pk=old.pk).headers == {}


def test_codes_are_emptied_after_a_day_and_farewells_go() -> None:
    young = mail(timedelta(hours=23), is_secret=True)
    old = mail(timedelta(hours=25), is_secret=True)
    farewell = mail(timedelta(hours=23), message="account_erased")
    mail(timedelta(hours=25), message="account_erased")
    forget()
    texts = {row.pk: row.text for row in OutgoingMail.objects.all()}
    assert texts == {young.pk: "Hello", old.pk: "", farewell.pk: "Hello"}


def test_connect_messages_go_after_two_years_and_concerns_after_five() -> None:
    kept = set()
    for is_concern, limit in ((False, 2 * YEAR), (True, 5 * YEAR)):
        for time in (limit - DAY, limit + DAY):
            message = ConnectMessage.objects.create(
                name="A",
                email="a@example.org",
                organization="B",
                job_title="C",
                is_concern=is_concern,
                fingerprint=f"{is_concern}{time}",
            )
            age(message, created_at=time)
            kept |= {message} if time < limit else set()
    forget()
    assert set(ConnectMessage.objects.all()) == kept


def test_subscriptions_without_a_reason_to_be_kept_go() -> None:
    now = timezone.now()
    Subscription.objects.bulk_create(
        [
            Subscription(email="active@example.org", confirmed_at=ago(YEAR), asked_at=ago(YEAR)),
            Subscription(email="asked@example.org", asked_at=ago(6 * DAY)),
            Subscription(email="forgotten@example.org", asked_at=ago(8 * DAY)),
            Subscription(email="ended@example.org", confirmed_at=now, ended_at=ago(29 * DAY)),
            Subscription(email="over@example.org", confirmed_at=now, ended_at=ago(31 * DAY)),
        ]
    )
    forget()
    assert set(Subscription.objects.values_list("email", flat=True)) == {
        "active@example.org",
        "asked@example.org",
        "ended@example.org",
    }


def test_alerts_without_a_reason_to_be_kept_go() -> None:
    now = timezone.now()
    Alert.objects.bulk_create(
        [
            Alert(email="active@example.org", confirmed_at=ago(YEAR), asked_at=ago(YEAR)),
            Alert(email="asked@example.org", asked_at=ago(6 * DAY)),
            Alert(email="forgotten@example.org", asked_at=ago(8 * DAY)),
            Alert(email="ended@example.org", confirmed_at=now, ended_at=ago(29 * DAY)),
            Alert(email="over@example.org", confirmed_at=now, ended_at=ago(31 * DAY)),
        ]
    )
    forget()
    assert set(Alert.objects.values_list("email", flat=True)) == {
        "active@example.org",
        "asked@example.org",
        "ended@example.org",
    }


def test_invitations_and_answered_requests_go(organization: Organization) -> None:
    for number, time in enumerate((29 * DAY, 31 * DAY)):
        Invitation.objects.create(
            organization=organization,
            email=f"{number}@example.org",
            role="reader",
            expires_at=ago(time),
        )
    for time in (YEAR - DAY, YEAR + DAY):
        JoinRequest.objects.create(
            user=factories.user(),
            typed_name=str(time),
            function="",
            status="declined",
            decided_at=ago(time),
        )
    JoinRequest.objects.create(
        user=factories.user(), typed_name="open", function="", asked_at=ago(2 * YEAR)
    )
    forget()
    assert [row.email for row in Invitation.objects.all()] == ["0@example.org"]
    assert {row.typed_name for row in JoinRequest.objects.all()} == {"open", str(YEAR - DAY)}


def test_names_no_longer_screened_go_unless_they_were_found_on_the_list(
    organization: Organization,
) -> None:
    rows = [
        ScreenedName.objects.create(
            organization=organization,
            kind="head",
            name=name,
            spelling=name,
            source="profile",
            retired_at=retired_at,
        )
        for name, retired_at in (
            ("now", None),
            ("lately", ago(5 * YEAR - DAY)),
            ("long ago", ago(5 * YEAR + DAY)),
            ("found", ago(5 * YEAR + DAY)),
        )
    ]
    hit_on(rows[3], "confirmed")
    forget()
    assert {row.name for row in ScreenedName.objects.all()} == {"now", "lately", "found"}


def test_the_admins_log_and_finished_jobs_go(administrator: User) -> None:
    for number, time in enumerate((2 * YEAR - DAY, 2 * YEAR + DAY)):
        LogEntry.objects.create(
            user=administrator, action_flag=CHANGE, object_repr=str(number), action_time=ago(time)
        )
    for name, status, finished_at in (
        ("young", "FAILED", ago(13 * DAY)),
        ("old", "SUCCESSFUL", ago(15 * DAY)),
        ("waiting", "READY", None),
    ):
        DBTaskResult.objects.create(
            task_path=name,
            args_kwargs={},
            status=status,
            run_after=timezone.now(),
            finished_at=finished_at,
        )
    forget()
    assert [entry.object_repr for entry in LogEntry.objects.all()] == ["0"]
    assert {job.task_path for job in DBTaskResult.objects.all()} == {"young", "waiting"}


def test_applications_without_success_go_after_five_years(owner: User, stranger: User) -> None:
    rows = {}
    for name, time in (("young", 5 * YEAR - DAY), ("old", 5 * YEAR + DAY)):
        rows[name] = actions.withdraw(factories.submitted(owner), by=owner)
        age(rows[name], status_at=time)
    still_open = factories.submitted(owner)
    age(still_open, status_at=6 * YEAR)
    events = Event.objects.count()
    forget()
    assert set(Submission.objects.all()) == {rows["young"], still_open}
    assert Revision.objects.count() == 2
    assert Event.objects.count() == events


def test_a_declined_application_goes_with_its_decision(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    decision = actions.decide(
        submission,
        by=senior,
        outcome="decline",
        reason=factories.term("decision-reason", "meets-criteria"),
        explanation="No.",
        letter="Dear colleague",
    )
    actions.publish_decision(decision, by=senior)
    submission.refresh_from_db()
    assert submission.goes_at == submission.status_at + 5 * YEAR
    age(submission, status_at=5 * YEAR + DAY)
    forget()
    assert not Submission.objects.exists()


def test_staff_see_when_an_application_goes(owner: User, senior_client: Client) -> None:
    submission = actions.withdraw(factories.submitted(owner), by=owner)
    address = f"/admin/submissions/submission/{submission.pk}/change/"
    assert "Deleted on" in senior_client.get(address).text
    open_one = factories.submitted(owner)
    address = f"/admin/submissions/submission/{open_one.pk}/change/"
    assert "Deleted on" not in senior_client.get(address).text
    assert open_one.goes_at is None


def test_drafts_that_nobody_touches_go_after_half_a_year(owner: User, stranger: User) -> None:
    young, old = factories.draft(owner), factories.draft(stranger)
    never_saved = actions.start_draft(
        factories.member(factories.organization(), "owner").memberships.get().organization,
        "demand",
        by=User.objects.latest("pk"),
    )
    age(young, saved_at=180 * DAY - timedelta(hours=1), created_at=3 * YEAR, warned_at=15 * DAY)
    age(old, saved_at=181 * DAY, warned_at=15 * DAY)
    age(never_saved, created_at=181 * DAY, warned_at=15 * DAY)
    forget()
    assert list(Submission.objects.all()) == [young]


def test_documents_go_from_the_disk_together_with_their_draft(
    owner: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    draft = factories.draft(owner, "demand")
    name = str(factories.attachment(draft, by=owner).file.name)
    kept = str(factories.attachment(factories.draft(owner, "offer"), by=owner).file.name)
    age(draft, saved_at=181 * DAY, warned_at=15 * DAY)
    with django_capture_on_commit_callbacks(execute=True):
        forget()
    private = storages["private"]
    assert (private.exists(name), private.exists(kept)) == (False, True)


def test_closed_organizations_go_with_all_that_they_sent(
    owner: User,
    organization: Organization,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    paper = storages["private"].save("documents/x.pdf", ContentFile(b"%PDF"))
    OrganizationDocument.objects.create(
        organization=organization,
        kind="other",
        name="x.pdf",
        file=paper,
        size=4,
        sha256=64 * "0",
        content_type="application/pdf",
    )
    other = factories.organization(closed_at=ago(5 * YEAR - DAY))
    actions.withdraw(factories.submitted(owner), by=owner)
    age(organization, closed_at=5 * YEAR + DAY)
    with django_capture_on_commit_callbacks(execute=True):
        forget()
    assert list(Organization.objects.all()) == [other]
    assert not storages["private"].exists(paper)
    assert not Submission.objects.exists()


def test_exports_go_after_a_week_with_their_files_and_files_without_a_row_too(
    owner: User, editor: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    private = storages["private"]
    names = {}
    for person, time in ((owner, 8 * DAY), (editor, 6 * DAY)):
        names[person] = private.save("exports/data.zip", ContentFile(b"PK"))
        DataExport.objects.create(
            person=person, file=names[person], made_at=timezone.now(), requested_at=ago(time)
        )
    orphan = private.save("exports/data.zip", ContentFile(b"PK"))
    with django_capture_on_commit_callbacks(execute=True):
        forget()
    assert [export.person for export in DataExport.objects.all()] == [editor]
    assert (private.exists(names[owner]), private.exists(names[editor])) == (False, True)
    # It may be one whose row is being written.
    assert private.exists(orphan)
    drop_files_without_row(DataExport, "exports", ago(-timedelta(hours=1)))
    assert (private.exists(orphan), private.exists(names[editor])) == (False, True)


def test_the_sweep_runs_once_an_hour_whoever_asks() -> None:
    def one_more() -> None:
        Subscription.objects.create(email="late@example.org", asked_at=ago(8 * DAY))

    cache.delete("submissions.retention")
    one_more()
    retention.sweep()
    assert not Subscription.objects.exists()
    one_more()
    retention.sweep()
    assert Subscription.objects.exists()


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(hours=24), "24 hours"),
        (7 * DAY, "7 days"),
        (YEAR, "1 year"),
        (5 * YEAR, "5 years"),
    ],
)
def test_times_are_written_for_people(time: timedelta, words: str) -> None:
    assert readable_time(time) == words
