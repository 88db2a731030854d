"""What needs somebody stands on the first page, is told once by mail, and goes when it is mended."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from pytest_django import Settings

from alliance import alarms, sweeping
from alliance.alarms import Trouble
from alliance.backups.metrics import last_copy
from alliance.models import Alarm, BackupCopy, OutgoingMail, Sweep, TrailCheck
from organizations.alarms import tell_of_alarms
from organizations.models import ListImport, User
from submissions.models import DataExport
from tests import factories
from tests.organizations.screening import take
from tests.racing import together

pytestmark = pytest.mark.django_db

LATE = Trouble(Alarm.Kind.QUEUE_LATE, "data_exports")
WORDS = "Work waits for longer than it should (data_exports)"
SWEEP = "alliance.emails.send_due_mail"


def ago(**length: float) -> datetime:
    return timezone.now() - timedelta(**length)


def late_export(person: User) -> DataExport:
    return DataExport.objects.create(person=person, requested_at=ago(minutes=20))


def later(minutes: float) -> None:
    """Let so much time pass for what is known to be wrong."""
    for alarm in Alarm.objects.all():
        for name in ("since", "told_at", "ended_at"):
            if (at := getattr(alarm, name)) is not None:
                setattr(alarm, name, at - timedelta(minutes=minutes))
        alarm.save()


def mails() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(message="alarms_raised").order_by("id"))


def found() -> set[Trouble]:
    alarms.take_new()
    return {Trouble(alarm.kind, alarm.subject) for alarm in alarms.current()}


def test_each_administrator_gets_one_mail_however_long_it_lasts(
    administrator: User, senior: User, owner: User
) -> None:
    other = factories.staff("Administrator")
    late_export(owner)
    assert tell_of_alarms() == 0  # it may be over in a minute
    later(4)
    assert tell_of_alarms() == 1
    for _time in range(3):
        later(60)
        assert tell_of_alarms() == 0
    assert {mail.recipient for mail in mails()} == {administrator.email, other.email}
    assert len(mails()) == 2
    assert WORDS in mails()[0].text
    assert WORDS in mails()[0].html


def test_it_stands_on_the_first_page_until_it_is_mended(administrator: User, owner: User) -> None:
    client = factories.logged_in(administrator)
    export = late_export(owner)
    tell_of_alarms()
    assert WORDS in client.get("/admin/").content.decode()
    export.delete()
    tell_of_alarms()
    assert WORDS not in client.get("/admin/").content.decode()


def test_what_comes_back_within_the_hour_is_not_told_again_and_later_is(
    administrator: User, owner: User
) -> None:
    def begins_lasts_and_is_mended() -> int:
        export = late_export(owner)
        tell_of_alarms()
        later(4)
        told = tell_of_alarms()
        export.delete()
        tell_of_alarms()
        return told

    assert begins_lasts_and_is_mended() == 1
    later(30)
    assert begins_lasts_and_is_mended() == 0
    later(90)
    assert begins_lasts_and_is_mended() == 1
    assert len(mails()) == 2


def test_the_first_page_says_that_no_worker_is_there(administrator: User) -> None:
    client = factories.logged_in(administrator)
    words = "The worker has not been seen for five minutes"
    assert words in client.get("/admin/").content.decode()
    sweeping.Notes().note(SWEEP, is_well=True)
    assert words not in client.get("/admin/").content.decode()


def sweep_that_fails() -> None:
    Sweep.objects.create(path=SWEEP, last_failure_at=ago(), failing_since=ago(minutes=11))


def mail_that_is_stuck() -> None:
    mail = OutgoingMail.objects.create(recipient="a@example.org", message_id="<1@x>", attempts=3)
    OutgoingMail.objects.filter(pk=mail.pk).update(created_at=ago(minutes=31))


def mail_that_was_given_up() -> None:
    OutgoingMail.objects.create(recipient="a@example.org", message_id="<2@x>", status="failed")


def broken_trail() -> None:
    TrailCheck.objects.create(seals=1, events=1, broken=TrailCheck.Break.EVENT_DELETED)


def old_copy() -> None:
    BackupCopy.objects.create(began_at=ago(hours=37), size=1)


def old_list() -> None:
    ListImport.objects.create(outcome=ListImport.Outcome.NEW, snapshot=take())
    ListImport.objects.update(at=ago(days=3))


@pytest.mark.parametrize(
    ("happen", "trouble"),
    [
        (sweep_that_fails, Trouble("sweep-fails", SWEEP)),
        (mail_that_is_stuck, Trouble("mail-stuck")),
        (mail_that_was_given_up, Trouble("mail-failed")),
        (broken_trail, Trouble("trail")),
        (old_copy, Trouble("copy-old")),
        (old_list, Trouble("list-old")),
    ],
)
def test_each_kind_is_found(
    settings: Settings, happen: Callable[[], None], trouble: Trouble
) -> None:
    settings.SANCTIONS_LIST_ADDRESS = "https://list.example.org/"
    assert found() == set()
    happen()
    assert found() == {trouble}


def test_a_full_disk_and_a_scanner_that_is_away_are_found(settings: Settings) -> None:
    settings.UPLOAD_FREE_DISK_FLOOR = 2**62
    settings.CLAMD_URL = "unix:///nowhere"
    assert found() == {Trouble("disk-low"), Trouble("scanner")}


def test_mail_of_one_mailbox_that_is_full_is_no_alarm_while_other_mail_leaves() -> None:
    mail_that_is_stuck()
    OutgoingMail.objects.create(
        recipient="b@example.org", message_id="<3@x>", status="sent", sent_at=ago()
    )
    assert found() == set()


def test_a_copy_a_day_ago_is_enough() -> None:
    BackupCopy.objects.create(began_at=ago(hours=40), size=1)
    BackupCopy.objects.create(began_at=ago(hours=25), size=1)
    assert found() == set()


def installed(settings: Settings, **how: bool) -> None:
    """It is no trial, and two days old; no copy of it was ever made."""
    settings.LOCAL_MODE, settings.COPIED_ELSEWHERE = False, how.get("elsewhere", False)
    MigrationRecorder.Migration.objects.update(applied=ago(days=2))


def test_that_no_copy_was_ever_made_is_found(settings: Settings) -> None:
    installed(settings)
    assert found() == {Trouble("copy-old")}
    assert [metric.samples[0].value // 3600 for metric in last_copy()] == [48]
    BackupCopy.objects.create(began_at=ago(hours=1), size=1)
    assert found() == set()


def test_no_copy_is_missed_where_there_is_another_way(settings: Settings) -> None:
    installed(settings, elsewhere=True)
    assert found() == set()
    assert list(last_copy()) == []


def test_what_failed_days_ago_is_no_alarm_any_more() -> None:
    mail_that_was_given_up()
    OutgoingMail.objects.update(next_attempt_at=ago(days=2))
    assert found() == set()


@pytest.mark.django_db(transaction=True)
def test_of_workers_that_look_at_once_one_tells(contents: None) -> None:
    factories.staff("Administrator")
    late_export(factories.member(factories.organization(), "owner"))
    alarms.keep({LATE})
    later(4)
    assert sorted(together(*[tell_of_alarms] * 4)) == [0, 0, 0, 1]
    assert len(mails()) == 1
