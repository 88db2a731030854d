"""No word goes to another host in the clear unless the operator has named that host."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from alliance.plain_lines import plain_hosts, refuse
from tests.portal import CHECKOUT


@pytest.mark.parametrize(
    ("address", "hosts"),
    [
        ("postgresql://a:p@db.example.org:5432/alliance", {"db.example.org"}),
        ("postgres://a@db.example.org/alliance?sslmode=prefer", {"db.example.org"}),
        (
            "postgresql://a@one.example.org:1,two.example.org/a",
            {"one.example.org", "two.example.org"},
        ),
        ("postgresql://a@/alliance?host=db.example.org", {"db.example.org"}),
        ("redis://:p@10.0.0.7:6379/0", {"10.0.0.7"}),
        ("redis://:p@[2001:db8::7]:6379/0", {"2001:db8::7"}),
        ("smtp://u:p@mail.example.org:587", {"mail.example.org"}),
        ("smtp://mail.example.org?tls=0", {"mail.example.org"}),
        ("imap://u:p@mail.example.org/INBOX", {"mail.example.org"}),
        ("s3://k:s@s3.example.org/files?tls=0", {"s3.example.org"}),
        ("tcp://scanner:3310", {"scanner"}),
    ],
)
def test_a_plain_line_is_known_by_its_address(address: str, hosts: set[str]) -> None:
    assert plain_hosts(address) == hosts


@pytest.mark.parametrize(
    "address",
    [
        "",
        "postgresql://a@db.example.org/alliance?sslmode=require",
        "postgresql://a@db.example.org/alliance?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        "postgresql://a@%2Frun%2Fpostgresql/alliance",
        "postgresql://a@/alliance?host=/run/postgresql",
        "postgresql://a@127.0.0.1:5432/alliance",
        "rediss://:p@cache.example.org:6379/0",
        "redis://[::1]:6379/0",
        "unix:///run/redis.sock",
        "smtp://u:p@mail.example.org:587?tls=1",
        "smtp://u:p@mail.example.org:465?ssl=1",
        "smtp://localhost:25",
        "imaps://u:p@mail.example.org/INBOX",
        "s3://k:s@s3.example.org/files",
        "unix:///run/clamav/clamd.ctl",
    ],
)
def test_what_is_encrypted_or_stays_on_the_machine_is_no_plain_line(address: str) -> None:
    assert plain_hosts(address) == set()


def test_a_host_that_was_named_is_accepted_and_no_other() -> None:
    addresses = {"CACHE_URL": "redis://cache:6379/0", "CLAMD_URL": "tcp://scanner:3310"}
    refuse(addresses, accepted=["cache", "scanner"])
    with pytest.raises(ImproperlyConfigured, match=r"^CLAMD_URL leads to scanner over a line"):
        refuse(addresses, accepted=["cache"])


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("DATABASE_URL", "postgresql://alliance@db.example.org/alliance"),
        ("DATABASE_OWNER_URL", "postgresql://alliance@db.example.org/alliance"),
        ("DATABASE_REPLICA_URL", "postgresql://alliance@db.example.org/alliance"),
        ("CACHE_URL", "redis://db.example.org:6379/0"),
        ("FILES_URL", "s3://k:s@db.example.org/files?tls=0"),
        ("CLAMD_URL", "tcp://db.example.org:3310"),
        ("EMAIL_URL", "smtp://u:p@db.example.org:587"),
        ("BOUNCE_MAILBOX", "imap://u:p@db.example.org/INBOX"),
    ],
)
def test_production_refuses_a_plain_line_to_another_host(name: str, address: str) -> None:
    given = {
        "ALLIANCE_MODE": "production",
        "ALLOWED_HOSTS": "alliance.example.org",
        "CLAMD_URL": "unix:///run/clamav/clamd.ctl",
        "DATABASE_URL": "postgresql://alliance@/alliance",
        "DEFAULT_FROM_EMAIL": "alliance@example.org",
        "EMAIL_URL": "smtp://mail.example.org:587?tls=1",
        "SECRETARIAT_EMAIL": "secretariat@example.org",
        "SECRET_KEY": "only-for-this-test-" + 40 * "0123456789",
        "TRAIL_KEY": "only-for-this-test-" + 40 * "9876543210",
        "SITE_URL": "https://alliance.example.org",
        name: address,
    }
    done = subprocess.run(
        [sys.executable, "-c", "import alliance.settings"],
        cwd=CHECKOUT,
        env=os.environ | given,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1
    assert f"{name} leads to db.example.org over a line that is not encrypted" in done.stderr
