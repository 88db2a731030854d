from pathlib import Path

import pytest
from django.conf import LazySettings

from alliance.reference_data import load_reference_data


@pytest.fixture(autouse=True)
def reference_data(db: None) -> None:
    load_reference_data()


@pytest.fixture(autouse=True)
def files_of_this_test(tmp_path: Path, settings: LazySettings) -> None:
    """What a test stores goes with it."""
    settings.ALLIANCE_DATA = tmp_path
