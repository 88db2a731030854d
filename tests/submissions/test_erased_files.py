"""Files that somebody has sent, and not yet handed in with a form, go from the disk with them."""

import io
from pathlib import Path

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from alliance.files import partial
from alliance.files.partial import Ticket
from alliance.files.staging import keep_picture
from alliance.models import PartialUpload, StagedUpload
from alliance.models.upload import staging_folder
from organizations.models import User
from submissions.actions.my_data import erase_account
from tests.alliance.files import samples

pytestmark = pytest.mark.django_db

TICKET = Ticket("logo", 10**6, 1024)


def waiting(person: User) -> Path:
    """A picture that waits for its form."""
    with io.BytesIO(samples.logo()) as file:
        held = keep_picture(
            file, "logo", max_side=64, name="emblem.png", sent_size=1, uploaded_by=person.pk
        )
    return staging_folder() / held.path


def half_way(person: User) -> Path:
    """A picture of which a part has arrived."""
    content = samples.logo()
    upload = partial.start(
        TICKET, name="emblem.png", size=len(content), sender=str(person.pk), by=person.pk
    )
    partial.append(upload, io.BytesIO(content), offset=0, length=1000)
    return upload.file_path


def test_what_waits_and_what_is_on_its_way_is_gone_with_the_person(
    owner: User,
    stranger: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    ours = [waiting(owner), half_way(owner), half_way(owner)]
    theirs = [waiting(stranger), half_way(stranger)]
    assert all(path.stat().st_size for path in [*ours, *theirs])
    with django_capture_on_commit_callbacks(execute=True):
        erase_account(owner, by=owner)
    assert [path.exists() for path in ours] == [False, False, False]
    assert [path.exists() for path in theirs] == [True, True]
    assert StagedUpload.objects.get().uploaded_by == stranger.pk
    assert PartialUpload.objects.get().uploaded_by == stranger.pk


def test_a_file_that_is_gone_already_holds_up_no_erasure(owner: User) -> None:
    for path in (waiting(owner), half_way(owner)):
        path.unlink()
    erase_account(owner, by=owner)
    assert (StagedUpload.objects.count(), PartialUpload.objects.count()) == (0, 0)
