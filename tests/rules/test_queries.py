"""What each page asks of the database: `queries.txt` holds the number, whatever there is to show."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.rules.addresses import addresses
from tests.rules.matrix import ask, table
from tests.rules.world import World

TABLE = Path(__file__).with_name("queries.txt")
# The stranger has an application that is not sent yet.
READERS = ("visitor", "owner", "stranger", "senior", "administrator")
# Files and machines' answers have no page to draw.
_NO_PAGES = {
    "health_live",
    "health_ready",
    "health_work",
    "security_txt",
    "public_picture",
    "local_mail_html",
}


def expected(role: str) -> dict[str, int]:
    """The number of queries of every page that this role can read."""
    found = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            words = line.split()
            key, numbers = " ".join(words[: -len(READERS)]), words[-len(READERS) :]
            number = numbers[READERS.index(role)]
            if number != "-":
                found[key] = int(number)
    return found


def pages(world: World, role: str) -> Iterator[tuple[str, str]]:
    """Name and path of every page that the table of access opens to this role."""
    known = addresses()
    for row in table():
        if row.method == "GET" and row.outcomes[role] == "ok" and row.name not in _NO_PAGES:
            yield f"{row.name} {row.variant}".strip(), world.path(known[row.name], row.variant)


def queries(client: Client, path: str) -> list[str]:
    """What a page asks once the process is warm."""
    ask(client, "GET", path)
    with CaptureQueriesContext(connection) as captured:
        ask(client, "GET", path)
    statements = [query["sql"] for query in captured.captured_queries]
    return [text for text in statements if "SAVEPOINT" not in text]


@pytest.mark.django_db
@pytest.mark.parametrize("shared_world", [1, 3], indirect=True)
@pytest.mark.parametrize("role", READERS)
def test_a_page_asks_as_often_for_one_row_as_for_three(world: World, role: str) -> None:
    client = world.client(role)
    client.get("/health/live")  # the session's sign of life is written once a minute
    found = {name: len(queries(client, path)) for name, path in pages(world, role)}
    assert found == expected(role)
