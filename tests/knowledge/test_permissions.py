"""Who works in the library, once more by hand: everybody is asked."""

import pytest

from knowledge import permissions
from organizations.models import User
from tests.rights import People, may

pytestmark = pytest.mark.django_db

EDITORS = {"library editor", "administrator"}


def test_who_works_in_the_library(people: People) -> None:
    assert may(people, permissions.can_edit_library) == EDITORS
    assert may(people, permissions.can_read_downloads) == EDITORS


def test_who_left_the_secretariat_works_in_the_library_no_more(library_editor: User) -> None:
    library_editor.is_staff = False
    assert permissions.can_edit_library(library_editor) is False


def test_what_editors_may_touch_in_the_admin(library_editor: User) -> None:
    found = {right for right in library_editor.get_all_permissions() if "knowledge." in right}
    assert found >= {
        *(f"knowledge.{verb}_report" for verb in ("view", "add", "change", "delete")),
        *(f"knowledge.{verb}_reportauthor" for verb in ("view", "add", "change", "delete")),
        *(f"knowledge.{verb}_edition" for verb in ("view", "add", "change")),
    }
    assert "knowledge.delete_edition" not in found
