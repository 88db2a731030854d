"""A PDF that kills its reader, and a worker that is killed while it reads: nothing else suffers."""

import signal
import subprocess
from pathlib import Path

import pytest
from django.utils import timezone

from knowledge import tasks
from knowledge.importing import add_version
from knowledge.models import EditionFile
from tests.faults.processes import children, command_line
from tests.knowledge import pdfs
from tests.knowledge.factories import make_report
from tests.programs import wait, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.promise("Work survives")]


def is_reading(process: subprocess.Popen[bytes]) -> bool:
    return any("pdf_text_worker" in command_line(child) for child in children(process.pid))


def state(version: EditionFile) -> str:
    version.refresh_from_db()
    return version.text_state


def test_worker_outlives_a_bomb_and_what_a_killed_one_had_begun_is_read() -> None:
    hostile, sound = (
        add_version(
            make_report().editions.get(),
            pdf=pdfs.opened(pdfs.saved(pdfs.plain(3))),
            is_digest=False,
            by=None,
        )
        for _file in range(2)
    )
    Path(hostile.file.path).write_bytes(pdfs.bomb())
    EditionFile.objects.filter(pk=hostile.pk).update(text_due_at=hostile.added_at)
    with worker() as first:
        wait(lambda: is_reading(first))
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert (state(hostile), hostile.text_due_at > timezone.now()) == ("due", True)
    # Nobody waits here for as long as it takes until a worker is taken for dead.
    EditionFile.objects.filter(pk=hostile.pk).update(text_due_at=timezone.now())
    with worker() as second:
        wait(lambda: "due" not in {state(hostile), state(sound)})
        assert second.poll() is None
    assert (state(hostile), hostile.pages.count()) == ("failed", 0)
    assert (state(sound), sound.pages.count()) == ("read", 3)


def test_file_stays_its_readers_for_as_long_as_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = pdfs.opened(pdfs.saved(pdfs.plain(1)))
    add_version(make_report().editions.get(), pdf=pdf, is_digest=False, by=None)
    version = tasks._claim_next()
    assert version is not None
    claimed_until = version.text_due_at
    monkeypatch.setattr(tasks, "_RENEWED_EVERY", 0.1)
    kept = EditionFile.objects.filter(pk=version.pk, text_due_at__gt=claimed_until)
    with tasks._kept_from_others(version):
        wait(kept.exists, seconds=5)
    assert tasks._still_claimed(version).exists()
