"""Uploads that several machines take together: nothing of them is on any one machine."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from alliance.files import partial, staging
from alliance.files.parts import parts
from alliance.models import PartialUpload, StagedUpload, UploadPart
from knowledge.exchange.sent import opened
from organizations.models import User
from submissions import actions
from tests import factories
from tests.alliance.files import samples
from tests.alliance.files.sending import answer, append, ask_to_start, finish, row, start
from tests.swift import RunningSwift

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("swift")]

HALF = 1000


@pytest.fixture
def on(settings: Settings, tmp_path: Path) -> Callable[[str], None]:
    """Go on on another machine: it has a data folder of its own."""

    def go_on(machine: str) -> None:
        settings.ALLIANCE_DATA = tmp_path / machine

    return go_on


def left_on_disk(tmp_path: Path) -> list[str]:
    return [path.name for path in tmp_path.rglob("*") if path.is_file() and path.name[0] != "."]


def test_each_part_may_go_to_another_machine(
    client: Client,
    swift: RunningSwift,
    on: Callable[[str], None],
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    content = samples.logo()
    on("first")
    address = str(start(client, content)["address"])
    answer(append(client, address, 0, content[:HALF]))
    on("second")
    assert answer(client.get(address))["offset"] == HALF
    answer(append(client, address, HALF, content[HALF:]))
    assert left_on_disk(tmp_path) == []
    assert sorted(f"staging/{part.path}" for part in UploadPart.objects.all()) == swift.stored()
    on("third")
    with django_capture_on_commit_callbacks(execute=True):
        token = answer(finish(client, address))["token"]
    assert left_on_disk(tmp_path) == []
    on("first")
    held = staging.claim(token, "logo")
    assert held is not None
    assert swift.stored() == [f"staging/{held.path}"]
    assert held.open().read(4) == b"RIFF"
    with django_capture_on_commit_callbacks(execute=True):
        name = staging.publish(held)
    assert swift.stored() == [f"media/{name}"]


class Overtaken(io.BytesIO):
    """A part on a slow line: before its last bytes arrive, other bytes arrive in its place."""

    def __init__(self, content: bytes, overtake: Callable[[], Any]) -> None:
        super().__init__(content)
        self.overtake = overtake

    def read(self, size: int | None = -1) -> bytes:
        answer(self.overtake())
        return super().read(size)


def test_of_two_machines_at_once_one_counts_and_the_other_takes_nothing_from_it(
    client: Client, swift: RunningSwift
) -> None:
    content = samples.logo()
    address = str(start(client, content)["address"])
    slow = Overtaken(bytes(HALF), lambda: append(client, address, 0, content[:HALF]))
    with pytest.raises(partial.OutOfStep):
        partial.append(row(address), slow, offset=0, length=HALF)
    assert (row(address).offset, len(swift.stored())) == (HALF, 1)
    answer(append(client, address, HALF, content[HALF:]))
    with parts().whole(row(address)) as file:
        assert file.read() == content


def test_while_the_bucket_is_away_nothing_counts_and_later_it_goes_on(
    client: Client, swift: RunningSwift
) -> None:
    content = samples.logo()
    address = str(start(client, content)["address"])
    answer(append(client, address, 0, content[:HALF]))
    swift.stop()
    assert append(client, address, HALF, content[HALF:]).status_code == 503
    assert answer(client.get(address))["offset"] == HALF
    swift.start()
    answer(append(client, address, HALF, content[HALF:]))
    swift.stop()
    assert finish(client, address).status_code == 503
    assert not StagedUpload.objects.exists()
    swift.start()
    assert "token" in answer(finish(client, address))


@pytest.mark.parametrize("is_whole", [False, True])
def test_a_part_that_is_gone_begins_the_upload_again(
    client: Client, swift: RunningSwift, *, is_whole: bool
) -> None:
    content = samples.logo()
    address = str(start(client, content)["address"])
    answer(append(client, address, 0, content[:HALF]))
    if is_whole:
        answer(append(client, address, HALF, content[HALF:]))
    storages["staging"].delete(UploadPart.objects.earliest("offset").path)
    ended = finish(client, address) if is_whole else append(client, address, HALF, b"more")
    assert ended.status_code == 404
    assert not PartialUpload.objects.exists()
    assert not UploadPart.objects.exists()


def test_the_sweep_takes_what_nobody_finishes_and_what_no_row_names(
    client: Client,
    swift: RunningSwift,
    data_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    content = samples.logo()
    stopped, slow = (str(start(client, content)["address"]) for _ in range(2))
    for address in (stopped, slow):
        answer(append(client, address, 0, content[:HALF]))
    long_ago = timezone.now() - timedelta(hours=7)
    PartialUpload.objects.filter(pk=row(stopped).pk).update(changed_at=long_ago)
    waiting = factories.staged_document()
    storages["staging"].save("f" * 32, io.BytesIO(b"of a machine that died"))
    (data_folder / "staging" / ("e" * 32)).write_bytes(b"of a process that died")
    with django_capture_on_commit_callbacks(execute=True):
        assert staging.sweep_staging() == 1
    assert len(swift.stored()) == 3
    monkeypatch.setattr(staging, "_ORPHAN_AFTER", -timedelta(hours=1))
    assert staging.sweep_staging() == 2
    kept = [waiting.path, UploadPart.objects.get().path]
    assert swift.stored() == sorted(f"staging/{path}" for path in kept)
    assert left_on_disk(data_folder) == []
    assert row(slow).offset == HALF


def test_a_document_that_waits_is_kept_by_another_machine(
    swift: RunningSwift,
    owner: User,
    on: Callable[[str], None],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    draft, waiting = factories.draft(owner), factories.staged_document()
    on("second")
    with django_capture_on_commit_callbacks(execute=True):
        (paper,) = actions.add_attachments(draft, [waiting], by=owner)
    assert swift.stored() == [f"private/{paper.file.name}"]


def test_a_table_is_read_by_the_worker_of_another_machine(
    swift: RunningSwift, on: Callable[[str], None]
) -> None:
    path = staging.new_path()
    path.write_bytes(b"title;publisher\nRain;Norec\n")
    held = staging.hold(path, "table", name="a.csv", sent_size=1, content_type="text/csv")
    on("second")
    with opened(held) as (rows, _beside):
        assert [row.cells["title"] for row in rows] == ["Rain"]


def test_what_is_no_file_for_us_is_forgotten_with_its_first_part(
    client: Client,
    swift: RunningSwift,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    address = answer(ask_to_start(client, 5000), 201)["address"]
    with django_capture_on_commit_callbacks(execute=True):
        assert append(client, address, 0, b"MZ".ljust(HALF)).status_code == 422
    assert swift.stored() == []
    assert not PartialUpload.objects.exists()
