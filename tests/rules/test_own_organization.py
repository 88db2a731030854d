"""Nobody reviews an organization they belong to: asked at every address of the admin.

The addresses come from the URL configuration, so that a new page about an organization is asked too.
"""

from typing import Any

import pytest
from django.apps import apps

from organizations.models import Membership, Organization, User
from tests.rules.addresses import Address
from tests.rules.matrix import ask, at_the_door, body, questions, table
from tests.rules.world import CHECKED, REVIEW, make_world

# Settled by whoever of the secretariat comes first, as any owner of the organization might.
EXEMPT = {"joinrequest"}
REFUSED = {"403", "404", "405", "none"}


def organization_of(address: Address, path: str) -> Organization | None:
    """Whose review the page belongs to; None where it is about no one organization."""
    if not address.model or not address.parameters or address.model[1] in EXEMPT:
        return None
    rows: Any = apps.get_model(*address.model)._default_manager
    key = path.split("/")[4]
    row = rows.filter(pk=key).first() if key.isdigit() else None
    found = getattr(row, "organization", None)
    return found if isinstance(found, Organization) else None


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "least"), [("reviewer", 25), ("senior", 30)])
def test_staff_are_refused_every_page_and_act_about_their_own_organization(
    role: str, least: int
) -> None:
    world = make_world()
    person: User = world.people[role]
    client = world.client(role)
    expected = {row.key: row.outcomes[role] for row in table()}
    let_in, turned_away = [], []
    for key, address, path in questions(world):
        # The stock's redirect from a row to its page tells nothing.
        is_about = address.route.startswith("admin/") and not address.route.endswith(
            "<path:object_id>/"
        )
        place = organization_of(address, path) if is_about else None
        if place is None:
            continue
        Membership.objects.update_or_create(user=person, defaults={"organization": place})
        response = ask(client, key.split()[0], path, address.name)
        found = at_the_door(client, response, path)
        tells = any(secret in body(response) for secret in (REVIEW, CHECKED))
        if found not in REFUSED or tells:
            let_in.append(f"{key}: {found}")
        elif expected.get(key, "405") not in REFUSED:
            turned_away.append(key)
    assert let_in == []
    # It is for the membership alone: others of the role are let in at so many lines.
    assert len(turned_away) >= least, turned_away
