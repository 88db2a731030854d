"""Events are sealed by the worker, and whatever is done to them afterwards shows."""

import json
import logging
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from alliance import audit, trail, trail_check
from alliance.models import Event, Seal, TrailCheck
from organizations.models import Organization, User
from tests import factories

pytestmark = pytest.mark.django_db
Break = TrailCheck.Break


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Where the newest seal is noted."""
    settings.ALLIANCE_DATA = tmp_path
    return tmp_path


@pytest.fixture
def sealed(organization: Organization, monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Eight events under four seals, and one that is newer."""
    monkeypatch.setattr(trail, "MOST_IN_A_SEAL", 2)
    tell(organization, 8 - Event.objects.count())
    assert trail.seal_events() == 4
    tell(organization, 1)
    return list(Event.objects.order_by("id"))


def tell(about: Organization, times: int) -> None:
    for count in range(times):
        audit.record("test.happened", by=None, about=about, count=count)


def as_owner(statements: str, *values: int | str) -> None:
    """What an administrator of the database can do, past every trigger."""
    with connection.cursor() as cursor:
        for table in (Event._meta.db_table, Seal._meta.db_table):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statements, values)
        assert cursor.rowcount
        for table in (Event._meta.db_table, Seal._meta.db_table):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def found() -> tuple[str, int | None, int | None]:
    check = trail_check.check_trail()
    return check.broken, check.broken_seal, check.broken_event


def test_events_are_sealed_once_and_in_their_order(
    sealed: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert trail.seal_events() == 1
    assert trail.seal_events() == 0
    seals = list(Seal.objects.all())
    assert [seal.number for seal in seals] == [1, 2, 3, 4, 5]
    assert [pair[0] for seal in seals for pair in seal.prints] == [event.id for event in sealed]
    check = trail_check.check_trail()
    assert (check.seals, check.events, check.broken, trail_check.unsealed()) == (5, 9, "", 0)


def test_ids_that_were_never_used_are_no_break(organization: Organization) -> None:
    with connection.cursor() as cursor:
        for _ in range(3):
            tell(organization, 1)
            cursor.execute("SELECT nextval(pg_get_serial_sequence('alliance_event', 'id'))")
    trail.seal_events()
    assert found() == ("", None, None)


Tampering = Callable[[list[Event]], object]
SWAP_DATA = """
    UPDATE alliance_event AS one SET data = other.data FROM alliance_event AS other
    WHERE (one.id, other.id) IN ((%s, %s), (%s, %s))
"""
TAMPERINGS: dict[str, tuple[Tampering, tuple[str, int | None, int | None]]] = {
    "name": (
        lambda rows: as_owner("UPDATE alliance_event SET name = 'x' WHERE id = %s", rows[2].id),
        (Break.EVENT_CHANGED, 2, 2),
    ),
    "time": (
        lambda rows: as_owner(
            "UPDATE alliance_event SET at = at + '1 microsecond' WHERE id = %s", rows[3].id
        ),
        (Break.EVENT_CHANGED, 2, 3),
    ),
    "actor": (
        lambda rows: as_owner("UPDATE alliance_event SET actor_id = 7 WHERE id = %s", rows[0].id),
        (Break.EVENT_CHANGED, 1, 0),
    ),
    "subject": (
        lambda rows: as_owner(
            "UPDATE alliance_event SET subject_id = subject_id + 1 WHERE id = %s", rows[7].id
        ),
        (Break.EVENT_CHANGED, 4, 7),
    ),
    "shown to members": (
        lambda rows: as_owner(
            "UPDATE alliance_event SET internal = NOT internal WHERE id = %s", rows[4].id
        ),
        (Break.EVENT_CHANGED, 3, 4),
    ),
    "data": (
        lambda rows: as_owner(
            "UPDATE alliance_event SET data = '{\"count\": 99}' WHERE id = %s", rows[4].id
        ),
        (Break.EVENT_CHANGED, 3, 4),
    ),
    "swap": (
        lambda rows: as_owner(SWAP_DATA, rows[5].id, rows[6].id, rows[6].id, rows[5].id),
        (Break.EVENT_CHANGED, 3, 5),
    ),
    "number": (
        lambda rows: as_owner("UPDATE alliance_event SET id = -id WHERE id = %s", rows[5].id),
        (Break.EVENT_INSERTED, 1, None),
    ),
    "delete": (
        lambda rows: as_owner("DELETE FROM alliance_event WHERE id = %s", rows[5].id),
        (Break.EVENT_DELETED, 3, 5),
    ),
    "delete all": (
        lambda rows: as_owner("DELETE FROM alliance_event"),
        (Break.EVENT_DELETED, 1, 0),
    ),
    "remove a seal": (
        lambda rows: as_owner("DELETE FROM alliance_seal WHERE number = 2"),
        (Break.SEAL_MISSING, 2, None),
    ),
    "remove the first seal": (
        lambda rows: as_owner("DELETE FROM alliance_seal WHERE number = 1"),
        (Break.SEAL_MISSING, 1, None),
    ),
    "close the gap": (
        lambda rows: as_owner(
            "DELETE FROM alliance_seal WHERE number = 3;"
            "UPDATE alliance_seal SET number = 3 WHERE number = 4"
        ),
        (Break.SEAL_CHANGED, 3, None),
    ),
    "put seals in another order": (
        lambda rows: as_owner(
            "UPDATE alliance_seal AS one SET prints = other.prints, mac = other.mac, at = other.at "
            "FROM alliance_seal AS other WHERE one.number IN (2, 3) AND other.number IN (2, 3) "
            "AND one.number <> other.number"
        ),
        (Break.SEAL_CHANGED, 2, None),
    ),
    "leave an event out of its seal": (
        lambda rows: as_owner("UPDATE alliance_seal SET prints = prints - 0 WHERE number = 3"),
        (Break.SEAL_CHANGED, 3, None),
    ),
    "empty a seal": (
        lambda rows: as_owner("UPDATE alliance_seal SET prints = '[]' WHERE number = 3"),
        (Break.SEAL_CHANGED, 3, None),
    ),
    "date a seal back": (
        lambda rows: as_owner(
            "UPDATE alliance_seal SET at = at - interval '1 day' WHERE number = 1"
        ),
        (Break.SEAL_CHANGED, 1, None),
    ),
    "name another key": (
        lambda rows: as_owner("UPDATE alliance_seal SET key_id = '00000000' WHERE number = 3"),
        (Break.KEY_UNKNOWN, 3, None),
    ),
    "cut off the end": (
        lambda rows: as_owner(
            "WITH gone AS (DELETE FROM alliance_seal WHERE number = 4)"
            "DELETE FROM alliance_event WHERE id >= %s",
            rows[6].id,
        ),
        (Break.END_MISSING, 4, None),
    ),
    "begin anew": (
        lambda rows: as_owner("DELETE FROM alliance_seal"),
        (Break.END_MISSING, 4, None),
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_by_the_owner_of_the_tables_shows_where_it_begins(
    sealed: list[Event], tampering: str
) -> None:
    assert found() == ("", None, None)
    tamper, (why, seal, place) = TAMPERINGS[tampering]
    tamper(sealed)
    event = sealed[place].id if place is not None else None
    if tampering == "number":
        event = -sealed[5].id
    assert found() == (why, seal, event)
    trail.seal_events()
    assert found() == (why, seal, event), "sealing on hides nothing"


def test_an_event_slipped_into_a_gap_shows(organization: Organization) -> None:
    tell(organization, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('alliance_event', 'id'))")
        [gap] = cursor.fetchone()
    tell(organization, 1)
    trail.seal_events()
    Event(id=gap, name="test.invented", subject_type="x", subject_id=1).save(force_insert=True)
    assert found() == (Break.EVENT_INSERTED, 1, gap)


def test_whoever_recomputes_the_chain_without_the_key_is_found_out(
    sealed: list[Event], settings: Settings, folder: Path
) -> None:
    ours = settings.TRAIL_KEY
    settings.TRAIL_KEY = "a key of the intruder" * 5
    as_owner("DELETE FROM alliance_seal")
    as_owner("DELETE FROM alliance_event WHERE id = %s", sealed[2].id)
    trail.noted_seal_path().unlink()
    assert trail.seal_events() == 4
    settings.TRAIL_KEY = ours
    assert found() == (Break.KEY_UNKNOWN, 1, None)
    as_owner("UPDATE alliance_seal SET key_id = %s", next(iter(trail.keys())))
    assert found() == (Break.SEAL_CHANGED, 1, None)


def test_a_new_key_seals_on_and_the_earlier_one_still_proves(
    sealed: list[Event], settings: Settings
) -> None:
    earlier = settings.TRAIL_KEY
    settings.TRAIL_KEY, settings.TRAIL_KEY_FALLBACKS = "another key " * 5, [earlier]
    assert trail.seal_events() == 1
    assert Seal.objects.values("key_id").distinct().count() == 2
    assert found() == ("", None, None)
    settings.TRAIL_KEY_FALLBACKS = []
    assert found() == (Break.KEY_UNKNOWN, 1, None)


def test_a_copy_restored_with_its_note_gone_can_be_sealed_on(sealed: list[Event]) -> None:
    trail.noted_seal_path().unlink()
    assert trail.seal_events() == 1
    assert found() == ("", None, None)


def test_a_note_that_is_no_seal_is_a_break_and_no_error(sealed: list[Event]) -> None:
    for text in ("nonsense", "99999999999999999999:ab", "²:ab", ":"):
        trail.noted_seal_path().write_text(text)
        assert found()[0] == Break.END_MISSING
        assert trail.seal_events() == 0


def test_the_newest_seal_is_logged_for_whoever_keeps_it_elsewhere(
    organization: Organization, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "alliance.trail")
    tell(organization, 2)
    trail.seal_events()
    [line] = [one for one in caplog.records if one.name == "alliance.trail"]
    assert line.__dict__["seal"] == str(Seal.objects.get())
    assert trail.noted_seal_path().read_text() == f"{Seal.objects.get()}\n"


def test_seals_hold_nothing_that_an_event_says(sealed: list[Event]) -> None:
    text = json.dumps(list(Seal.objects.values_list("prints", "mac")))
    assert "test" not in text
    assert "count" not in text


# --- The command, the daily check and the alarm ------------------------------------------------


def verify(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_trail", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_counts_and_prints_the_last_seal(sealed: list[Event]) -> None:
    last = Seal.objects.get(number=4)
    assert verify() == (
        "4 seals and 8 events fit.\nThe role that this ran as could rewrite the trail.\n"
        f"Newer than the last seal: 1 events.\nLast seal: {last}\n"
    )
    assert verify("--kept", str(Seal.objects.get(number=2)), "--kept", str(last)) == verify()


def test_the_command_ends_with_one_and_the_first_break(sealed: list[Event]) -> None:
    as_owner("UPDATE alliance_event SET name = 'test.invented' WHERE id = %s", sealed[3].id)
    with pytest.raises(CommandError) as failed:
        verify()
    assert failed.value.returncode == 1
    assert str(failed.value) == (
        f"The trail is broken: an event was changed (event {sealed[3].id}, seal 2)."
    )


def test_a_seal_kept_outside_shows_that_an_older_copy_was_put_in_place(
    sealed: list[Event],
) -> None:
    kept = str(Seal.objects.get(number=4))
    as_owner("DELETE FROM alliance_seal WHERE number = 4")
    trail.noted_seal_path().unlink()
    trail.seal_events()
    assert verify()
    with pytest.raises(CommandError, match=r"an older copy was restored \(seal 4\)"):
        verify("--kept", kept)


@pytest.mark.parametrize("kept", ["", "4", "4:xy", f"{2**63}:{64 * 'a'}", "²:" + 64 * "a"])
def test_the_command_refuses_what_is_no_seal(kept: str) -> None:
    with pytest.raises(CommandError, match="write it as it was printed"):
        verify(f"--kept={kept}")


def test_the_trail_is_checked_once_a_day(sealed: list[Event]) -> None:
    trail_check.check_when_due()
    trail_check.check_when_due()
    assert TrailCheck.objects.count() == 1
    TrailCheck.objects.update(at=timezone.now() - trail_check.EVERY)
    trail_check.check_when_due()
    assert TrailCheck.objects.count() == 2


def test_a_break_stands_on_the_first_page_of_the_admin_in_the_log_and_in_the_trail(
    sealed: list[Event], reviewer_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    trail_check.check_when_due()
    assert "tampered" not in reviewer_client.get(reverse("admin:index")).text
    as_owner("DELETE FROM alliance_event WHERE id = %s", sealed[5].id)
    trail_check.check_trail()
    page = reviewer_client.get(reverse("admin:index")).text
    assert f"an event was deleted (event {sealed[5].id}, seal 3)." in page
    [line] = [one for one in caplog.records if one.levelno == logging.CRITICAL]
    assert (line.getMessage(), line.__dict__["trail_event"]) == ("trail broken", sealed[5].id)
    assert Event.objects.get(name="trail.broken").data == {
        "why": "event-deleted",
        "seal": 3,
        "event": sealed[5].id,
    }


def test_staff_are_told_when_nobody_checks(sealed: list[Event], reviewer_client: Client) -> None:
    trail_check.check_when_due()
    TrailCheck.objects.update(at=timezone.now() - trail_check.OVERDUE)
    assert "has not been checked for days" in reviewer_client.get(reverse("admin:index")).text


def test_erasing_a_person_breaks_no_seal(organization: Organization, owner: User) -> None:
    person = factories.user()
    audit.record("test.happened", by=person, about=organization)
    trail.seal_events()
    person.delete()
    assert found() == ("", None, None)
