"""What is public, read from a replica of the database where there is one; see ADR 0072.

    @public
    @require_safe
    @from_replica
    def search(request): ...

With the first question of such a page to the database it is decided who answers it, and all that
follow. The replica does, where what is public has the same state there as in the first database
(`alliance.states`): that is asked in the transaction in which the page is then drawn, so that it
shows what the state names, however far the replica is by then. In all other cases the first one
does: while something is being changed, while the replica is behind, while it is away. What the
replica fails to answer is drawn once more, from the first.

Only what visitors are shown, and only what is read: who is logged in, what is counted and all that
writes asks the first database, whatever page it is for.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from functools import cache, wraps
from threading import Timer
from typing import Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from alliance import reading, request_metrics, states
from alliance.kept_pages import is_visitor
from alliance.models import Sweep
from alliance.resting import Rest

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

ALIAS = "replica"
# Until it has said how far it is. One that is frozen, or that a pooler cannot reach, says nothing.
PATIENCE = 2  # seconds
LONGEST_PAGE = 8  # seconds, for all of its questions
# Some figures are in no state, as how many are approved: so it must know of a worker that was seen
# lately. One writes so once in a minute or two.
FRESH = timedelta(minutes=3)
AWAY_FOR, BEHIND_FOR = 5, 0.2  # seconds until it is asked again

_rest = Rest()
# In one go with the question, so that nothing of it is left to a pooler's next one.
_OPEN = f"""
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL statement_timeout = {reading.LONGEST};
"""
# When a worker was last seen, as `alliance.sweeping` has it.
_SEEN = f"SELECT max(greatest(last_success_at, last_failure_at)) FROM {Sweep._meta.db_table}"  # noqa: S608 - a name of our own


class ReplicaAway(Exception):
    """It cannot be asked, or gives no answer in time."""


class Drawn:
    """The drawing of one page: which database it asks, decided by its first question."""

    def __init__(self) -> None:
        self._alias = ""
        self._until_drawn = ExitStack()

    @property
    def is_from_replica(self) -> bool:
        return self._alias == ALIAS

    def alias(self) -> str:
        """Where to ask. Raises what the first database raises while it cannot be asked."""
        if not self._alias:
            # So do the questions asked meanwhile.
            self._alias = DEFAULT_DB_ALIAS
            outcome = self._decide()
            request_metrics.count_reading(outcome)
            self._alias = ALIAS if outcome == "replica" else DEFAULT_DB_ALIAS
        return self._alias

    def end(self) -> None:
        """The page is drawn, or cannot be: whatever happens now changes nothing of it."""
        with suppress(Error):
            self._until_drawn.close()

    def _decide(self) -> str:
        """What is counted: `replica`, or why it is the first."""
        if states.settled() is None:
            return "changing"
        if not _rest.is_over():
            return _rest.why
        try:
            if self._is_as_far():
                _rest.end()
                return "replica"
        except ReplicaAway as error:
            note_away(error)
            return "away"
        self.end()
        _rest.begin(BEHIND_FOR, "behind")
        return "behind"

    def _is_as_far(self) -> bool:
        """Open the transaction for the page, with the question for the replica's state."""
        *named, seen = self._until_drawn.enter_context(opened())
        is_fresh = seen is not None and timezone.now() - seen < FRESH
        if not is_fresh or named != list(states.now().values()):
            return False
        self._until_drawn.enter_context(_cut_after(LONGEST_PAGE, connections[ALIAS]))
        return True


def from_replica(view: View) -> View:
    """Let what the view shows to visitors be read from the replica; it must not write."""

    @wraps(view)
    def drawing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_read = request.method in {"GET", "HEAD"} and is_visitor(request)
        if not is_read or not is_there() or reading.present.get() is not None:
            return view(request, *args, **kwargs)
        drawn = Drawn()
        token = reading.present.set(drawn)
        try:
            return view(request, *args, **kwargs)
        except Error as error:
            if not drawn.is_from_replica:
                raise
            note_away(error)
            connections[ALIAS].close()
        finally:
            drawn.end()
            reading.present.reset(token)
        return view(request, *args, **kwargs)

    return cast(View, drawing)


def is_there() -> bool:
    """Whether the portal was given one."""
    return ALIAS in connections


def note_away(error: BaseException) -> None:
    """Leave it alone for a while; somebody whose page hangs on it has the first one's."""
    _rest.begin(AWAY_FOR, "away")
    request_metrics.count_reading("failed")
    log.warning("the replica does not answer", extra={"reason": str(error).strip()})


@contextmanager
def opened() -> Iterator[tuple[Any, ...]]:
    """A transaction there that only reads, with the names of the states that it sees.

    After them comes when a worker was last seen there, if ever. Raises ReplicaAway.
    """
    ours = connections[ALIAS]
    with ExitStack() as stack:
        try:
            # A line from before may have died with its server.
            tries = 2 if ours.connection is not None else 1
            found = _open(stack, ours, tries)
        except Error as error:
            _give_up(stack, ours)
            raise ReplicaAway(str(error)) from error
        yield found


def _open(stack: ExitStack, ours: Any, tries: int) -> tuple[Any, ...]:
    begun = time.monotonic()
    try:
        stack.enter_context(transaction.atomic(using=ALIAS))
        with _cut_after(PATIENCE, ours), ours.cursor() as cursor:
            cursor.execute(_OPEN + _question())
            found: tuple[Any, ...] = cursor.fetchone()
    except Error:
        if tries == 1 or time.monotonic() - begun > PATIENCE:
            raise
        _give_up(stack, ours)
        return _open(stack, ours, tries - 1)
    return found


def _give_up(stack: ExitStack, ours: Any) -> None:
    with suppress(Error):
        stack.close()
    ours.close()


@cache
def _question() -> str:
    return f"{states.question()}, ({_SEEN})"


@contextmanager
def _cut_after(seconds: float, ours: Any) -> Iterator[None]:
    """Cut the line after so long: whoever waits at it gets an error, and not an answer too late.

    The driver itself waits for ever for a server that is there and says nothing.
    """
    # A number of its own for the socket: by then the other may be that of something else.
    with ours.wrap_database_errors:
        number = os.dup(ours.connection.fileno())
    line = socket.socket(fileno=number)
    timer = Timer(seconds, _cut, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        line.close()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
