"""Copies of database and files: what is in them, and which are refused. The drill is in faults."""

import hashlib
import json
import shutil
import struct
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from alliance.backups import log, pool, programs
from alliance.backups.errors import BackupError
from alliance.backups.making import is_due
from alliance.backups.manifest import Base, Manifest, copies, unknown_keys
from alliance.backups.pool import Pool
from alliance.backups.restoring import compare
from alliance.models import BackupCopy
from organizations.models import OrganizationDocument, User
from submissions.actions.my_data import erase_account
from submissions.actions.restored import erase_again, note_erased
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def elsewhere(settings: Settings, tmp_path: Path, contents: None) -> None:
    """A database that is not our own server's, and files that no other test counts."""
    settings.DATABASE_URL = "postgresql://alliance@db.example.org/alliance"
    settings.ALLIANCE_DATA = tmp_path / "data"
    settings.ALLIANCE_DATA.mkdir()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "copies"


def a_document() -> OrganizationDocument:
    person = factories.member(factories.organization(logo=""), "owner")
    name = storages["private"].save("organizations/document.pdf", ContentFile(b"%PDF-1.7 statutes"))
    return OrganizationDocument.objects.create(
        organization=person.memberships.get().organization,
        added_by=person,
        kind="statutes",
        name="statutes.pdf",
        file=name,
        size=17,
        sha256=hashlib.sha256(b"%PDF-1.7 statutes").hexdigest(),
        content_type="application/pdf",
    )


def backup(folder: Path, *arguments: str) -> str:
    said = StringIO()
    call_command("backup", str(folder), *arguments, stdout=said, stderr=said)
    return said.getvalue()


def restore(folder: Path, *arguments: str) -> str:
    said = StringIO()
    call_command("restore", str(folder), *arguments, stdout=said, stderr=said)
    return said.getvalue()


def newest(folder: Path) -> Manifest:
    return Manifest.read(copies(folder)[-1])


def test_a_copy_says_what_is_in_it_and_when_it_ended(folder: Path) -> None:
    document = a_document()
    backup(folder)
    made = newest(folder)
    assert made.tables["organizations_organizationdocument"].rows == 1
    assert made.tables["organizations_user"].rows == User.objects.count()
    assert made.files[f"private/{document.file}"] == document.sha256
    assert (made.missing, made.base) == ([], None)
    assert BackupCopy.objects.get().size > 0


def test_a_changed_value_changes_the_sum_of_its_table_alone(folder: Path) -> None:
    document = a_document()
    backup(folder)
    before = newest(folder).tables
    OrganizationDocument.objects.filter(pk=document.pk).update(name="statutes-2.pdf")
    shutil.rmtree(folder)
    backup(folder)
    after = newest(folder).tables
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"organizations_organizationdocument", "alliance_backupcopy"}


def test_a_file_is_copied_once_and_stays_while_a_copy_needs_it(folder: Path) -> None:
    document = a_document()
    backup(folder)
    kept = folder / "files" / "private" / str(document.file)
    first = kept.stat()
    document.delete()
    (folder / "copies").rename(folder / "older")
    backup(folder)
    assert kept.stat().st_ino == first.st_ino
    Pool(folder).drop_all_but(set(newest(folder).files))
    assert not kept.exists()
    assert Pool(folder).listed() == newest(folder).files


def test_a_file_that_a_row_names_in_vain_is_told(folder: Path) -> None:
    document = a_document()
    storages["private"].delete(str(document.file))
    assert f"not there: private/{document.file}" in backup(folder)
    assert newest(folder).missing == [f"private/{document.file}"]


def test_what_is_not_empty_is_left_alone(folder: Path) -> None:
    document = a_document()
    backup(folder)
    with pytest.raises(CommandError, match="storage of private files is not empty"):
        restore(folder)
    storages["private"].delete(str(document.file))
    shutil.rmtree(storages["private"].path(""))
    with pytest.raises(CommandError, match=r"The database is not empty: it has \d+ tables"):
        restore(folder)


@pytest.mark.parametrize("damaged", ["database.dump", "manifest.json", "a file"])
def test_one_other_byte_is_found_before_anything_is_written(folder: Path, damaged: str) -> None:
    document = a_document()
    backup(folder)
    shutil.rmtree(storages["private"].path(""))
    path = (
        folder / "files" / "private" / str(document.file)
        if damaged == "a file"
        else copies(folder)[-1] / damaged
    )
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CommandError, match=f"{path} is damaged"):
        restore(folder)
    assert not Path(storages["private"].path("")).exists()


def test_a_table_that_came_back_otherwise_is_named(folder: Path) -> None:
    person = factories.user(first_name="Wanjiru")
    backup(folder)
    BackupCopy.objects.all().delete()  # is written once the copy is complete
    assert compare(newest(folder)) == len(newest(folder).tables)
    User.objects.filter(pk=person.pk).update(first_name="Wangari")
    with pytest.raises(BackupError, match="The table organizations_user is not as it was"):
        compare(newest(folder))


def test_no_copy_is_made_through_a_pool_of_connections(folder: Path, settings: Settings) -> None:
    settings.DATABASE_POOLED = True
    with pytest.raises(CommandError, match="DATABASE_DIRECT_URL has to name the server itself"):
        backup(folder)
    assert copies(folder) == []


def test_other_secrets_are_refused_and_earlier_ones_are_not(
    folder: Path, settings: Settings
) -> None:
    backup(folder)
    earlier = settings.SECRET_KEY
    settings.SECRET_KEY = "another" * 10
    assert unknown_keys(newest(folder)) == ["SECRET_KEY"]
    with pytest.raises(CommandError, match="another SECRET_KEY"):
        restore(folder)
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert unknown_keys(newest(folder)) == []
    assert earlier not in json.dumps(newest(folder).keys)


def test_files_alone_come_back_to_a_database_that_was_brought_back_by_others(folder: Path) -> None:
    document = a_document()
    backup(folder)
    shutil.rmtree(storages["private"].path(""))
    assert restore(folder, "--files") == "Done.\n"
    assert storages["private"].open(str(document.file)).read() == b"%PDF-1.7 statutes"


def test_a_moment_is_not_offered_where_the_server_is_not_ours(folder: Path) -> None:
    with pytest.raises(CommandError, match="by its own means"):
        restore(folder, "--to", "2026-11-22 14:05")


def test_old_copies_go_with_what_only_they_needed(folder: Path) -> None:
    document = a_document()
    backup(folder)
    copies(folder)[0].rename(folder / "copies" / "20200101T000000Z")
    storages["private"].delete(str(document.file))
    document.delete()
    backup(folder)
    yesterday = f"{timezone.now() - timedelta(days=1):%Y%m%dT%H%M%SZ}"
    spoilt = copies(folder)[-1].rename(folder / "copies" / yesterday)
    (spoilt / "database.dump").write_bytes(b"damaged")  # is no reason to keep older ones
    assert "1 dropped" in backup(folder, "--keep", "30")
    assert [copy.name[:4] for copy in copies(folder)] != ["2020"]
    assert list(folder.glob("files/private/organizations/*")) == []


def test_a_copy_is_due_once_the_newest_is_so_old(folder: Path) -> None:
    assert is_due(folder, 24)
    backup(folder)
    assert not is_due(folder, 24)
    copies(folder)[0].rename(
        folder / "copies" / f"{timezone.now() - timedelta(hours=25):%Y%m%dT%H%M%SZ}"
    )
    assert is_due(folder, 24)
    with pytest.raises(CommandError, match="--every goes with --follow"):
        backup(folder, "--every", "24")


def test_a_gap_in_the_log_is_named(folder: Path) -> None:
    here = folder / "log" / "slot"
    here.mkdir(parents=True)
    for name in ("0000000100000000000000FE", "0000000100000000000000FF"):
        (here / name).touch()
    (here / "000000010000000100000001.partial").touch()
    base = Base("", "0000000100000000000000FE", "slot")
    with pytest.raises(BackupError, match="000000010000000100000000 is missing"):
        log.segments(folder, base)
    (here / "000000010000000100000000").touch()
    assert len(log.segments(folder, base)) == 4


def test_a_log_that_could_not_be_read_to_its_end_is_told_from_one_that_ends(folder: Path) -> None:
    whole, part = "000000010000000200000005", "000000010000000200000006"
    found = {whole: folder / whole, part: folder / f"{part}.partial"}
    folder.mkdir()
    found[whole].touch()
    found[part].write_bytes(bytes(2**13))  # made in advance, and nothing in it yet
    begin = log.start_of(whole)
    assert not log.goes_on_after(begin + 2**13, found)
    found[part].write_bytes(struct.pack("<HHIQ", 0xD119, 2, 1, log.start_of(part)) + bytes(2**13))
    assert log.goes_on_after(begin + 2**13, found)
    assert not log.goes_on_after(begin + log.SEGMENT - 2**13, found)  # a record over both


def test_programs_of_an_older_version_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "get_database_version", lambda: (99, 0))
    with pytest.raises(BackupError, match="PostgreSQL 99, and no pg_dump of that version"):
        programs.program("pg_dump")


def test_every_column_with_a_file_is_looked_at(folder: Path) -> None:
    document = a_document()
    organization = document.organization
    organization.logo = "ab/cdef.webp"
    organization.save()
    assert pool.named_files() == {f"private/{document.file}", "pictures/ab/cdef.webp"}


def test_who_was_erased_is_erased_again_and_nobody_else(folder: Path) -> None:
    person = factories.member(factories.organization(), "owner", first_name="Back")
    other = factories.member(factories.organization(), "owner", first_name="Other")
    was = User.objects.filter(pk=person.pk).values().get()
    erase_account(person, by=person)
    folder.mkdir()
    note_erased(folder / "erased")
    note_erased(folder / "erased")
    [line] = (folder / "erased").read_text().splitlines()
    assert line == f"{person.pk} {person.date_joined.isoformat()}"
    User.objects.filter(pk=person.pk).update(**was)
    # A number that was given to somebody else since the database went back.
    with (folder / "erased").open("a") as file:
        file.write(f"{other.pk} 2020-01-01T00:00:00+00:00\n")
    assert erase_again(folder / "erased") == (1, [])
    assert User.objects.get(pk=person.pk).erased_at is not None
    assert User.objects.get(pk=other.pk).erased_at is None
