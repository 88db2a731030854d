"""Sending a file in parts, as the script of the page does."""

import json
from pathlib import Path
from typing import Any

from django.test import Client

from alliance.files.partial import Ticket
from alliance.models import PartialUpload
from tests.alliance.files.pages import LIMIT

TICKET = Ticket("logo", LIMIT, 1024)


def answer(response: Any, status: int = 200) -> dict[str, Any]:
    assert response.status_code == status, response.content
    return dict(json.loads(response.content))


def start(
    client: Client, content: bytes, name: str = "emblem.png", ticket: Ticket = TICKET
) -> dict[str, Any]:
    response = ask_to_start(client, len(content), name, ticket)
    return answer(response, 201)


def ask_to_start(
    client: Client, size: int, name: str = "emblem.png", ticket: Ticket = TICKET, **extra: Any
) -> Any:
    data = {"ticket": ticket.signed(), "name": name, "size": size}
    return client.post("/uploads/", data, **extra)


def append(client: Client, address: str, offset: object, part: bytes) -> Any:
    return client.generic(
        "POST",
        f"{address}append/",
        part,
        content_type="application/octet-stream",
        HTTP_UPLOAD_OFFSET=str(offset),
    )


def finish(client: Client, address: str) -> Any:
    return client.post(f"{address}finish/")


def sent_whole(client: Client, content: bytes) -> str:
    """The address of an upload whose last part has arrived."""
    address = str(start(client, content)["address"])
    for at in range(0, len(content), 100_000):
        answer(append(client, address, at, content[at : at + 100_000]))
    return address


def row(address: str) -> PartialUpload:
    return PartialUpload.objects.get(pk=address.split("/")[2])


def on_disk(data_folder: Path) -> list[str]:
    return sorted(path.name for path in data_folder.glob("staging/[!.]*"))
