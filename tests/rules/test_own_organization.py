"""Nobody reviews an organization they belong to, or where they have declared a conflict of interest.

Asked at every address of the admin, and of every list and export. The addresses come from the URL configuration, so that a new page about an organization is asked too.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin

from organizations.models import ConflictOfInterest, Membership, Organization, User
from submissions.lists import NoSuchList, listing
from tests.rules.addresses import Address
from tests.rules.matrix import ask, at_the_door, body, questions, table
from tests.rules.world import CHECKED, REVIEW, World

# Settled by whoever of the secretariat comes first, as any owner of the organization might.
EXEMPT = {"joinrequest"}
REFUSED = {"403", "404", "405", "none"}
# Anybody of the secretariat settles these.
OPEN_LISTS = {"joinrequest"}

# What shows every row of a list that opens with some.
EVERYTHING = {
    "organizations.duediligence": "list=all",
    "organizations.hit": "state=all",
    "submissions.submission": "queue=all",
}


def belong(person: User, place: Organization) -> None:
    Membership.objects.update_or_create(user=person, defaults={"organization": place})


def have_a_conflict(person: User, place: Organization) -> None:
    ConflictOfInterest.objects.filter(person=person).delete()
    ConflictOfInterest.objects.create(person=person, organization=place, reason="A relative.")


CLOSED = pytest.mark.parametrize("close", [belong, have_a_conflict])


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
@CLOSED
@pytest.mark.parametrize(("role", "least"), [("reviewer", 25), ("senior", 30)])
def test_staff_are_refused_every_page_and_act_about_their_own_organization(
    world: World, role: str, least: int, close: Callable[[User, Organization], None]
) -> None:
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
        close(person, place)
        response = ask(client, key.split()[0], path, address.name)
        found = at_the_door(client, response, path)
        tells = any(secret in body(response) for secret in (REVIEW, CHECKED))
        if found not in REFUSED or tells:
            let_in.append(f"{key}: {found}")
        elif expected.get(key, "405") not in REFUSED:
            turned_away.append(key)
    assert let_in == []
    # It is for this alone: others of the role are let in at so many lines.
    assert len(turned_away) >= least, turned_away


def places_of_cases(person: User) -> dict[str, set[Organization]]:
    """Of each list of the admin whose rows are about an organization: which ones stand in it.

    As they are taken out, which asks the page of the list itself.
    """
    fresh = User.objects.get(pk=person.pk)
    found = {}
    for model in admin.site._registry:
        name = model._meta.model_name or ""
        field = next((row for row in model._meta.fields if row.name == "organization"), None)
        if name in OPEN_LISTS or field is None or field.related_model is not Organization:
            continue
        found[name] = {row.organization for row in rows_of(model._meta.label_lower, fresh)}
    return found


def rows_of(label: str, person: User) -> Iterable[Any]:
    """All rows of the list, as it is taken out; none where the person has no such list."""
    try:
        return listing(label, EVERYTHING.get(label, ""), person=person)._changelist.queryset
    except NoSuchList:
        return []


@pytest.mark.django_db
@CLOSED
@pytest.mark.parametrize("role", ["reviewer", "senior"])
def test_no_list_and_no_export_has_a_case_of_their_own_organization(
    world: World, role: str, close: Callable[[User, Organization], None]
) -> None:
    person: User = world.people[role]
    before = places_of_cases(person)
    seen = {name for name, places in before.items() if places}
    assert seen == {"submission", "duediligence", "hit"} | (
        {"conflictofinterest"} if role == "senior" else set()
    )
    for place in set().union(*before.values()):
        close(person, place)
        after = places_of_cases(person)
        assert after == {name: places - {place} for name, places in before.items()}
