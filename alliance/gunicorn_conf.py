"""The web server's settings, in both modes: `gunicorn -c python:alliance.gunicorn_conf`."""

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

from alliance import metrics_folder, pace

PORT = os.environ.get("PORT", "8000")


def _loopback() -> list[str]:
    """Both addresses of `localhost`: browsers try the one or the other first."""
    addresses = [f"127.0.0.1:{PORT}"]
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        addresses.append(f"[::1]:{PORT}")
    return addresses


wsgi_app = "alliance.wsgi:application"
bind = os.environ["ALLIANCE_BIND"].split(",") if os.environ.get("ALLIANCE_BIND") else _loopback()

# Threads, because a slow upload holds one for minutes: 2 x 64 keep the other pages quick under
# twenty uploads at 200 kB/s, 2 x 16 do not.
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "64"))
preload_app = True

# The heartbeat is the worker's own, whatever its threads wait for; it need not outlast an upload.
timeout = 60
graceful_timeout = 30
keepalive = 5
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - never a disk

# Before the portal is loaded: each process counts its requests where the others can read it.
if os.environ.get("METRICS_TOKEN"):
    metrics_folder.use(Path(os.environ.get("ALLIANCE_DATA") or "var").resolve() / "metrics")

# Nobody may tell us where a request came from unless the operator names the proxy.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "")

accesslog = None  # alliance.logs writes a structured line for each request
errorlog = "-"
loglevel = "error"  # a warning names the address of who sends what is no request, and the line
control_socket_disable = True


def pre_request(worker: Any, request: Any) -> None:
    pace.pace(request)
