from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.storage import storages
from pytest_django.fixtures import Settings

from submissions.models import Attachment
from tests.swift import BUCKET, RunningSwift, running_swift


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty data folder for each test; the storages look at it anew."""
    folder = tmp_path_factory.mktemp("data")
    settings.ALLIANCE_DATA = folder
    settings.STORAGES = dict(settings.STORAGES)  # makes Django build them again
    return folder


@pytest.fixture(scope="package")
def swift_server() -> Iterator[RunningSwift]:
    """One for all tests with the mark of their group, `swift`: it takes seconds to come up."""
    with running_swift() as running:
        yield running


@pytest.fixture
def swift(
    swift_server: RunningSwift,
    settings: Settings,
    data_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[RunningSwift]:
    """The server, running before and after, with the files of the test."""
    settings.FILES_URL = swift_server.url
    objects = "alliance.files.objects"
    settings.STORAGES = settings.STORAGES | {
        "private": {"BACKEND": f"{objects}.PrivateObjects"},
        "pictures": {"BACKEND": f"{objects}.PublicPictureObjects"},
        "staging": {"BACKEND": f"{objects}.StagingObjects"},
    }
    # The model was made with the storage of before.
    monkeypatch.setattr(Attachment._meta.get_field("file"), "storage", storages["private"])
    yield swift_server
    if swift_server.proxy.poll() is not None:
        swift_server.start()
    cache.clear()
    ours = swift_server.client("office:portal", "portals-key")
    for key in swift_server.stored():
        ours.delete_object(Bucket=BUCKET, Key=key)
