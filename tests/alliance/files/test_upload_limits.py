"""What is refused of files that arrive in parts, and what becomes of what nobody finishes."""

import io
import os
import socket
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from alliance import limits
from alliance.files import partial, staging
from alliance.files.partial import MAX_PART, MOST_UNFINISHED, STARTS, Ticket
from alliance.files.sizes import GB, KB, MB
from alliance.files.uploads import BYTES
from alliance.models import PartialUpload, StagedUpload, TokenBucket
from tests.alliance.files import samples
from tests.alliance.files.pages import LIMIT
from tests.alliance.files.sending import (
    TICKET,
    answer,
    append,
    ask_to_start,
    finish,
    on_disk,
    row,
    sent_whole,
    start,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.alliance.files.pages")]

OTHER_ADDRESS = "203.0.113.7"
OURS = limits.hashed("127.0.0.1")


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (samples.SVG, "This is a file of the kind SVG."),
        (samples.EXE, "This file is a program, not a picture."),
        (samples.flat_png(13_000, 13_000), "This picture has more than 40 megapixels."),
    ],
)
def test_first_part_is_reason_enough_to_refuse(
    client: Client,
    data_folder: Path,
    content: bytes,
    refusal: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    address = start(client, content.ljust(LIMIT))["address"]
    with django_capture_on_commit_callbacks(execute=True):
        response = append(client, address, 0, content[:65_536])
    assert answer(response, 422)["refused"].startswith(refusal)
    assert on_disk(data_folder) == []
    assert client.get(address).status_code == 404


def test_picture_that_is_damaged_further_on_is_refused_at_the_end(
    client: Client,
    data_folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    content = samples.logo(200, 200)
    address = sent_whole(client, content[:20_000] + bytes(10) + content[20_010:])
    with django_capture_on_commit_callbacks(execute=True):
        assert answer(finish(client, address), 422)["refused"].startswith("This picture is damaged")
    assert on_disk(data_folder) == []
    assert finish(client, address).status_code == 404


@pytest.mark.parametrize(
    ("size", "status", "refusal"),
    [
        (LIMIT, 201, None),
        (LIMIT + 1, 422, "This file is too large. Maximum file size: 1 MB."),
        (2**80, 422, "This file is too large. Maximum file size: 1 MB."),
        (0, 422, "This file is empty. Please choose another one."),
        (-1, 422, "This file is empty. Please choose another one."),
    ],
)
def test_size_is_announced_and_judged_before_any_byte(
    client: Client, size: int, status: int, refusal: str | None
) -> None:
    assert answer(ask_to_start(client, size), status).get("refused") == refusal


def test_more_than_announced_is_not_even_read(client: Client) -> None:
    address = start(client, samples.logo())["address"]
    size = row(address).size
    response = append(client, address, 0, bytes(size + 1))
    assert answer(response, 422)["refused"].startswith("More was sent than the file holds.")
    assert row(address).file_path.read_bytes() == b""


@pytest.mark.parametrize("length", [0, MAX_PART + 1])
def test_part_has_a_size_of_its_own(client: Client, length: int) -> None:
    ticket = Ticket("logo", 1 * GB, 1024)
    address = start(client, bytes(MAX_PART + 1), ticket=ticket)["address"]
    assert append(client, address, 0, bytes(length)).status_code == 400


def test_one_address_has_so_many_files_on_their_way_and_no_more(client: Client) -> None:
    for _ in range(MOST_UNFINISHED):
        address = answer(ask_to_start(client, 10), 201)["address"]
    response = ask_to_start(client, 10, HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert answer(response, 429)["refused"].startswith("Too many files are being sent from your")
    assert int(response["Retry-After"]) > 0
    answer(ask_to_start(client, 10, REMOTE_ADDR=OTHER_ADDRESS), 201)
    client.post(f"{address}cancel/")
    answer(ask_to_start(client, 10), 201)


def test_one_address_begins_so_many_files_an_hour_and_no_more(client: Client) -> None:
    for _ in range(STARTS.most):
        partial.cancel(partial.start(TICKET, name="emblem.png", size=10, sender=OURS))
    response = ask_to_start(client, 10)
    assert answer(response, 429)["refused"].startswith("Very much has been sent from your network")
    assert 0 < int(response["Retry-After"]) <= STARTS.seconds / STARTS.most
    assert PartialUpload.objects.count() == 0
    answer(ask_to_start(client, 10, REMOTE_ADDR=OTHER_ADDRESS), 201)


def test_one_address_sends_so_many_bytes_an_hour_and_no_more(client: Client) -> None:
    ticket = Ticket("logo", 1 * GB, 1024)
    for _ in range(BYTES.most // GB):
        address = answer(ask_to_start(client, 1 * GB, ticket=ticket), 201)["address"]
    response = ask_to_start(client, 1 * GB, ticket=ticket)
    assert answer(response, 429)["refused"].startswith("Very much has been sent from your network")
    assert 0 < int(response["Retry-After"]) <= STARTS.seconds
    client.post(f"{address}cancel/")  # what was not sent is given back
    answer(ask_to_start(client, 1 * GB, ticket=ticket), 201)


def test_whole_files_count_as_well(client: Client) -> None:
    ticket = Ticket("logo", BYTES.most, 1024)
    answer(ask_to_start(client, BYTES.most - 1, ticket=ticket), 201)
    # Whatever refills while this runs, the bucket stays empty.
    TokenBucket.objects.update(full_at=F("full_at") + timedelta(minutes=5))
    file = io.BytesIO(samples.logo() + bytes(MB - 64 * KB))
    file.name = "emblem.png"
    page = client.post("/logo/", {"name": "Ministry", "logo": file}).content.decode()
    assert "Very much has been sent from your network" in page


def test_a_small_file_counts_for_no_more_than_its_form_is_long(client: Client) -> None:
    ticket = Ticket("logo", BYTES.most, 1024)
    answer(ask_to_start(client, BYTES.most - 64 * KB, ticket=ticket), 201)
    file = io.BytesIO(samples.logo())
    file.name = "emblem.png"
    page = client.post("/logo/", {"name": "Ministry", "logo": file}).content.decode()
    assert "Very much has been sent from your network" not in page


def test_full_disk_is_said_before_a_byte_is_sent_and_on_the_way(
    client: Client, settings: Settings
) -> None:
    content = samples.logo()
    address = start(client, content)["address"]
    settings.UPLOAD_FREE_DISK_FLOOR = 2**62
    for response in (ask_to_start(client, 10), append(client, address, 0, content)):
        assert answer(response, 429)["refused"].startswith("There is no room for this file")
        assert response["Retry-After"] == "60"
    settings.UPLOAD_FREE_DISK_FLOOR = 0
    answer(append(client, address, 0, content))


@pytest.mark.django_db(transaction=True)  # what is deleted is gone before files are listed
def test_sweep_takes_what_stopped_half_way_and_leaves_what_moves(
    client: Client, data_folder: Path
) -> None:
    content = samples.logo()
    stopped, slow, endless = (start(client, content)["address"] for _ in range(3))
    kept = sent_whole(client, content)
    finish(client, kept)
    now = timezone.now()
    for address, changed, created in (
        (stopped, 6.1, 7),
        (slow, 5.9, 20),
        (endless, 0, 24.1),
        (kept, 7, 7),
    ):
        PartialUpload.objects.filter(pk=row(address).pk).update(
            changed_at=now - timedelta(hours=changed), created_at=now - timedelta(hours=created)
        )
    two_hours_ago = time.time() - 7200
    for path in (data_folder / "staging").iterdir():
        os.utime(path, (two_hours_ago, two_hours_ago))
    paths = [row(address).file_path for address in (stopped, endless)]

    assert staging.sweep_staging() == 2
    assert not any(path.exists() for path in paths)
    assert {upload.pk for upload in PartialUpload.objects.all()} == {row(slow).pk, row(kept).pk}
    assert row(slow).file_path.exists()
    assert StagedUpload.objects.get().is_there()


@pytest.mark.parametrize("path", ["/logo/", "/closed/"])
def test_line_that_went_dead_is_hung_up_on_after_a_minute(client: Client, path: str) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        environment: dict[str, Any] = {"gunicorn.socket": ours}
        client.post(path, {"name": "Ministry"}, **environment)
        assert ours.gettimeout() == 60
