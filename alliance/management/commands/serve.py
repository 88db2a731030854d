"""`manage.py serve`: the whole portal on one's own machine, with one command (`make serve`).

Starts the embedded PostgreSQL, brings tables and contents up to date, then keeps web server and
worker running until stopped. Nothing that it started outlives it, however it ends.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from alliance import gunicorn_conf, processes
from alliance.claims import DataFolder, make_sure_of_ports
from alliance.database_roles import as_owner, grant_runtime_role
from alliance.embedded_postgres import EmbeddedPostgres
from alliance.management.commands import prepare
from alliance.postgres_places import PostgresError
from alliance.supervisor import Program

LOADERS = prepare.LOADERS | {"load_demo_list": "Loading the sanctions list"}
# Says in a few lines who can log in.
PEOPLE_LOADER = "load_demo_people"

WEB = [sys.executable, "-m", "gunicorn", "--config", "python:alliance.gunicorn_conf"]
WORKER = [sys.executable, "manage.py", "worker"]
LONGEST_LOG = 10 * 2**20  # bytes; a longer one is set aside at the next start


class Command(BaseCommand):
    help = "Run the portal on this machine: database, web server and worker."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--stop-with-parent",
            action="store_true",
            help="Stop when the program that started this one ends (for make).",
        )

    def handle(self, *, stop_with_parent: bool, **options: Any) -> None:
        if not settings.LOCAL_MODE:
            raise CommandError(
                "`serve` is for local mode (ALLIANCE_MODE=local). In production the service "
                "manager runs gunicorn and `manage.py worker`: see docs/operations.md."
            )
        heed_signals()
        if stop_with_parent:
            processes.end_with_parent(signal.SIGTERM, os.getppid())
        self.claim = DataFolder(settings.ALLIANCE_DATA)
        with ExitStack() as running:
            try:
                running.enter_context(self.claim)
                self.run(running)
            except KeyboardInterrupt:
                self.claim.announce_end()
                self.say("Stopping")
            except PostgresError as error:
                raise CommandError(str(error)) from error

    def run(self, running: ExitStack) -> None:
        """Start everything, then watch over it until a signal raises KeyboardInterrupt."""
        make_sure_of_ports(gunicorn_conf.bind)
        programs = []
        if not settings.DATABASE_URL:
            server = EmbeddedPostgres(settings.ALLIANCE_DATA)
            running.callback(server.stop)
            self.say_where_data_is(server)
            programs.append(Program("database", server.start, self.say))
        with as_owner():
            self.prepare_contents()
        people = self.load_people()
        connections.close_all()
        web, worker = self.start_programs(running)
        wait_until_ready(web)
        self.announce(people)
        programs += [web, worker]
        while True:
            for program in programs:
                program.tend()
            time.sleep(0.5)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def say_where_data_is(self, server: EmbeddedPostgres) -> None:
        if not server.home.is_relative_to(settings.ALLIANCE_DATA):
            self.say(
                f"The database is kept in {server.home}: its server may not enter the folders "
                f"above {settings.ALLIANCE_DATA}"
            )
        self.say("Making the database" if server.is_new else "Starting the database")

    def prepare_contents(self) -> None:
        """Bring tables, contents and static files up to date."""
        make_sure_of_database()
        executor = MigrationExecutor(connection)
        if steps := len(executor.migration_plan(executor.loader.graph.leaf_nodes())):
            self.say(f"Bringing the tables up to date ({steps} steps)")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        grant_runtime_role()
        for command, what in LOADERS.items():
            self.say(what)
            call_command(command, verbosity=0)
        stamp = settings.STATIC_ROOT / ".collected"
        fingerprint = static_fingerprint()
        if not stamp.exists() or stamp.read_text() != fingerprint:
            self.say("Collecting style sheets, scripts and pictures")
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp.parent.mkdir(exist_ok=True)
            stamp.write_text(fingerprint)

    def load_people(self) -> str:
        """Make the demo people that are missing; returns the lines that say who can log in."""
        lines = StringIO()
        call_command(PEOPLE_LOADER, stdout=lines)
        return lines.getvalue().strip()

    def start_programs(self, running: ExitStack) -> tuple[Program, Program]:
        web = Program("web server", lambda: start_logged("web", WEB, signal.SIGINT), self.say)
        running.callback(lambda: stop_gently(web))
        worker = Program("worker", lambda: start_logged("worker", WORKER, signal.SIGTERM), self.say)
        running.callback(lambda: stop_gently(web, worker))
        return web, worker

    def announce(self, people: str) -> None:
        self.say("")
        self.say(f"The portal is at {settings.SITE_URL}/ and its mail at {mail_address()}")
        self.say(people)
        self.say(f"Logs are in {log_folder()}. Stop with Ctrl-C.")


def heed_signals() -> None:
    """Turn the signals that ask us to stop into KeyboardInterrupt."""

    def stop(*_: object) -> None:
        ignore_signals()  # at once: a second one on the heels of the first must not cut the stopping
        raise KeyboardInterrupt

    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, stop)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup stays what it says
        signal.signal(signal.SIGHUP, stop)


def ignore_signals() -> None:
    """Stopping takes seconds and has deadlines of its own; a second Ctrl-C must not cut it."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)


def make_sure_of_database() -> None:
    """Connect, and find a PostgreSQL that is new enough."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise CommandError(f"The database does not answer: {error}") from error
    if connection.get_database_version() < (15,):
        raise CommandError("The portal needs PostgreSQL 15 or newer.")


def static_fingerprint() -> str:
    """Changes whenever a static file does."""
    seen = sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            with storage.open(name) as file:
                seen.update(name.encode() + b"\0" + sha256(file.read()).digest())
    return seen.hexdigest()


def log_folder() -> Path:
    return Path(settings.ALLIANCE_DATA, "log")


def mail_address() -> str:
    return f"{settings.SITE_URL}/local/mail/"


def start_logged(
    name: str, command: list[str], end_signal: signal.Signals
) -> subprocess.Popen[bytes]:
    """Start one of the portal's programs with its log in the log folder."""
    log = log_folder() / f"{name}.log"
    log.parent.mkdir(exist_ok=True)
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        log.rename(log.with_suffix(".old.log"))
    return processes.start(command, end_signal=end_signal, log=log, cwd=settings.BASE_DIR)


def stop_gently(*programs: Program) -> None:
    """Let them finish what they are at; after ten seconds they are cut short."""
    running = [program.process for program in programs]
    processes.stop(running, signal.SIGTERM, signal.SIGINT, seconds=10)


def wait_until_ready(web: Program, seconds: float = 60) -> None:
    """Return when the web server answers a request; raise CommandError if it never does."""
    address = f"http://localhost:{settings.PORT}/health/ready"
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and web.process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
    log = log_folder() / "web.log"
    last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise CommandError(f"The web server does not answer. Its last words in {log}:\n{last}")
