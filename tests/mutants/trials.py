"""A pytest plugin that tries the tests on one fault after another, instead of running them."""

import gc
import os
import pickle
import resource
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from importlib import import_module
from itertools import accumulate, pairwise
from subprocess import TimeoutExpired
from types import CodeType, FunctionType
from typing import NoReturn

import coverage
import pytest
from django.db import connections

from tests.mutants.fresh import passes
from tests.mutants.mutations import CHECKOUT, Mutant, mutants_of, original
from tests.mutants.rooms import Room, equivalents

_MOST_SECONDS = 60  # of tests for a fault that takes effect when its file is imported
_SECONDS_BEFORE = 5  # of the processor, for a test that takes no time
_MOST_MEMORY = 6 * 2**30
_UNFIT = {"transactional_db", "live_server", "portal", "page", "browser", "context"}
_COMPREHENSIONS = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}

_Place = tuple[str, str, int]


class Outcome(Enum):
    KILLED = "killed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"
    UNREACHED = "no test comes here"


@dataclass
class _Reach:
    """What one run of all tests has shown, without any fault."""

    seconds: dict[str, float] = field(default_factory=dict)  # by test
    broken: list[str] = field(default_factory=list)
    tests: dict[str, dict[int, list[str]]] = field(default_factory=dict)  # by file and line


class Trials:
    def __init__(self, rooms: dict[str, Room], *, every: int, only: str) -> None:
        self.rooms = rooms
        self.every = every
        self.only = only
        self.files = sorted({path for room in rooms.values() for path in room.files()})
        self.has_failed = False

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if _is_fit(item)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.has_failed |= report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.session = session
        self.items = {item.nodeid: item for item in session.items}
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        assert reporter is not None
        self._say = reporter.write_line
        self._warm_up()
        self._measure()
        self.functions = _functions(self.files)
        gc.freeze()
        for name, room in self.rooms.items():
            self._try_room(name, room)
        return True

    def _warm_up(self) -> None:
        """Make the database, and import what will have faults."""
        with_rows = [item for item in self.session.items if item.get_closest_marker("django_db")]
        self.anchor = with_rows[0]
        self._run(self.anchor, with_rows[-1])
        assert not self.has_failed, self.anchor.nodeid
        connections.close_all()
        for path in self.files:
            import_module(_module(path))

    def _measure(self) -> None:
        """Run every test once, and see how long it takes and which lines it reaches.

        Kept until one of the tests changes, or what they reach.
        """
        kept = CHECKOUT / "var" / "mutants" / self._digest()
        begun = time.monotonic()
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            self._forked(lambda: kept.write_bytes(pickle.dumps(self._seen())) > 0, seconds=3600)
        self.reach: _Reach = pickle.loads(kept.read_bytes())
        self._say(f"{len(self.items)} tests, seen once in {time.monotonic() - begun:.0f} s")
        for name in self.reach.broken:
            self._say(f"left out, for it fails without any fault: {name}")

    def _digest(self) -> str:
        seen = sha256("\n".join(self.items).encode())
        tests = {test.partition("::")[0] for test in self.items}
        for path in sorted({*self.files, *tests}):
            seen.update(CHECKOUT.joinpath(path).read_bytes())
        return seen.hexdigest()

    def _seen(self) -> _Reach:
        found = _Reach()
        files = [str(CHECKOUT / path) for path in self.files]
        watch = coverage.Coverage(data_file=None, config_file=False, include=files)
        watch.start()
        for item, following in self._in_turn(list(self.items.values())):
            watch.switch_context(item.nodeid)
            begun = time.monotonic()
            self._run(item, following)
            found.seconds[item.nodeid] = time.monotonic() - begun
            if self.has_failed:
                found.broken.append(item.nodeid)
        watch.stop()
        data = watch.get_data()
        for path in self.files:
            lines = data.contexts_by_lineno(str(CHECKOUT / path))
            found.tests[path] = {
                line: [name for name in names if name and name not in found.broken]
                for line, names in lines.items()
            }
        return found

    def _try_room(self, name: str, room: Room) -> None:
        known = equivalents()
        every = [
            (place, mutant)
            for path in room.files()
            for place, mutant in enumerate(mutants_of(path))
            if mutant.key not in known and self.only in mutant.key
        ]
        chosen = every[:: self.every]
        count: Counter[Outcome] = Counter()
        begun = time.monotonic()
        try:
            for place, mutant in chosen:
                outcome = self._try(room, mutant, place)
                count[outcome] += 1
                if outcome in {Outcome.SURVIVED, Outcome.UNREACHED}:
                    self._show(mutant, outcome)
        finally:
            self._say("\n" + _summary(name, count, len(every), time.monotonic() - begun))

    def _show(self, mutant: Mutant, outcome: Outcome) -> None:
        self._say(f"\n{mutant.path}:{mutant.line} {mutant.function} ({outcome.value})")
        for sign, text in (("-", mutant.before), ("+", mutant.after)):
            self._say("\n".join(f"  {sign} {line}" for line in text.splitlines()) or "  +")

    def _try(self, room: Room, mutant: Mutant, place: int) -> Outcome:
        tests = self._fastest_first(self._tests_of(room, mutant))
        # What only the import of the file reaches takes effect there as well.
        is_outside = mutant.is_outside or not tests
        tests = tests or self._fastest_first(self._tests_of(room, mutant, whole_file=True))
        if not tests:
            return Outcome.UNREACHED
        codes = None if is_outside else _other_codes(mutant)
        if codes is None:
            return self._try_afresh(tests, mutant, place)
        longest = 60 + 5 * sum(self.reach.seconds[test] for test in tests)
        return self._forked(lambda: self._run_until_one_fails(tests, codes), seconds=longest)

    def _tests_of(self, room: Room, mutant: Mutant, *, whole_file: bool = False) -> set[str]:
        whole_file = whole_file or mutant.is_outside
        if whole_file and (about := room.tables.get(mutant.path)):
            return {test for test in self.items if test.startswith(about)}
        lines = self.reach.tests[mutant.path]
        wanted = lines if whole_file else mutant.lines
        return {test for line in wanted for test in lines.get(line, ())}

    def _fastest_first(self, tests: set[str]) -> list[str]:
        tests = tests.difference(self.reach.broken)
        return sorted(tests, key=lambda test: (self.reach.seconds[test], test))

    def _try_afresh(self, tests: list[str], mutant: Mutant, place: int) -> Outcome:
        seconds = accumulate(self.reach.seconds[test] for test in tests)
        first = [test for test, sum_ in zip(tests, seconds, strict=True) if sum_ < _MOST_SECONDS]
        try:
            has_passed = passes(
                first or tests[:1], mutant.path, place, seconds=60 + 5 * _MOST_SECONDS
            )
        except TimeoutExpired:
            return Outcome.TIMED_OUT
        return Outcome.SURVIVED if has_passed else Outcome.KILLED

    def _run_until_one_fails(self, tests: list[str], codes: dict[_Place, CodeType]) -> bool:
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
        for place, code in codes.items():
            for function in self.functions[place]:
                function.__code__ = code
        for item, following in self._in_turn([self.items[test] for test in tests]):
            # Ends the process: whoever goes round for ever does so until here.
            usual = self.reach.seconds[item.nodeid]
            signal.setitimer(signal.ITIMER_PROF, _SECONDS_BEFORE + 10 * usual)
            self._run(item, following)
            if self.has_failed:
                return False
        return True

    def _in_turn(self, items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item]]:
        """Each with the one that follows, so that what they share stays; the anchor ends it."""
        self.session._setupstate.teardown_exact(items[0])
        return pairwise([*items, self.anchor])

    def _run(self, item: pytest.Item, following: pytest.Item) -> None:
        self.has_failed = False
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)

    def _forked(self, passes: Callable[[], bool], *, seconds: float) -> Outcome:
        """What comes of tests in a process of their own, with all that it has started ended."""
        child = os.fork()
        if not child:
            self._be_child(passes)
        until = time.monotonic() + seconds
        while not (ended := os.waitpid(child, os.WNOHANG))[0]:
            if time.monotonic() > until:
                os.killpg(child, signal.SIGKILL)
            time.sleep(0.005)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(ended[1])
        if code in {-signal.SIGPROF, -signal.SIGKILL}:
            return Outcome.TIMED_OUT
        return Outcome.KILLED if code else Outcome.SURVIVED

    def _be_child(self, passes: Callable[[], bool]) -> NoReturn:
        has_passed = False
        try:
            os.setpgid(0, 0)
            self.session.config.pluginmanager.unregister(name="terminalreporter")
            has_passed = passes()
        finally:
            os._exit(not has_passed)


def _is_fit(item: pytest.Item) -> bool:
    """Not what empties the tables behind itself, or asks a browser or a portal of its own."""
    marker = item.get_closest_marker("django_db")
    is_emptying = marker is not None and marker.kwargs.get("transaction")
    return not is_emptying and _UNFIT.isdisjoint(getattr(item, "fixturenames", ()))


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def _place(code: CodeType) -> _Place:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Those of the functions in it, in the order of the file."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_name not in _COMPREHENSIONS:
                yield inner
            yield from _codes(inner)


def _functions(files: list[str]) -> dict[_Place, list[FunctionType]]:
    """Whatever is loaded of these files, decorated or not."""
    names = {str(CHECKOUT / path) for path in files}
    found = defaultdict(list)
    for thing in gc.get_objects():
        if type(thing) is FunctionType and thing.__code__.co_filename in names:
            found[_place(thing.__code__)].append(thing)
    return found


def _other_codes(mutant: Mutant) -> dict[_Place, CodeType] | None:
    """What the functions of the file become; None where it cannot be put into those loaded."""
    before, after = list(_codes(original(mutant.path))), list(_codes(mutant.code()))
    pairs = list(zip(before, after, strict=False))
    places = Counter(map(_place, before))
    if len(before) != len(after) or any(_place(old) != _place(new) for old, new in pairs):
        return None
    changed = {_place(old): new for old, new in pairs if old != new}
    is_alike = all(old.co_freevars == new.co_freevars for old, new in pairs)
    is_clear = all(places[place] == 1 for place in changed)
    return changed if is_alike and is_clear else None


def _summary(name: str, count: Counter[Outcome], of: int, seconds: float) -> str:
    tried = max(1, count.total())
    noticed = count[Outcome.KILLED] + count[Outcome.TIMED_OUT]
    parts = ", ".join(f"{number} {outcome.value}" for outcome, number in count.items())
    return (
        f"{name}: {100 * noticed / tried:.1f} % noticed ({parts}) "
        f"of {count.total()} faults, of {of} that there are; {seconds / tried:.2f} s each"
    )
