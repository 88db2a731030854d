"""What the environment says, read with its type. The settings ask, by the variable's name.

What is missing or cannot be read raises ImproperlyConfigured: better no start than an unsafe one.
"""

import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 50  # characters


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def required(name: str, hint: str, *, default: str | None = None) -> str:
    """The variable's value; without one, and without a default, there is no start."""
    value = text(name) or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    value = text(name) or str(default)
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not “{value}”.")
    return int(value)


def several(name: str) -> list[str]:
    """What stands in the variable, separated by commas."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def one_of(name: str, known: Iterable[str]) -> str:
    """One of the known values, or none."""
    value = text(name)
    if value and value not in known:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(known)}, not “{value}”.")
    return value


def address(name: str, *schemes: str) -> str:
    """An address that begins with one of the schemes; may be left out."""
    value = text(name)
    if value and not value.startswith(schemes):
        raise ImproperlyConfigured(f"{name} begins with {' or '.join(schemes)}.")
    return value


def secret(name: str) -> str:
    """A secret that is long enough to sign and encrypt with."""
    hint = "Make one with `python -c 'import secrets; print(secrets.token_urlsafe(50))'`."
    value = required(name, hint)
    if len(value) < SHORTEST_SECRET:
        raise ImproperlyConfigured(f"{name} is shorter than {SHORTEST_SECRET} characters.")
    return value


def hosts(name: str) -> list[str]:
    """Names of hosts; none of them stands for all."""
    required(name, "Name the hosts, separated by commas.")
    found = several(name)
    if any(host in {"*", "."} for host in found):
        raise ImproperlyConfigured(f"{name} must name the hosts; `*` lets in forged ones.")
    return found


def https_address(name: str) -> str:
    """The address of a site, encrypted."""
    value = required(name, "The public address, as in https://alliance.example.org.")
    if not value.startswith("https://"):
        raise ImproperlyConfigured(f"{name} must begin with https://.")
    return value


def mail_address(name: str) -> str:
    """An address to which a part of its own can be added; may be left out."""
    value = text(name)
    if value and not re.fullmatch(r"[A-Za-z0-9._-]{1,25}@[A-Za-z0-9.-]{1,190}", value):
        raise ImproperlyConfigured(
            f"{name} must be a plain address with at most 25 characters before the @."
        )
    return value


def kept_secret(path: Path) -> str:
    """A secret made once for this data folder, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process of this start was quicker
            return path.read_text().strip()
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()
