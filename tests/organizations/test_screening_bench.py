"""The promises about the screening, on a tenth of the names of the real list."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from organizations.screening.benchmark import OWN_COPY
from organizations.screening.fetching import read_source
from organizations.screening.matching import Index
from organizations.screening.reading import Quality, read_list


def test_recall_false_alerts_and_time_keep_their_limits(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "ALLIANCE_MODE": "local",
        "ALLIANCE_DATA": str(tmp_path),
        "DATABASE_URL": "",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "bench_screening", "--short"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == 5 * ["ok"], done.stdout + done.stderr
    assert done.returncode == 0
    assert [line.split("  ")[0] for line in lines] == [
        "listed names found as they are",
        "distorted names found",
        "false alerts",
        "one organization",
        "100 organizations",
    ]


def test_the_real_list_is_read_whole_with_its_quirks() -> None:
    listing = read_list(read_source(str(OWN_COPY)))
    assert (listing.persons, listing.entities) == (730, 273)
    assert all(party.listed_on for party in listing.parties)
    assert all(not name.text.startswith(" ") for p in listing.parties for name in p.names)
    assert sum(not party.birth_years for party in listing.parties if party.kind == "person") > 50
    names = [name for party in listing.parties for name in party.names]
    assert not {"", "na"} & {name.text for name in names}
    index = Index(
        (party.reference, name.text, name.quality is Quality.WEAK)
        for party in listing.parties
        for name in party.names
    )
    # One alias of several names, joined by semicolons and brackets.
    for name in ("Assembly for the Liberation of Syria", "هيئة تحرير الشام", "HTS"):
        assert "QDe.137" in {match.key for match in index.find(name)}, name
