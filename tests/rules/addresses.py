"""Every address of the portal, as its URL configuration has them, admin included."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, reverse

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


class Address(NamedTuple):
    """One pattern: its name with the namespace (its route, where it has no name) and its route."""

    name: str
    route: str
    is_named: bool

    @property
    def parameters(self) -> list[str]:
        return _PARAMETER.findall(self.route)

    @property
    def model(self) -> tuple[str, str] | None:
        """App and model whose rows this page of the admin shows."""
        parts = self.route.split("/")
        is_model = parts[0] == "admin" and len(parts) > 3 and parts[1].isidentifier()
        return (parts[1], parts[2]) if is_model and parts[2].isidentifier() else None

    def path(self, values: dict[str, Any], query: dict[str, str] | None = None) -> str:
        if self.is_named:
            return reverse(self.name, kwargs=values, query=query)
        return "/" + _PARAMETER.sub(lambda found: str(values[found[1]]), self.route)


def addresses() -> dict[str, Address]:
    """Every address by its name."""
    return {address.name: address for address in _walk(get_resolver())}


def _walk(resolver: URLResolver, before: str = "", namespace: str = "") -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern, route, namespace + inner)
        elif isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name}" if pattern.name else f"/{route}"
            yield Address(name, route, bool(pattern.name))
