"""The type of words for people: translated now, or when they are shown."""

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise
else:
    from django.utils.functional import Promise as StrPromise

Text: TypeAlias = str | StrPromise
