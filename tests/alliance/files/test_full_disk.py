"""A disk that fills up while a file arrives: it is said, nothing is half kept, and it can go on.

Room was there when it was looked for; the write is what fails, in the kernel.
"""

import io
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from alliance.files.partial import Ticket
from alliance.files.sizes import KB
from alliance.models import PartialUpload, StagedUpload
from alliance.models.upload import staging_folder
from tests.alliance.files import samples
from tests.alliance.files.paper_samples import pdf
from tests.alliance.files.sending import answer, append, finish, on_disk, row, sent_whole, start

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.alliance.files.pages")]

FullDisk = Callable[[], AbstractContextManager[None]]

NO_ROOM = "There is no room for this file at the moment. Please try again later."
SIZE = 512 * KB  # of the small disk
LARGE = samples.logo(300, 300)


@contextmanager
def limited_files() -> Iterator[None]:
    """No file of this process grows; the kernel answers EFBIG."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def filled_disk(left: int = 0) -> Iterator[None]:
    """Something else takes all of the disk but so many bytes; the kernel answers ENOSPC."""
    other = staging_folder() / ".something-else"
    try:
        with other.open("wb", 0) as file:
            with suppress(OSError):
                while file.write(bytes(KB)):
                    pass
            file.truncate(file.tell() - left)
        assert shutil.disk_usage(staging_folder()).free == left
        yield
    finally:
        other.unlink(missing_ok=True)


@pytest.fixture(params=["disk", "limit"])
def full_disk(
    request: pytest.FixtureRequest, data_folder: Path, settings: Settings
) -> Iterator[FullDisk]:
    """Fills the disk of the staging folder: a small one of its own, where we may mount it."""
    if request.param == "limit":
        settings.UPLOAD_FREE_DISK_FLOOR = 0
        yield limited_files
        return
    folder = staging_folder()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode != 0:
        pytest.skip("a disk can be mounted by root alone")
    settings.UPLOAD_FREE_DISK_FLOOR = -(2**30)  # there was room enough a moment ago
    yield filled_disk
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def send(client: Client, content: bytes) -> str:
    file = io.BytesIO(content)
    file.name = "emblem.png"
    response = client.post("/logo/", {"name": "Ministry of Rain", "logo": file})
    assert response.status_code == 422
    return response.content.decode()


@pytest.mark.parametrize("content", [LARGE, LARGE[: 2 * KB]], ids=["large", "small"])
def test_a_whole_file_is_refused_in_its_form_and_nothing_of_it_stays(
    client: Client, full_disk: FullDisk, data_folder: Path, content: bytes
) -> None:
    with full_disk():
        page = send(client, content)
        assert on_disk(data_folder) == []
    assert NO_ROOM in page
    assert "Ministry of Rain" in page
    assert StagedUpload.objects.count() == 0


@pytest.mark.parametrize("length", [len(LARGE), 2 * KB], ids=["large", "small"])
def test_a_part_is_refused_for_now_and_arrives_once_there_is_room(
    client: Client, full_disk: FullDisk, length: int
) -> None:
    address = start(client, LARGE)["address"]
    first, part = LARGE[: 4 * KB], LARGE[4 * KB :][:length]
    answer(append(client, address, 0, first))
    with full_disk():
        response = append(client, address, len(first), part)
        assert answer(response, 429)["refused"] == NO_ROOM
        assert response["Retry-After"] == "60"
        assert row(address).offset == len(first)
    answer(append(client, address, len(first), part))
    at = row(address).offset
    if at < len(LARGE):
        answer(append(client, address, at, LARGE[at:]))
    assert row(address).file_path.read_bytes() == LARGE
    answer(finish(client, address))
    assert StagedUpload.objects.get().sent_size == len(LARGE)


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("full_disk", ["disk"], indirect=True)
@pytest.mark.parametrize("left", [0, 8 * KB])
def test_a_whole_picture_waits_until_there_is_room_for_all_of_ours(
    client: Client, data_folder: Path, left: int
) -> None:
    """Ours is written by a process of its own, whose files only the disk can limit here."""
    address = sent_whole(client, LARGE)
    with filled_disk(left):
        assert answer(finish(client, address), 429)["refused"] == NO_ROOM
        assert on_disk(data_folder) == [row(address).file_path.name]
    answer(finish(client, address))
    assert StagedUpload.objects.get().sent_size == len(LARGE)


def test_a_whole_document_waits_until_there_is_room_and_no_half_of_it_stays(
    client: Client, full_disk: FullDisk, data_folder: Path
) -> None:
    content = pdf()
    ticket = Ticket("papers", len(content), takes=PartialUpload.Takes.DOCUMENT)
    address = start(client, content, name="rain.pdf", ticket=ticket)["address"]
    answer(append(client, address, 0, content))
    with full_disk():
        assert answer(finish(client, address), 429)["refused"] == NO_ROOM
        assert on_disk(data_folder) == [row(address).file_path.name]
    answer(finish(client, address))
    assert StagedUpload.objects.get().open().read() == content
