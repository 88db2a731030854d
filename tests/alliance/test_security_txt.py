"""Where to report a weakness: as RFC 9116 wants it, and never out of date."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings as given
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

pytestmark = pytest.mark.django_db


def fields() -> dict[str, list[str]]:
    answer = Client().get("/.well-known/security.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    found: dict[str, list[str]] = {}
    for line in answer.content.decode().splitlines():
        name, value = line.split(": ", 1)
        found.setdefault(name, []).append(value)
    return found


def test_it_names_whom_to_tell_and_itself() -> None:
    assert fields()["Contact"] == [f"{given.SITE_URL}/connect/"]
    assert fields()["Canonical"] == [f"{given.SITE_URL}/.well-known/security.txt"]
    assert fields()["Preferred-Languages"] == ["en"]


def test_contacts_of_the_settings_stand_in_their_order(settings: Settings) -> None:
    settings.SECURITY_CONTACTS = ["mailto:security@example.org", "https://example.org/report"]
    assert fields()["Contact"] == settings.SECURITY_CONTACTS


@pytest.mark.parametrize("years", [0, 3])
def test_it_holds_for_less_than_a_year_from_any_day(
    monkeypatch: pytest.MonkeyPatch, years: int
) -> None:
    now = timezone.now() + timedelta(days=365 * years)
    monkeypatch.setattr(timezone, "now", lambda: now)
    [until] = fields()["Expires"]
    left = datetime.fromisoformat(until) - now
    assert timedelta(days=100) < left < timedelta(days=365)
