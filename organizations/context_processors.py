from functools import partial
from typing import Any

from django.http import HttpRequest

from organizations.login.sessions import end_of


def session_end(request: HttpRequest) -> dict[str, Any]:
    """When the login ends by itself; worked out only where a page asks."""
    return {"session_end": partial(end_of, request)}
