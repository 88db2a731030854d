"""A program of ours in a process of its own, on the database of the test: to be killed, say."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

CHECKOUT = Path(__file__).resolve().parents[1]
_BEGIN = "import django\ndjango.setup()\n"


def start(code: str) -> subprocess.Popen[bytes]:
    """Run the code beside the test, with Django, its database and its data folder."""
    found = connection.settings_dict
    url = f"postgresql://{found['USER']}@{quote(found['HOST'], safe='')}/{found['NAME']}"
    return subprocess.Popen(
        [sys.executable, "-c", _BEGIN + code],
        cwd=CHECKOUT,
        env=os.environ
        | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "alliance.settings",
            "ALLIANCE_DATA": str(settings.ALLIANCE_DATA),
            "TRAIL_KEY": settings.TRAIL_KEY,
        },
        stderr=subprocess.DEVNULL,
    )
