import hashlib
import os
import time
import unicodedata
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import signing
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from alliance.exceptions import ActionRefused
from alliance.files import staging
from alliance.models import StagedUpload
from tests.alliance.files import samples

pytestmark = pytest.mark.django_db


def waiting(name: str = "logo.png", purpose: str = "logo", hours_ago: float = 0) -> StagedUpload:
    path = staging.new_path().with_suffix(".webp")
    path.write_bytes(samples.saved(samples.noise(8, 8), "WEBP"))
    upload = staging.hold(
        path, purpose, name=name, sent_size=3_000_000, content_type="image/webp", uploaded_by=7
    )
    upload.created_at = timezone.now() - timedelta(hours=hours_ago)
    upload.save(update_fields=["created_at"])
    return upload


def on_disk(data_folder: Path) -> set[str]:
    return {path.name for path in (data_folder / "staging").iterdir()}


def test_held_file_is_found_by_its_token_and_by_nothing_else() -> None:
    upload, other = waiting(), waiting()
    token = staging.token_for(upload)
    assert staging.claim(token, "logo") == upload
    assert staging.claim(staging.token_for(other), "logo") == other
    assert staging.claim(token, "badge") is None
    assert staging.claim(token[:-1] + ("A" if token[-1] != "A" else "B"), "logo") is None
    assert staging.claim(str(upload.pk), "logo") is None
    for value in ([upload.uuid.hex, "logo"], upload.uuid.hex, 5):
        assert staging.claim(signing.dumps(value, salt="another form"), "logo") is None
    assert staging.claim("\0:é:\udcff", "logo") is None


def test_held_file_knows_what_it_is(data_folder: Path) -> None:
    upload = waiting()
    content = (data_folder / "staging" / upload.path).read_bytes()
    assert upload.open().read() == content
    assert (upload.size, upload.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (upload.sent_size, upload.uploaded_by) == (3_000_000, 7)


def test_token_counts_for_a_day() -> None:
    young, old = waiting(hours_ago=23.9), waiting(hours_ago=24.1)
    assert staging.claim(staging.token_for(young), "logo") == young
    assert staging.claim(staging.token_for(old), "logo") is None


def test_removed_file_is_gone_at_once(
    data_folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    upload, other = waiting(), waiting()
    token = staging.token_for(upload)
    with django_capture_on_commit_callbacks(execute=True):
        staging.discard(upload)
    assert staging.claim(token, "logo") is None
    assert on_disk(data_folder) == {other.path}


def test_file_missing_on_disk_is_no_file() -> None:
    upload = waiting()
    upload.drop()
    assert staging.claim(staging.token_for(upload), "logo") is None


def test_published_picture_is_public_and_used_up(
    data_folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    upload = waiting()
    content = upload.open().read()
    with django_capture_on_commit_callbacks(execute=True):
        name = staging.publish(upload)
    assert (data_folder / "media" / name).read_bytes() == content
    assert on_disk(data_folder) == set()
    assert staging.claim(staging.token_for(upload), "logo") is None
    with pytest.raises(ActionRefused):
        staging.publish(StagedUpload.objects.get(pk=upload.pk))


def test_file_is_still_waiting_when_its_form_was_not_saved() -> None:
    upload = waiting()
    with transaction.atomic():
        staging.publish(upload)
        transaction.set_rollback(True)
    assert staging.claim(staging.token_for(upload), "logo") == upload


def test_sweep_takes_what_nobody_comes_back_for_and_nothing_else(
    data_folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    young, old, lost = waiting(), waiting(hours_ago=25), waiting()
    lost.drop()
    orphan, arriving = staging.new_path(), staging.new_path()
    for path in (orphan, arriving, data_folder / "staging" / ".decoding-0"):
        path.write_bytes(b"bytes")
    two_hours_ago = time.time() - 7200
    for path in (
        orphan,
        data_folder / "staging" / young.path,
        data_folder / "staging" / ".decoding-0",
    ):
        os.utime(path, (two_hours_ago, two_hours_ago))

    with django_capture_on_commit_callbacks(execute=True):
        assert staging.sweep_staging() == 3
    assert on_disk(data_folder) == {young.path, arriving.name, ".decoding-0"}
    assert list(StagedUpload.objects.all()) == [young]
    assert not old.is_there()
    assert staging.sweep_staging() == 0


def test_idle_sweep_asks_the_same_questions_for_one_file_and_for_three() -> None:
    counts = []
    for number in (1, 2):
        for _ in range(number):
            waiting()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            staging.sweep_staging()
        counts.append(len(queries))
    assert counts == [6, 6]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("logo.png", "logo.png"),
        ("Logo du\nministère\t2026.png", "Logo duministère2026.png"),
        ("شعار الوزارة.png", "شعار الوزارة.png"),
        ("gpj.\u202eexe.png", "gpj.exe.png"),
        ("../../etc/passwd", "....etcpasswd"),
        ("\0\udcff", "file"),
        ("  a   b .png ", "a b .png"),
        ("x" * 200 + ".webp", "x" * 145 + ".webp"),
        ("x" * 200, "x" * 150),
        ("a." + "x" * 200, "a." + "x" * 148),
    ],
)
def test_names_are_fit_to_be_shown(given: str, shown: str) -> None:
    clean = staging.clean_name(given)
    assert clean[:10] == shown[:10]
    assert len(clean) <= 150
    assert not any(unicodedata.category(letter)[0] == "C" for letter in clean)
    if len(given) < 100:
        assert clean == shown
