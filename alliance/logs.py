"""Structured logs: one JSON object a line, each with the id of the request that it belongs to."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# Up to the end of one exception's text, in a chain of several.
_VALUES = re.compile(r"\n(?:DETAIL|CONTEXT|LINE \d+): .*?(?=\n\n|\Z)", re.DOTALL)


def configuration(*, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything from `level` on goes to standard error, as JSON."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": {"()": "alliance.logs.formatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            # The request log of our own says the same with the request's id.
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "ERROR"},
        },
    }


def formatter() -> logging.Formatter:
    """A formatter for Django's LOGGING that writes JSON with the bound request id."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ExtraAdder(),
            _without_request,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _without_values,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )


def _without_request(
    _logger: Any, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Django hands the whole request to its loggers; it holds what people typed.

    Its own lines end with the address, in which tokens and search words stand: the route is put
    in its place.
    """
    request = event.pop("request", None)
    path = getattr(request, "path", "")
    if path and event["event"].endswith(path):
        match = getattr(request, "resolver_match", None)
        event["event"] = event["event"].removesuffix(path) + (match.route if match else "?")
    return event


def _without_values(
    _logger: Any, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """PostgreSQL repeats the values of the row that it refuses; what was wrong stays."""
    if "exception" in event:
        event["exception"] = _VALUES.sub("", event["exception"])
    return event
