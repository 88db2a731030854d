"""Answers that are kept for as long as what they are about stays what it is.

A list names its present state, and answers are kept under that name: so a change is seen with the
next request, on every machine, and nothing has to be thrown away. Numbers of a whole list can be
shared by all processes; what was found for words stays in the process, for whoever turns the page.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from django.core.cache import cache

Answer = TypeVar("Answer")

# Of each process. An answer is at most a thousand numbers and a few hundred counts.
_MOST_KEPT = 300
_SHARED_FOR = 24 * 60 * 60  # seconds

_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_lock = Lock()


def kept(key: tuple[Any, ...], make: Callable[[], Answer], *, shared: bool = False) -> Answer:
    """The answer under `key`, made where there is none.

    It begins with the name of a state, or with something else that ends by itself. States of two
    lists must not have the same name.
    """
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            found: Answer = _kept[key]
            return found
    answer = _shared(key, make) if shared else make()
    with _lock:
        _kept[key] = answer
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return answer


def forget() -> None:
    """Drop what this process keeps."""
    with _lock:
        _kept.clear()


def _shared(key: tuple[Any, ...], make: Callable[[], Answer]) -> Answer:
    name = "list:" + hashlib.sha256(repr(key).encode()).hexdigest()
    answer: Answer | None = cache.get(name)
    if answer is None:
        answer = make()
        cache.set(name, answer, _SHARED_FOR)
    return answer
