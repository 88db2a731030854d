"""WSGI entry point: `gunicorn alliance.wsgi`."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")

_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django, told of a body's encoding only where it is one of text.

    Python knows others, rot13 for one, and Django fails on them while it makes the request, before
    anything of ours could answer.
    """
    kind, parameters = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    if not _is_of_text(parameters.get("charset", "utf-8")):
        environ["CONTENT_TYPE"] = kind
    return _django(environ, start_response)


def _is_of_text(encoding: str) -> bool:
    try:
        " ".encode(encoding)
    except (LookupError, ValueError):
        return False
    return True
