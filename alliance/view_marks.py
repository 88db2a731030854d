"""What a view says about itself, for code that knows no more of it than its address.

    IS_QUIET = ViewMark("is_quiet", default=False)
    IS_QUIET.put(view, True)
    IS_QUIET.of(resolve("/library/").func)

A wrapper made with `functools.wraps` keeps the marks of what it wraps.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
View = TypeVar("View", bound=Callable[..., Any])


class ViewMark(Generic[Value]):
    """One thing that views may say; `default` holds for all that do not."""

    def __init__(self, name: str, default: Value) -> None:
        self._name = f"alliance_{name}"
        self._default = default

    def put(self, view: View, value: Value) -> View:
        """Mark the view itself, and return it."""
        setattr(view, self._name, value)
        return view

    def of(self, view: Callable[..., Any] | None) -> Value:
        """What the view says, or the default; None is a view that nobody found."""
        said: Value = getattr(view, self._name, self._default)
        return said
