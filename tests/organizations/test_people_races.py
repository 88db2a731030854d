"""Two administrators at once, on real connections: one of them stays."""

import pytest

from organizations.actions import people as actions
from organizations.groups import ADMINISTRATOR
from organizations.models import User
from tests import factories
from tests.racing import meanwhile

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("contents")]


def administrators() -> list[User]:
    return list(User.objects.filter(groups__name=ADMINISTRATOR, is_staff=True, is_active=True))


@pytest.mark.parametrize("way", ["role", "account"])
def test_two_administrators_who_remove_each_other_leave_one(way: str) -> None:
    amina, bruno = factories.staff(ADMINISTRATOR), factories.staff(ADMINISTRATOR)

    def remove(person: User, by: User) -> object:
        if way == "role":
            return actions.set_roles(person, by=by, roles=[])
        return actions.deactivate(person, by=by)

    told = meanwhile(lambda: remove(bruno, by=amina), lambda: remove(amina, by=bruno))
    assert told.startswith("Another administrator has to do this")
    assert administrators() == [amina]
