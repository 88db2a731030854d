"""What `make mutants` plants: the faults themselves, and that its lists name what there is."""

from pathlib import Path

import pytest

from tests.mutants import mutations, rooms
from tests.mutants.mutations import mutants_of

A_FILE = '''\
LEVELS = ("low", "high")


class Door:
    def may_pass(self, person, *, guests=False):
        """Whether somebody may come in."""
        if person is None:
            raise ValueError
        rows = self.keys.filter(person=person, lost_at=None)
        self.asked += 1
        return person.age >= 18 and not self.closed
'''

ITS_FAULTS = [
    (1, "", "'low'", ""),
    (1, "", "'high'", ""),
    (5, "Door", "False", "True"),
    (7, "Door.may_pass", "person is None", "person is not None"),
    (8, "Door.may_pass", "raise ValueError", "pass"),
    (9, "Door.may_pass", "self.keys.filter(person=person, lost_at=None)", "self.keys"),
    (9, "Door.may_pass", "person=person", ""),
    (9, "Door.may_pass", "lost_at=None", ""),
    (10, "Door.may_pass", "self.asked += 1", "pass"),
    (10, "Door.may_pass", "1", "2"),
    (11, "Door.may_pass", "person.age >= 18 and (not self.closed)", "not self.closed"),
    (11, "Door.may_pass", "person.age >= 18 and (not self.closed)", "person.age >= 18"),
    (11, "Door.may_pass", "person.age >= 18", "person.age > 18"),
    (11, "Door.may_pass", "18", "19"),
    (11, "Door.may_pass", "not self.closed", "self.closed"),
]


def test_a_file_gets_one_fault_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.joinpath("door.py").write_text(A_FILE)
    monkeypatch.setattr(mutations, "CHECKOUT", tmp_path)
    faults = mutants_of("door.py")
    assert [(one.line, one.function, one.before, one.after) for one in faults] == ITS_FAULTS
    assert [one.line for one in faults if one.is_outside] == [1, 1, 5]
    whole = mutations.original("door.py")
    assert [one for one in faults if one.code() == whole] == []
    assert mutations.original("door.py") == whole


def test_every_pattern_of_a_room_stands_for_files() -> None:
    patterns = [
        pattern
        for room in rooms.ROOMS.values()
        for pattern in (*room.code, *room.tests, *room.but, *room.tables)
    ]
    assert [pattern for pattern in patterns if not rooms.paths(pattern)] == []


def test_every_fault_that_changes_nothing_is_still_one_and_has_its_reason() -> None:
    known = rooms.equivalents()
    files = {key.partition(" | ")[0] for key in known}
    there = {mutant.key for path in files for mutant in mutants_of(path)}
    assert [key for key in known if key not in there] == []
    assert [key for key, reason in known.items() if not reason] == []
