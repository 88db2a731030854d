"""A real S3 server for the tests: OpenStack Swift with its S3 interface, all of it on loopback."""

import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from alliance import processes
from tests.portal import free_port
from tests.servers import folder_for, program, wait_until

BUCKET = "portal-files"
_SERVER = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
devices = {folder}/devices
swift_dir = {folder}
mount_check = false
workers = 0
user = {user}
log_level = CRITICAL
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
# The cache in memcached is asked for and does without. One account has two users of which one may
# do nothing, the other account is somebody else's.
_PROXY = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {folder}
workers = 0
user = {user}
log_level = CRITICAL
[pipeline:main]
pipeline = catch_errors cache listing_formats s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:9
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_office_portal = portals-key .admin
user_office_guest = guests-key
user_others_people = others-key .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""
_KINDS = ("account", "container", "object")
_RINGS = """
import sys
from swift.common.ring import RingBuilder
folder, *places = sys.argv[1:]
for kind, port in (place.split(":") for place in places):
    where = {"ip": "127.0.0.1", "port": int(port), "device": "one", "weight": 1.0}
    also = {"replication_ip": "127.0.0.1", "replication_port": int(port), "meta": ""}
    ring = RingBuilder(4, 1, 0)
    ring.add_dev({"id": 0, "region": 1, "zone": 1, **where, **also})
    ring.rebalance()
    ring.get_ring().save(f"{folder}/{kind}.ring.gz")
"""


class RunningSwift:
    """Three servers and the proxy before them; `proxy` alone is what dies and comes back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.url = f"s3://office%3Aportal:portals-key@127.0.0.1:{self.port}/{BUCKET}?tls=0"
        program("swift-proxy-server", "swift-proxy")
        (folder / "devices" / "one").mkdir(parents=True)
        self._user = pwd.getpwuid(os.geteuid()).pw_name
        ports = {kind: free_port() for kind in _KINDS}
        self._make_rings(ports)
        self._servers = [
            self._start(kind, _SERVER.format(kind=kind, **self._words(port)))
            for kind, port in ports.items()
        ]
        self.start()

    def start(self) -> None:
        self.proxy = self._start("proxy", _PROXY.format(**self._words(self.port)))
        ours = self.client("office:portal", "portals-key")
        wait_until(lambda: _answers(ours), "Swift does not come up", 120)

    def stop(self) -> None:
        """At once, in the middle of whatever it does."""
        self.proxy.kill()
        self.proxy.wait()

    def end(self) -> None:
        processes.stop([self.proxy, *self._servers], signal.SIGKILL, seconds=5)

    def client(self, key: str, secret: str) -> Any:
        """Speaks S3 as whoever has this key."""
        return boto3.client(
            "s3",
            endpoint_url=self.address,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            region_name="us-east-1",
            # Swift knows nothing of the checksums that came later.
            config=Config(
                retries={"total_max_attempts": 1},
                connect_timeout=2,
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def stored(self) -> list[str]:
        """Of every object of the portal's."""
        ours = self.client("office:portal", "portals-key")
        pages = ours.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return [found["Key"] for page in pages for found in page.get("Contents", [])]

    def _make_rings(self, ports: dict[str, int]) -> None:
        """Say where each kind of server is, with Swift's own library: Debian's Python has it."""
        places = [f"{kind}:{port}" for kind, port in ports.items()]
        command = ["/usr/bin/python3", "-c", _RINGS, str(self.folder), *places]
        subprocess.run(command, check=True, capture_output=True)

    def _words(self, port: int) -> dict[str, Any]:
        return {"port": port, "folder": self.folder, "user": self._user}

    def _start(self, kind: str, config: str) -> subprocess.Popen[bytes]:
        path = self.folder / f"{kind}.conf"
        path.write_text(config)
        return processes.start(
            [program(f"swift-{kind}-server", f"swift-{kind}"), path],
            end_signal=signal.SIGKILL,
            log=self.folder / f"{kind}.log",
        )


def _answers(client: Any) -> bool:
    """Whether all servers do: an object is written and deleted."""
    with suppress(BotoCoreError, ClientError):  # it is there already
        client.create_bucket(Bucket=BUCKET)
    with suppress(BotoCoreError, ClientError):
        client.put_object(Bucket=BUCKET, Key="first", Body=b"")
        client.delete_object(Bucket=BUCKET, Key="first")
        return True
    return False


@contextmanager
def running_swift() -> Iterator[RunningSwift]:
    with folder_for("swift") as folder:
        server = RunningSwift(folder)
        try:
            yield server
        finally:
            server.end()
