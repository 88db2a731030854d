"""Files in a real S3 server: found by whoever may, refused to everybody else, also while it is away."""

import hashlib
import io
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from alliance.files import keeping, objects
from alliance.files.leftovers import drop_unnamed
from alliance.files.objects import ObjectsAway, PrivateObjects
from alliance.files.pdf import check_content
from organizations.models import User
from submissions import actions
from submissions.models import Attachment
from tests import factories
from tests.knowledge.pdfs import plain, saved
from tests.swift import BUCKET, RunningSwift

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("swift")]

LARGE = bytes(range(256)) * 80_000  # 20 MB: it is sent in several pieces at once


def test_what_is_stored_is_read_whole_in_part_and_from_any_place(swift: RunningSwift) -> None:
    name = storages["private"].save("documents/Large.PDF", ContentFile(LARGE))
    assert storages["private"].size(name) == len(LARGE)
    with storages["private"].open(name) as file:
        assert hashlib.file_digest(file, "sha256").digest() == hashlib.sha256(LARGE).digest()
        file.seek(-5, io.SEEK_END)
        assert file.read() == LARGE[-5:]
        file.seek(1_000_000)
        assert file.read(300) == LARGE[1_000_000:1_000_300]
        assert file.tell() == 1_000_300


def test_private_names_cannot_be_guessed_and_have_no_address(swift: RunningSwift) -> None:
    names = {storages["private"].save("documents/a.PDF", ContentFile(b"x")) for _ in range(2)}
    assert len(names) == 2
    assert all(len(name) == len("documents/") + 32 + len(".pdf") for name in names)
    with pytest.raises(ValueError, match="no address"):
        storages["private"].url(names.pop())
    assert {key.split("/")[0] for key in swift.stored()} == {"private"}


@pytest.mark.parametrize(
    ("key", "secret"),
    [
        ("office:guest", "guests-key"),  # of the same account, without a right
        ("others:people", "others-key"),
        ("office:portal", "a wrong one"),
    ],
)
def test_no_other_key_reads_writes_or_lists(swift: RunningSwift, key: str, secret: str) -> None:
    name = "private/" + storages["private"].save("documents/a.pdf", ContentFile(b"secret"))
    somebody = swift.client(key, secret)
    for attempt in (
        lambda: somebody.get_object(Bucket=BUCKET, Key=name),
        lambda: somebody.put_object(Bucket=BUCKET, Key=name, Body=b"x"),
        lambda: somebody.delete_object(Bucket=BUCKET, Key=name),
        lambda: somebody.list_objects_v2(Bucket=BUCKET),
    ):
        # It may hang up on what is sent to it before it has read that to its end.
        with pytest.raises((ClientError, ConnectionClosedError)) as refused:
            attempt()
        if isinstance(refused.value, ClientError):
            assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] in {403, 404}
    assert storages["private"].open(name.removeprefix("private/")).read() == b"secret"


@pytest.mark.parametrize("alias", ["private", "pictures", "staging"])
def test_nothing_in_the_bucket_is_public(swift: RunningSwift, alias: str) -> None:
    storages[alias].save("aa/b.webp", ContentFile(b"RIFF"))
    for key in swift.stored():
        for path in (f"/{BUCKET}/{key}", f"/v1/AUTH_office/{BUCKET}/{key}"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(swift.address + path, timeout=10)
            assert refused.value.code in {400, 401, 403, 404}


def answer_of_store(swift: RunningSwift, address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(swift.address + address, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, b""


def test_what_nginx_is_told_opens_one_file_for_a_few_minutes(
    swift: RunningSwift, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = PrivateObjects()
    names = [store.save("documents/a.pdf", ContentFile(b"secret")) for _ in range(2)]
    address = store.accel_address(names[0]).removeprefix("/accel/objects")
    assert answer_of_store(swift, address) == (200, b"secret")
    way, _mark, signature = address.partition("?")
    assert answer_of_store(swift, way)[0] in {400, 403}
    assert answer_of_store(swift, f"{way.replace(names[0], names[1])}?{signature}")[0] == 403
    longer = address.replace("Expires=300", "Expires=900")
    assert longer != address
    assert answer_of_store(swift, longer)[0] == 403
    monkeypatch.setattr(objects, "_SIGNED_FOR", 1)
    address = store.accel_address(names[0]).removeprefix("/accel/objects")
    assert "Expires=1&" in address
    time.sleep(2.1)
    assert answer_of_store(swift, address)[0] == 403


def test_the_portals_key_opens_no_bucket_of_others(swift: RunningSwift) -> None:
    others = swift.client("others:people", "others-key")
    others.create_bucket(Bucket="theirs")
    others.put_object(Bucket="theirs", Key="a", Body=b"x")
    ours = swift.client("office:portal", "portals-key")
    with pytest.raises(ClientError) as refused:
        ours.get_object(Bucket="theirs", Key="a")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] in {403, 404}


def address_of(paper: Attachment) -> str:
    return f"/submissions/{paper.submission.uuid}/attachments/{paper.pk}/"


def kept_privately(swift: RunningSwift) -> list[str]:
    return [key for key in swift.stored() if key.startswith("private/")]


def sweep_papers(before: datetime) -> int:
    return keeping.drop_files_without_row(Attachment, Attachment.FOLDER, before)


def test_a_paper_is_kept_handed_out_to_its_own_and_thrown_away(
    swift: RunningSwift, owner: User, owner_client: Client, stranger: User
) -> None:
    paper = factories.attachment(factories.draft(owner), by=owner)
    address = address_of(paper)
    answer = owner_client.get(address)
    content = answer.getvalue()
    assert hashlib.sha256(content).hexdigest() == paper.sha256
    assert answer["Content-Length"] == str(paper.size)
    assert factories.logged_in(stranger).get(address).status_code == 404
    assert len(kept_privately(swift)) == 1
    Attachment.objects.all().delete()
    assert sweep_papers(timezone.now() - timedelta(hours=1)) == 0
    assert sweep_papers(timezone.now() + timedelta(hours=1)) == 1
    assert kept_privately(swift) == []


def test_a_picture_comes_from_the_same_address_as_from_a_folder(
    swift: RunningSwift, client: Client
) -> None:
    name = storages["pictures"].save("ab/" + "0" * 32 + ".webp", ContentFile(b"RIFF"))
    answer = client.get(storages["pictures"].url(name))
    assert answer.getvalue() == b"RIFF"
    assert "immutable" in answer["Cache-Control"]
    assert drop_unnamed(timezone.now() - timedelta(days=1)) == 0
    assert drop_unnamed(timezone.now() + timedelta(days=1)) == 1
    assert client.get(storages["pictures"].url(name)).status_code == 404


def test_a_pdf_is_read_by_a_process_that_knows_nothing_of_the_bucket(swift: RunningSwift) -> None:
    name = storages["private"].save("reports/a.pdf", ContentFile(saved(plain(2))))
    with storages["private"].open(name) as file:
        assert check_content(file) == 2
        assert file.read(5) == b"%PDF-"


def test_while_it_is_away_a_download_says_so_and_comes_later(
    swift: RunningSwift, owner: User, owner_client: Client
) -> None:
    paper = factories.attachment(factories.draft(owner), by=owner)
    swift.stop()
    answer = owner_client.get(address_of(paper))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "This does not work at the moment" in answer.content.decode()
    assert owner_client.get("/health/ready").json()["checks"]["files"] == "failed"
    assert owner_client.get("/dashboard/").status_code == 200
    swift.start()
    assert owner_client.get(address_of(paper)).status_code == 200
    assert owner_client.get("/health/ready").json()["checks"]["files"] == "ok"


def test_what_could_not_be_stored_waits_as_it_was_and_is_stored_later(
    swift: RunningSwift, owner: User
) -> None:
    draft, waiting = factories.draft(owner), factories.staged_document()
    swift.stop()
    with pytest.raises(ObjectsAway):
        actions.add_attachments(draft, [waiting], by=owner)
    assert not Attachment.objects.exists()
    swift.start()
    assert swift.stored() == [f"staging/{waiting.path}"]
    waiting.refresh_from_db()
    (paper,) = actions.add_attachments(draft, [waiting], by=owner)
    assert kept_privately(swift) == [f"private/{paper.file.name}"]


def test_a_file_that_cannot_be_deleted_now_is_found_by_the_sweep(
    swift: RunningSwift, owner: User, django_capture_on_commit_callbacks: Any
) -> None:
    paper = factories.attachment(factories.draft(owner), by=owner)
    swift.stop()
    with django_capture_on_commit_callbacks(execute=True):
        keeping.throw_away(paper)
    with pytest.raises(ObjectsAway):
        sweep_papers(timezone.now() + timedelta(hours=1))
    swift.start()
    assert sweep_papers(timezone.now() + timedelta(hours=1)) == 1
    assert kept_privately(swift) == []


def test_a_write_that_is_cut_off_leaves_nothing_to_be_read(swift: RunningSwift) -> None:
    class Cut(ContentFile[bytes]):
        """A file in the middle of which the server dies."""

        def read(self, size: int = -1) -> bytes:
            if self.file.tell():
                swift.stop()
            return bytes(self.file.read(size))

    with pytest.raises(ObjectsAway):
        storages["private"].save("documents/a.pdf", Cut(LARGE))
    swift.start()
    assert kept_privately(swift) == []
