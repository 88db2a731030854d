"""The table of who gets what at which address, and the asking."""

from collections.abc import Iterator, Sequence
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from tests.rules.addresses import Address, addresses
from tests.rules.world import FILLED, ROLES, World

TABLE = Path(__file__).with_name("access.txt")


class Row(NamedTuple):
    method: str
    name: str
    variant: str
    outcomes: dict[str, str]

    @property
    def key(self) -> str:
        return f"{self.method} {self.name} {self.variant}".strip()


def table() -> list[Row]:
    rows = []
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            words = line.split()
            outcomes = dict(zip(ROLES, words[-len(ROLES) :], strict=True))
            method, name, *variant = words[: -len(ROLES)]
            rows.append(Row(method, name, " ".join(variant), outcomes))
    return rows


def new_to(role: str, readers: Sequence[str]) -> set[str]:
    """The lines whose outcome for this role is another than for the readers before it."""
    before = readers[: readers.index(role)]
    return {
        row.key
        for row in table()
        if row.outcomes[role] not in {row.outcomes[earlier] for earlier in before}
    }


def outcome(response: HttpResponseBase, path: str) -> str:
    """What happened, in the words of the table."""
    if response.status_code not in {301, 302, 303}:
        return "ok" if response.status_code == 200 else str(response.status_code)
    target = response["Location"]
    proofs = [reverse("mfa_index"), reverse("mfa_reauthenticate")]
    if target.startswith(f"{reverse('account_login')}?next="):
        return "login"
    if target.startswith(f"{reverse('account_reauthenticate')}?next="):
        return "proof"
    if path.startswith("/admin/") and target.startswith(tuple(proofs)):
        return "2fa"
    if path.startswith("/admin/") and target == reverse("admin:index"):
        return "none"
    if target.startswith(f"{reverse('admin:login')}?next="):
        return "door"
    return "away"


def send(
    client: Client,
    method: str,
    path: str,
    data: bytes | str = b"",
    content_type: str = "application/x-www-form-urlencoded",
    **extra: Any,
) -> HttpResponseBase:
    """The answer to one request, whose effects are taken back."""
    cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    with transaction.atomic():
        response: HttpResponseBase = client.generic(method, path, data, content_type, **extra)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def ask(client: Client, method: str, path: str, name: str = "") -> HttpResponseBase:
    """The answer to what a browser would send there without typing much."""
    data = urlencode(FILLED.get(name, {})) if method == "POST" else ""
    return send(client, method, path, data)


def at_the_door(client: Client, response: HttpResponseBase, path: str) -> str:
    """The outcome; who is sent to the admin's door is followed through it."""
    found = outcome(response, path)
    if found == "door":
        found = outcome(ask(client, "GET", response["Location"]), path)
    return found


def body(response: HttpResponseBase) -> str:
    content = b"".join(response) if response.streaming else getattr(response, "content", b"")
    return content.decode(errors="replace")


def questions(world: World) -> Iterator[tuple[str, Address, str]]:
    """Key, address and path of every line, and a POST to whatever has no line for it."""
    known = addresses()
    rows = table()
    posts = {(row.name, row.variant) for row in rows if row.method == "POST"}
    for row in rows:
        path = world.path(known[row.name], row.variant)
        yield row.key, known[row.name], path
        if row.method == "GET" and (row.name, row.variant) not in posts:
            yield f"POST {row.name} {row.variant}".strip(), known[row.name], path
