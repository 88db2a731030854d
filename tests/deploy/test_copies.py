"""Copies of a machine are made by themselves, and one command takes it back to any moment."""

import json
import stat
import time

import pytest

from tests.deploy.installation import PAPER, Installation, as_person, wait_until

pytestmark = [pytest.mark.xdist_group("deploy"), pytest.mark.timeout(900)]

RENAME = "UPDATE organizations_organizationdocument SET name = '%s' WHERE file = '%s' RETURNING 1"
MISTAKE = "DELETE FROM organizations_organizationdocument WHERE file = '%s' RETURNING 1"


def test_copies_are_made_by_themselves_and_are_nobody_elses_to_read(
    installed: Installation,
) -> None:
    folder = installed.root / "var/backups/alliance"
    wait_until(lambda: list(folder.glob("copies/*/SHA256SUMS")), seconds=120)
    [copy] = folder.glob("copies/[0-9]*")
    rows = json.loads((copy / "manifest.json").read_text())["tables"]["django_migrations"][0]
    assert rows == installed.query("SELECT count(*) FROM django_migrations")[0][0]
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (folder, copy)} == {0}
    assert folder.stat().st_uid != 0


def test_refused_restore_leaves_the_machine_as_it_was(
    installed: Installation, rows: dict[str, str]
) -> None:
    before = installed.query("SELECT oid FROM pg_database WHERE datname = 'alliance'")
    refused = installed.alliance("restore", "--to", "2020-01-01 00:00")
    assert refused.returncode == 1
    assert "was complete at that moment" in refused.stderr
    assert installed.query("SELECT oid FROM pg_database WHERE datname = 'alliance'") == before
    wait_until(
        lambda: installed.ask(rows["paper"], as_person(rows, "owner")).body == PAPER, seconds=60
    )
    assert list((installed.root / "var/lib/alliance").glob("before_*")) == []


def test_machine_goes_back_to_a_moment_by_one_command(
    installed: Installation, rows: dict[str, str]
) -> None:
    copies, data = installed.root / "var/backups/alliance", installed.root / "var/lib/alliance"
    paper = f"private/{rows['paper_file']}"
    wait_until((copies / "files" / paper).exists, seconds=60)
    # After the copy, so that only the log has it.
    installed.query(RENAME % ("our newest statutes.pdf", rows["paper_file"]))
    [(moment,)] = installed.query("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
    time.sleep(0.1)
    installed.query(MISTAKE % rows["paper_file"])
    (data / paper).unlink()
    wait_until(
        lambda: installed.ask(rows["paper"], as_person(rows, "owner")).status == 404, seconds=60
    )
    done = installed.alliance("restore", "--to", f"{moment:%Y-%m-%d %H:%M:%S.%f}")
    assert done.returncode == 0, done.stderr
    answer = installed.ask(rows["paper"], as_person(rows, "owner"))
    assert answer.body == PAPER
    assert "our newest statutes.pdf" in answer.headers["Content-Disposition"]
    installed.query(RENAME % ("our statutes.pdf", rows["paper_file"]))  # as other tests know it
    assert installed.ask(rows["pdf"]).status == 200
    [aside] = data.glob("before_*")
    names = installed.query("SELECT datname FROM pg_database WHERE datname LIKE 'alliance%'")
    assert set(names) == {("alliance",), (f"alliance_{aside.name}",)}
    # The log is followed still, of the same server.
    wait_until(lambda: len(installed.pids()) == 4, seconds=60)
    assert len(list((copies / "log").iterdir())) == 1
