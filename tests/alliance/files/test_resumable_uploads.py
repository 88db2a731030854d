"""Files that arrive in parts: in order, whatever happens to the line, from who may."""

import io
import re
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import UnreadablePostError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from alliance.files import child, partial, staging
from alliance.files.partial import Ticket
from alliance.files.pictures import MAX_SIDE
from alliance.models import PartialUpload, StagedUpload
from tests.alliance.files import samples
from tests.alliance.files.pages import LIMIT
from tests.alliance.files.sending import (
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


def test_parts_become_the_picture_that_the_form_takes(client: Client, data_folder: Path) -> None:
    content = samples.logo(300, 200)
    begun = start(client, content)
    assert (begun["offset"], begun["size"]) == (0, len(content))
    address = begun["address"]
    first = answer(append(client, address, 0, content[:70_000]))
    assert first == {"address": address, "offset": 70_000, "size": len(content)}
    answer(append(client, address, 70_000, content[70_000:]))
    kept = answer(finish(client, address))
    assert kept["name"] == "emblem.png"

    held = StagedUpload.objects.get()
    assert (held.sent_size, held.content_type, held.purpose) == (
        len(content),
        "image/webp",
        "logo",
    )
    response = client.post("/logo/", {"name": "Ministry", "logo-held": kept["token"]})
    assert (response.status_code, "emblem.png" in response.content.decode()) == (200, True)


def test_what_was_sent_is_gone_once_our_picture_is_kept(
    client: Client,
    data_folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    address = sent_whole(client, samples.logo())
    with django_capture_on_commit_callbacks(execute=True):
        answer(finish(client, address))
    assert on_disk(data_folder) == [StagedUpload.objects.get().path]


def test_parts_wait_where_nobody_else_looks_under_a_name_that_nobody_guesses(
    client: Client, data_folder: Path
) -> None:
    address = str(start(client, samples.logo(), name="../../etc/passwd")["address"])
    (path,) = (data_folder / "staging").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.name == f"{uuid.UUID(address.split('/')[2]).hex}.part"
    assert row(address).name == "....etcpasswd"


@pytest.mark.parametrize("offset", [-1, 999, 1001, 2**70, "", "x"])
def test_part_out_of_step_changes_nothing_and_is_told_where_to_go_on(
    client: Client, offset: object
) -> None:
    content = samples.logo()
    address = start(client, content)["address"]
    append(client, address, 0, content[:1000])
    response = append(client, address, offset, content[1000:])
    assert response.status_code == (409 if offset in {999, 1001, 2**70} else 400)
    if response.status_code == 409:
        assert answer(response, 409)["offset"] == 1000
    assert row(address).file_path.read_bytes() == content[:1000]
    assert row(address).offset == 1000


def test_part_sent_twice_counts_once(client: Client) -> None:
    content = samples.logo()
    address = start(client, content)["address"]
    answer(append(client, address, 0, content[:1000]))
    assert answer(append(client, address, 0, content[:1000]), 409)["offset"] == 1000
    answer(append(client, address, 1000, content[1000:]))
    assert row(address).file_path.read_bytes() == content


class Overtaken(io.BytesIO):
    """A part on a slow line: before its last bytes arrive, the same part arrives on another."""

    def __init__(self, content: bytes, client: Client, address: str) -> None:
        super().__init__(content)
        self.other = lambda: append(client, address, 0, content)

    def read(self, size: int | None = -1) -> bytes:
        answer(self.other())
        return super().read(size)


def test_of_two_parts_at_once_one_counts(client: Client) -> None:
    content = samples.logo()
    address = start(client, content)["address"]
    part = Overtaken(content[:1000], client, address)
    with pytest.raises(partial.OutOfStep):
        partial.append(row(address), part, offset=0, length=1000)
    assert row(address).offset == 1000
    answer(append(client, address, 1000, content[1000:]))
    assert row(address).file_path.read_bytes() == content


class BrokenLine(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(300)
        if not piece:
            raise UnreadablePostError("gone")
        return piece


def test_what_arrived_before_the_line_broke_counts(client: Client) -> None:
    content = samples.logo()
    address = start(client, content)["address"]
    upload = partial.append(row(address), BrokenLine(content[:700]), offset=0, length=2000)
    assert upload.offset == 700
    upload = partial.append(upload, io.BytesIO(content[700:1000]), offset=700, length=2000)
    assert upload.offset == 1000
    state = answer(client.get(address))
    assert (state["offset"], state["size"]) == (1000, len(content))
    answer(append(client, address, 1000, content[1000:]))
    answer(finish(client, address))


def test_finishing_before_the_last_part_says_what_is_missing(client: Client) -> None:
    content = samples.logo()
    address = start(client, content)["address"]
    append(client, address, 0, content[:1000])
    assert answer(finish(client, address), 409)["offset"] == 1000
    assert StagedUpload.objects.count() == 0


def test_finishing_twice_keeps_one_picture(client: Client) -> None:
    address = sent_whole(client, samples.logo())
    tokens = [answer(finish(client, address))["token"] for _ in range(2)]
    tokens.append(answer(client.get(address))["token"])
    claimed = [staging.claim(token, "logo") for token in tokens]
    assert claimed == 3 * [StagedUpload.objects.get()]
    assert append(client, address, 0, b"more").status_code == 409


@pytest.mark.django_db(transaction=True)
def test_of_two_who_finish_at_once_one_waits_for_the_other(client: Client) -> None:
    address = sent_whole(client, samples.logo())
    answers: list[Any] = []

    def finish_it() -> None:
        answers.append(finish(Client(), address))
        connection.close()

    threads = [threading.Thread(target=finish_it) for _ in range(2)]
    with child.slot(), child.slot():  # every place for decoding is taken for now
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 10
        while not answers:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert "token" not in answer(answers[0], 202)
    for thread in threads:
        thread.join(30)
    token = answer(answers[1])["token"]
    assert staging.claim(token, "logo") == StagedUpload.objects.get()


def test_decoders_that_are_busy_cost_nobody_the_upload(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = sent_whole(client, samples.logo())
    monkeypatch.setattr(child, "_WAIT_SECONDS", 0.1)
    with child.slot(), child.slot():
        response = finish(client, address)
    assert answer(response, 429)["refused"].startswith("Too many files are being checked")
    assert response["Retry-After"] == "5"
    answer(finish(client, address))


@pytest.mark.parametrize(
    "ticket",
    [
        "",
        "x",
        "W10:forged",
        "\0é",
        pytest.param(Ticket("logo", LIMIT, 9).signed()[:-2] + "ab", id="signature changed"),
    ],
)
def test_only_a_form_of_ours_can_allow_an_upload(client: Client, ticket: str) -> None:
    response = client.post("/uploads/", {"ticket": ticket, "name": "a.png", "size": 10})
    assert answer(response, 422)["refused"]
    assert PartialUpload.objects.count() == 0


def test_file_counts_for_the_field_it_was_sent_for(client: Client) -> None:
    token = answer(finish(client, sent_whole(client, samples.logo())))["token"]
    response = client.post("/logo/", {"name": "x", "logo-held": token, "badge-held": token})
    assert response.content.decode().count("emblem.png") == 1
    response = client.post("/logo/", {"name": "x", "badge-held": token})
    assert (response.status_code, "emblem.png" in response.content.decode()) == (422, False)


def test_upload_belongs_to_who_began_it(client: Client, owner_client: Client) -> None:
    content = samples.logo()
    own = start(owner_client, content)["address"]
    visitors = start(client, content)["address"]
    for browser, address in ((client, own), (Client(), own), (owner_client, visitors)):
        assert browser.get(address).status_code == 404
        assert append(browser, address, 0, content).status_code == 404
        assert finish(browser, address).status_code == 404
        assert browser.post(f"{address}cancel/").status_code == 404
    assert [row(address).offset for address in (own, visitors)] == [0, 0]
    answer(append(owner_client, own, 0, content))
    answer(finish(owner_client, own))
    assert StagedUpload.objects.get().uploaded_by == row(own).uploaded_by is not None


def test_page_of_another_site_cannot_send_for_its_visitor() -> None:
    strict = Client(enforce_csrf_checks=True)
    address = start(Client(), samples.logo())["address"]
    for response in (
        ask_to_start(strict, 100),
        append(strict, address, 0, b"bytes"),
        finish(strict, address),
        strict.post(f"{address}cancel/"),
    ):
        assert response.status_code == 403
    assert row(address).offset == 0


def test_nothing_that_was_sent_comes_out_again(client: Client) -> None:
    content = samples.logo()
    address = sent_whole(client, content)
    finish(client, address)
    token = answer(client.get(address))["token"]
    assert content[:8] not in client.get(address).content
    for name in ("append", "finish", "cancel"):
        assert client.get(f"{address}{name}/").status_code == 405
    staging.publish(held := StagedUpload.objects.get())
    assert client.get(address).status_code == 404  # used: nothing to go on with
    assert staging.claim(token, held.purpose) is None


def test_cancel_forgets_at_once(
    client: Client,
    data_folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    content = samples.logo()
    address = start(client, content)["address"]
    append(client, address, 0, content[:1000])
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{address}cancel/").status_code == 204
    assert on_disk(data_folder) == []
    assert append(client, address, 1000, content[1000:]).status_code == 404


def test_upload_whose_bytes_are_gone_begins_again(client: Client) -> None:
    address = start(client, samples.logo())["address"]
    row(address).file_path.unlink()
    assert append(client, address, 0, samples.logo()).status_code == 404
    assert PartialUpload.objects.count() == 0


def test_page_gives_the_script_all_that_it_needs(client: Client) -> None:
    page = client.get("/logo/").content.decode()
    tickets = [Ticket.read(text) for text in re.findall(r'data-ticket="([^"]+)"', page)]
    assert tickets == [Ticket("logo", LIMIT, MAX_SIDE), Ticket("badge", LIMIT, MAX_SIDE)]
    assert page.count(f'data-address="{reverse("upload_start")}"') == 2
    assert re.findall(r'data-for="([^"]+)"', page) == ["id_logo", "id_badge"]
    assert 'data-large="This file is too large. Maximum file size: 1 MB."' in page
    script = Path(__file__).parents[3].joinpath("static/js/upload.js").read_text()
    named = re.findall(r"this\.texts\.(\w+)", script)
    attributes = {"data-" + re.sub("[A-Z]", r"-\g<0>", name).lower() for name in named}
    page += client.get("/papers/").content.decode()  # a field for several says a little more
    assert {attribute for attribute in attributes if f" {attribute}=" not in page} == set()
