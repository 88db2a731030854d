from pathlib import Path

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty data folder for each test; the storages look at it anew."""
    folder = tmp_path_factory.mktemp("data")
    settings.ALLIANCE_DATA = folder
    settings.STORAGES = dict(settings.STORAGES)  # makes Django build them again
    return folder
