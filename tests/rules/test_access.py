"""Who gets what at which address: `access.txt` holds it, this runs it against the portal.

The addresses come from the URL configuration, so that a new one without a line fails.
"""

import pytest

from tests.rules.addresses import addresses
from tests.rules.matrix import ask, at_the_door, body, questions, table
from tests.rules.world import ROLES, SECRETS, World

# Pages of the local mode show mail to whoever sits at the machine; elsewhere they do not exist.
FOR_BUILDERS = ("local/", "style/")


def test_every_address_has_a_line() -> None:
    named = {row.name for row in table() if row.method == "GET"}
    assert sorted(addresses().keys() - named) == []


def test_every_line_has_an_address() -> None:
    assert sorted({row.name for row in table()} - addresses().keys()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_a_role_as_the_table_says_and_tells_it_no_secret(
    world: World, role: str
) -> None:
    client = world.client(role)
    client.get("/health/live")  # the session's sign of life is written once a minute
    expected = {row.key: row.outcomes[role] for row in table()}
    wrong = []
    told: dict[str, list[str]] = {}
    for key, address, path in questions(world):
        response = ask(client, key.split()[0], path, address.name)
        found = at_the_door(client, response, path)
        # What has no line for POST takes none, and says so to whoever comes that far.
        if key not in expected and found not in {"login", "2fa", "403"}:
            expected[key] = "405"
        if found != expected.get(key, found):
            wrong.append(f"{key}: {found}, not {expected[key]}")
        if not address.route.startswith(FOR_BUILDERS):
            content = body(response).lower()
            for secret in SECRETS:
                if secret.lower() in content:
                    told.setdefault(secret, []).append(key)
    readable = {secret for secret, roles in SECRETS.items() if role in roles}
    assert wrong == []
    assert {secret: where for secret, where in told.items() if secret not in readable} == {}
    # The secrets are there to leak: whoever may read them has.
    assert told.keys() == readable
