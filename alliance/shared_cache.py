"""The cache of several machines: Redis. When it is away, pages go on and guessing does not.

What is kept there can be made again, so a look-up that fails is one that finds nothing. Who counts
guesses must not go on without counting: for those keys ServiceAway is raised, answered by 503.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import redis
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.retry import Retry

from alliance.exceptions import ServiceAway

log = logging.getLogger(__name__)

_Method = TypeVar("_Method", bound=Callable[..., Any])

_NOTHING = object()

HEALTH = "health"
# What allauth counts and what it has seen used, and the key by which we ask whether it is there.
_NEVER_WITHOUT = ("allauth", HEALTH)


def _does_without(lost: Any) -> Callable[[_Method], _Method]:
    """Answer `lost` while Redis is away, for all keys that can do without it."""

    def decorate(method: _Method) -> _Method:
        @wraps(method)
        def asking(self: "SharedCache", key: str, *args: Any, **kwargs: Any) -> Any:
            try:
                return method(self, key, *args, **kwargs)
            except redis.RedisError as error:
                if key.startswith(_NEVER_WITHOUT):
                    raise ServiceAway(f"the cache: {type(error).__name__}") from error
                log.warning("the cache is away", extra={"reason": type(error).__name__})
                return lost

        return cast(_Method, asking)

    return decorate


class SharedCache(RedisCache):
    """Django's cache in Redis; see above for what happens without it.

    It waits for an answer for a second at most. A line that Redis has closed meanwhile, as when it
    was started again, is opened anew once. Settings name it where CACHE_URL is given.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_connect_timeout": 1,
            "socket_timeout": 1,
            "retry": Retry(NoBackoff(), 1),
        }
        super().__init__(server, params | {"OPTIONS": options | params.get("OPTIONS", {})})

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        found = self._look_up(key, version)
        return default if found is _NOTHING else found

    @_does_without(lost=_NOTHING)
    def _look_up(self, key: str, version: int | None) -> Any:
        return super().get(key, _NOTHING, version)

    @_does_without(lost=None)
    def set(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        super().set(key, value, timeout, version)

    @_does_without(lost=False)
    def add(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """False where Redis is away: whoever does something once for all does it later."""
        return super().add(key, value, timeout, version)

    @_does_without(lost=False)
    def delete(self, key: str, version: int | None = None) -> bool:
        return super().delete(key, version)
