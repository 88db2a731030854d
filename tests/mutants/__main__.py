"""`make mutants`: which small faults the tests of a room do not notice.

One run of pytest makes the database once, sees which lines each test reaches, and then forks for
each fault: the child puts the faulty code into the functions that are loaded, runs the tests that
reach the line, fastest first, and ends at the first that fails. What takes effect when a file is
imported needs a process that imports it: `tests.mutants.planted`.
"""

import argparse
import sys

import pytest

from tests.mutants.rooms import ROOMS, paths
from tests.mutants.trials import Trials


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("rooms", nargs="*", choices=[[], *ROOMS], metavar="room")
    parser.add_argument("--every", type=int, default=1, help="take each so-manieth fault alone")
    parser.add_argument("--only", default="", help="only faults whose key holds this")
    chosen = parser.parse_args()
    rooms = {name: ROOMS[name] for name in chosen.rooms or ROOMS}
    tests = sorted({path for room in rooms.values() for line in room.tests for path in paths(line)})
    trials = Trials(rooms, every=chosen.every, only=chosen.only)
    options = ["-n0", "-q", "--no-header", "--no-summary", "--timeout=0", "-p", "no:cacheprovider"]
    return pytest.main([*options, *tests], plugins=[trials])


if __name__ == "__main__":
    sys.exit(main())
