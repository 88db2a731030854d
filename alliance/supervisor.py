"""Keeps programs running: starts what ended again, after pauses that grow."""

import subprocess
import time
from collections.abc import Callable

from alliance.postgres_places import PostgresError

LONGEST_PAUSE = 30  # seconds
STEADY = 60  # seconds after which a program counts as running well


class Program:
    """A program that should run as long as the portal does.

    `start` starts it and returns its process; `tell` gets a line for the person at the terminal
    when it had to be started again.
    """

    def __init__(
        self,
        name: str,
        start: Callable[[], subprocess.Popen[bytes]],
        tell: Callable[[str], None],
    ) -> None:
        self.name = name
        self._start = start
        self._tell = tell
        self._pause = 1
        self._not_before = 0.0
        self._is_noticed = False
        self.start()

    def start(self) -> None:
        self.process = self._start()
        self._started = time.monotonic()
        self._is_noticed = False

    def tend(self) -> None:
        """Start the program again if it has ended and its pause is over."""
        now = time.monotonic()
        if self.process.poll() is None:
            return
        if not self._is_noticed:
            self._is_noticed = True
            self._pause = 1 if now - self._started > STEADY else min(2 * self._pause, LONGEST_PAUSE)
            self._not_before = now + self._pause
            self._tell(f"The {self.name} ended ({self._ending()}); starting it again")
        elif now >= self._not_before:
            self._start_again(now)

    def _start_again(self, now: float) -> None:
        try:
            self.start()
        except (OSError, PostgresError) as error:
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
            self._not_before = now + self._pause
            self._tell(f"The {self.name} cannot be started: {error}")

    def _ending(self) -> str:
        code = self.process.returncode
        return f"signal {-code}" if code < 0 else f"exit status {code}"
