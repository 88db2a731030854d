"""A store in the memory of a process that never takes more than so many bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Bounded(Generic[Value]):
    """What was asked for longest ago makes room. Any thread may use it."""

    def __init__(self, most: int) -> None:
        self._most = most  # bytes
        self._held: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key][0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        """Keep a value of `size` bytes, in place of what stood under the key."""
        with self._lock:
            self._size += size - self._held.pop(key, (None, 0))[1]
            self._held[key] = (value, size)
            while self._size > self._most:
                _key, (_value, freed) = self._held.popitem(last=False)
                self._size -= freed

    def clear(self) -> None:
        with self._lock:
            self._held.clear()
            self._size = 0
