"""What whoever watches the portal can read, who may, and that the rules ask for what is there."""

import os
import re
import sys
from datetime import timedelta
from pathlib import Path
from subprocess import run
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from alliance import metrics_folder, sweeping
from alliance.models import BackupCopy, OutgoingMail, Sweep
from organizations.models import ListImport
from tests import factories
from tests.organizations.screening import take
from tests.rules.workers import two_workers

pytestmark = pytest.mark.django_db

CHECKOUT = Path(__file__).resolve().parents[2]
TOKEN = "only-for-this-test-" + 4 * "0123456789"
WELL, FAILING = "alliance.limits.sweep_buckets", "alliance.emails.send_due_mail"

Figures = dict[tuple[str, str], float]


@pytest.fixture
def token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def figures(text: str) -> Figures:
    """Each figure by its name and the value of its labels."""
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read() -> Figures:
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    return figures(answer.content.decode())


@pytest.mark.parametrize("given", ["", "Bearer ", f"Bearer {TOKEN[:-1]}", "Bearer ü", "Basic eDp5"])
def test_without_its_token_there_is_no_such_page(token: None, given: str) -> None:
    headers = {"Authorization": given} if given else {}
    assert Client().get("/metrics", headers=headers).status_code == 404


def test_where_no_token_is_set_none_opens_it(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    for given in ("Bearer ", ""):
        assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404


def test_a_token_that_can_be_guessed_stops_the_start() -> None:
    environment = os.environ | {"METRICS_TOKEN": "secret", "ALLIANCE_MODE": "local"}
    command = [sys.executable, "-c", "import alliance.settings"]
    done = run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "METRICS_TOKEN is shorter than 50 characters" in done.stderr


def test_requests_are_counted_by_route_and_never_by_address(token: None) -> None:
    key = ("alliance_requests_total", "GET invitation/<str:token>/ 404")
    nowhere = ("alliance_requests_total", "other nowhere 404")
    before = read()
    for word in ("1.tokenThatOpens", "2.tokenThatOpens"):
        Client().get(f"/invitation/{word}/?for=zubeyde@example.org")
    Client().generic("ZUBEYDE", "/zubeyde/")
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    text = answer.content.decode()
    found = figures(text)
    assert found[key] == before.get(key, 0) + 2
    assert found[nowhere] == before.get(nowhere, 0) + 1
    assert found["alliance_request_seconds_count", "invitation/<str:token>/"] == found[key]
    assert [word for word in ("tokenThatOpens", "zubeyde", "ZUBEYDE") if word in text] == []


def test_nothing_is_counted_where_nobody_asks(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    Client().get("/health/live")
    settings.METRICS_TOKEN = TOKEN
    key = ("alliance_requests_total", "GET health/live 200")
    before = read().get(key, 0)
    settings.METRICS_TOKEN = ""
    Client().get("/health/live")
    settings.METRICS_TOKEN = TOKEN
    assert read().get(key, 0) == before


def test_queues_are_counted_with_the_age_of_the_oldest(token: None) -> None:
    for number, minutes in enumerate((50, 10)):
        mail = OutgoingMail.objects.create(recipient="a@example.org", message_id=f"<{number}@x>")
        since = timezone.now() - timedelta(minutes=minutes)
        OutgoingMail.objects.filter(pk=mail.pk).update(created_at=since)
    OutgoingMail.objects.create(recipient="a@example.org", message_id="<f@x>", status="failed")
    found = read()
    assert found["alliance_queue_waiting", "mail"] == 2
    assert found["alliance_queue_age_seconds", "mail"] == pytest.approx(3000, abs=60)
    assert found["alliance_mail_failed", ""] == 1
    assert ("alliance_queue_late_after_seconds", "mail") not in found
    assert found["alliance_queue_waiting", "arrivals"] == 0
    owner = factories.member(factories.organization(), "owner")
    factories.submitted(owner)
    assert read()["alliance_queue_waiting", "arrivals"] in {0, 1}
    assert found["alliance_queue_late_after_seconds", "arrivals"] == 300


def test_how_sweeps_do_is_told_and_when_a_worker_was_seen(token: None) -> None:
    assert ("alliance_worker_age_seconds", "") not in read()
    now = timezone.now()
    Sweep.objects.create(path=WELL, last_success_at=now - timedelta(minutes=3))
    Sweep.objects.create(
        path=FAILING,
        last_failure_at=now - timedelta(minutes=7),
        failing_since=now - timedelta(minutes=20),
    )
    Sweep.objects.create(path="of.another.version", last_success_at=now - timedelta(days=9))
    found = read()
    assert found["alliance_worker_age_seconds", ""] == pytest.approx(180, abs=30)
    assert found["alliance_sweep_age_seconds", WELL] == pytest.approx(180, abs=30)
    assert found["alliance_sweep_failing_seconds", FAILING] == pytest.approx(1200, abs=30)
    assert found["alliance_sweep_failing_seconds", WELL] == 0
    assert not [key for key in found if key[1] == "of.another.version"]


def test_a_sweep_that_fails_is_noted_with_its_beginning_and_mended_by_one_that_does_not() -> None:
    notes = sweeping.Notes()
    notes.note(WELL, is_well=False)
    began = Sweep.objects.get().failing_since
    assert began is not None
    sweeping.Notes().note(WELL, is_well=False)
    assert Sweep.objects.get().failing_since == began
    notes.note(WELL, is_well=True)
    assert Sweep.objects.get().failing_since is None
    assert sweeping.worker_is_silent() is False


def test_what_goes_on_as_before_is_written_once_a_minute() -> None:
    notes = sweeping.Notes()
    notes.note(WELL, is_well=True)
    Sweep.objects.update(last_success_at=timezone.now() - timedelta(hours=1))
    notes.note(WELL, is_well=True)
    assert sweeping.worker_is_silent() is True


def test_readiness_names_what_does_not_do_its_part(settings: Settings) -> None:
    ready = Client().get("/health/ready").json()
    assert ready["checks"]["worker"] == "failed"
    sweeping.Notes().note(WELL, is_well=True)
    settings.UPLOAD_FREE_DISK_FLOOR = 2**62
    answer = Client().get("/health/ready")
    assert answer.json() == {
        "status": "ok",
        "checks": {"database": "ok", "cache": "ok", "disk": "failed", "worker": "ok"},
    }
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE alliance_cache RENAME TO alliance_lost")
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["cache"]) == (503, "failed")


def test_that_no_worker_is_there_is_an_error_for_whoever_watches_and_for_no_load_balancer() -> None:
    def said(path: str) -> tuple[int, str]:
        answer = Client().get(path)
        return answer.status_code, answer.json()["checks"]["worker"]

    assert said("/health/work") == (503, "failed")
    assert said("/health/ready") == (200, "failed")
    sweeping.Notes().note(WELL, is_well=True)
    assert said("/health/work") == (200, "ok")
    Sweep.objects.update(last_success_at=timezone.now() - timedelta(minutes=6))
    assert said("/health/work") == (503, "failed")


def test_a_part_that_is_away_is_told_instead_of_what_it_would_say(token: None) -> None:
    assert read()["alliance_up", "cache"] == 1
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE alliance_cache RENAME TO alliance_lost")
    found = read()
    assert found["alliance_up", "cache"] == 0
    assert found["alliance_free_disk_bytes", ""] > 0
    assert "alliance_queue_waiting" not in {name for name, _ in found}


def test_each_rule_asks_for_a_figure_that_is_told(token: None, settings: Settings) -> None:
    settings.BOUNCE_MAILBOX = "imaps://bounces:s3cret@mail.example.org/INBOX"
    ListImport.objects.create(outcome=ListImport.Outcome.NEW, snapshot=take())
    Sweep.objects.create(path=WELL, last_success_at=timezone.now())
    BackupCopy.objects.create(began_at=timezone.now(), size=1)
    rules = CHECKOUT.joinpath("deploy", "alerts.yml").read_text(encoding="utf-8")
    expressions = re.findall(r"^ +expr: (.+)$", rules, re.MULTILINE)
    asked = {name for line in expressions for name in re.findall(r"\balliance_[a-z_]+", line)}
    assert len(expressions) >= 10
    assert asked - {name for name, _ in read()} == set()
    told = set(re.findall(r"^\| `(alliance_[a-z_]+)", operations(), re.MULTILINE))
    families = {re.sub(r"_(total|created|bucket|count|sum)$", "", name) for name, _ in read()}
    assert told == families


def operations() -> str:
    return CHECKOUT.joinpath("docs", "operations.md").read_text(encoding="utf-8")


def test_files_of_processes_that_are_no_more_are_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(metrics_folder.VARIABLE, "")
    own, gone = tmp_path / f"counter_{os.getpid()}.db", tmp_path / "counter_99999999.db"
    for file in (own, gone):
        file.touch()
    metrics_folder.use(tmp_path)
    assert (own.exists(), gone.exists()) == (True, False)


def test_both_processes_of_the_web_server_are_added_up_whichever_answers() -> None:
    with two_workers(METRICS_TOKEN=TOKEN) as url:
        for _number in range(20):
            with pytest.raises(HTTPError):
                urlopen(f"{url}/nowhere/{_number}", timeout=10)
        request = Request(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        counts = set()
        for _number in range(6):
            with urlopen(request, timeout=10) as answer:
                found = figures(answer.read().decode())
                counts.add(found["alliance_requests_total", "GET nowhere 404"])
    assert counts == {20}
