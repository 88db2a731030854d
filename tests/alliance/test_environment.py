"""What the environment says is read with its type, and refused where it would be unsafe."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from alliance import environment

NAME = "ALLIANCE_TEST_VARIABLE"


@pytest.mark.parametrize(
    ("read", "value", "words"),
    [
        (environment.secret, "", "is not set. Make one with"),
        (environment.secret, 49 * "x", "is shorter than 50 characters."),
        (environment.hosts, " ", "is not set. Name the hosts"),
        (environment.hosts, "alliance.example.org, *", "must name the hosts"),
        (environment.https_address, "", "is not set. The public address"),
        (environment.https_address, "http://alliance.example.org", "must begin with https://."),
        (lambda name: environment.number(name, 1), "many", "must be a whole number, not “many”."),
        (lambda name: environment.number(name, 1), "-1", "must be a whole number, not “-1”."),
        (lambda name: environment.one_of(name, ["a", "b"]), "c", "must be one of a, b, not “c”."),
        (
            lambda name: environment.address(name, "redis://", "rediss://"),
            "http://cache.example.org",
            "begins with redis:// or rediss://.",
        ),
        (lambda name: environment.required(name, "Why."), "", "is not set. Why."),
    ],
)
def test_what_is_missing_or_unsafe_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[str], object], value: str, words: str
) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured) as refused:
        read(NAME)
    assert str(refused.value).startswith(f"{NAME} {words}")


def test_a_variable_that_is_not_set_has_its_default() -> None:
    assert environment.text(NAME, "plain") == "plain"
    assert environment.required(NAME, "Why.", default="plain") == "plain"
    assert environment.number(NAME, 30) == 30
    assert environment.one_of(NAME, ["plain"]) == ""
    assert environment.flag(NAME, default=True) is True
    assert environment.flag(NAME) is False
    assert environment.several(NAME) == []


def test_a_variable_is_read_with_its_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "Yes")
    assert environment.flag(NAME) is True
    monkeypatch.setenv(NAME, " a.example.org, b.example.org ,")
    assert environment.several(NAME) == ["a.example.org", "b.example.org"]
    assert environment.hosts(NAME) == ["a.example.org", "b.example.org"]
    monkeypatch.setenv(NAME, "8010")
    assert environment.number(NAME, 8000) == 8010


def test_what_is_left_empty_on_purpose_stays_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "")
    assert environment.text(NAME, "https://example.org") == ""


def test_the_secret_of_a_data_folder_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret_key"
    made = environment.kept_secret(path)
    assert len(made) >= environment.SHORTEST_SECRET
    assert environment.kept_secret(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
