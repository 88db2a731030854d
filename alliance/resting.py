"""Leaving alone for a while what has just failed, so that not everybody waits for it in turn."""

import time
from threading import Lock


class Rest:
    """Of one process. When a rest is over one thread tries; the others wait for what it finds."""

    def __init__(self) -> None:
        self.why = ""
        self._seconds = 0.0
        self._until = 0.0
        self._lock = Lock()

    def begin(self, seconds: float, why: str) -> None:
        with self._lock:
            self.why = why
            self._seconds, self._until = seconds, time.monotonic() + seconds

    def end(self) -> None:
        """All is well again."""
        self._seconds = self._until = 0.0

    def is_over(self) -> bool:
        """Whether the caller may try. Whoever may, ends the rest or begins it again."""
        if not self._until:
            return True
        with self._lock:
            if time.monotonic() < self._until:
                return False
            self._until = time.monotonic() + self._seconds
            return True
