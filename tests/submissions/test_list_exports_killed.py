"""A worker that is killed while it writes a list: nothing half-made is kept, the next one makes it."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from alliance.models.upload import staging_folder
from submissions.actions.list_exports import export_list
from submissions.models import ListExport
from submissions.tasks import make_due_list_exports
from tests import factories, programs
from tests.submissions.test_list_exports import lines

# Slow enough to be met while it writes; all else is what the worker does.
MAKE_SLOWLY = """
import time
from submissions import list_exporting
from submissions.tasks import make_due_list_exports
list_exporting._TOLD_EVERY = 1
tell = list_exporting._tell
def tell_slowly(export, done, *, total):
    tell(export, done, total=total)
    time.sleep(30 if done == 2 else 0)
list_exporting._tell = tell_slowly
make_due_list_exports()
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("contents")
def test_a_worker_killed_while_it_writes_leaves_nothing_and_the_next_makes_it() -> None:
    for _number in range(3):
        factories.submitted(factories.member(factories.organization(), "owner"))
    export = export_list(
        "submissions.submission", by=factories.staff("Reviewer"), query="", file_format="csv"
    )
    kept = _files()
    worker = programs.start(MAKE_SLOWLY)
    try:
        deadline = time.monotonic() + 60
        while ListExport.objects.get().done < 2 and time.monotonic() < deadline:
            assert worker.poll() is None
            time.sleep(0.05)
    finally:
        worker.kill()
        worker.wait()
    export.refresh_from_db()
    assert (export.done, export.made_at, export.attempts) == (2, None, 1)
    assert _files() == kept
    assert make_due_list_exports() == 0  # the dead one's minute is not over
    ListExport.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert make_due_list_exports() == 1
    export.refresh_from_db()
    assert (export.attempts, export.done) == (2, 3)
    assert len(lines(export)) == 4
    assert len(_files()) == len(kept) + 1


def _files() -> set[Path]:
    """What the private storage has of lists, and what lies in the staging folder half-written."""
    folders = (Path(storages["private"].path("list-exports")), staging_folder())
    return {path for folder in folders if folder.exists() for path in folder.iterdir()}
