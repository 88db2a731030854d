"""Pages that are drawn once for everybody; see ADR 0063.

    @drawn_once
    def report(request, pk, slug):
        ...
        return draw(request, "knowledge/report_page.html", context)

Menu, messages and the end of the login are another for each reader: where `{% for_reader %}` puts
them, the page has gaps, and these are filled with every request. The rest is kept in the process
under the name of the state that it was made from, if no question stands in the address. The view
is not asked again meanwhile: it may draw only what everybody may see, whoever asks first.
"""

import re
import secrets
import zlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import RequestContext, loader
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from alliance import states
from alliance.bounded import Bounded

View = TypeVar("View", bound=Callable[..., HttpResponse])

MOST_BYTES = 8 * 2**20
# What no page can say, as nobody knows it.
_GAP = secrets.token_hex(16)
_GAPS = re.compile(f"<{_GAP} ([a-z_/.]+)>")
_LEVEL = 1  # a page of 60 kB is packed in a millisecond and read in a tenth

_drawn: Bounded[tuple[bytes, list[tuple[str, str]]]] = Bounded(MOST_BYTES)
forget = _drawn.clear


class DrawnPage(HttpResponse):
    """A page whose gaps are not filled yet."""


def gap(template: str) -> SafeString:
    """Stands in a drawn page for a part that each reader has another of."""
    return SafeString(f"<{_GAP} {template}>")


def draw(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """As `render`, with gaps; the template must say nothing of the reader but by `for_reader`."""
    page = render(request, template, {**context, "has_gaps": True})
    return DrawnPage(page.content)


def drawn_once(view: View) -> View:
    """Keep what the view draws; whatever else it answers goes out as it is."""

    @wraps(view)
    def drawing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        state = None if request.META.get("QUERY_STRING") else states.settled()
        key = (state, request.path_info, get_language())
        kept = _drawn.get(key) if state is not None else None
        if kept is not None:
            content, headers = kept
            return _filled(request, zlib.decompress(content).decode(), headers)
        response = view(request, *args, **kwargs)
        if not isinstance(response, DrawnPage):
            return response
        headers = list(response.headers.items())
        if state is not None:
            content = zlib.compress(response.content, _LEVEL)
            _drawn.put(key, (content, headers), len(content))
        return _filled(request, response.content.decode(), headers)

    return cast(View, drawing)


def _filled(request: HttpRequest, page: str, headers: list[tuple[str, str]]) -> HttpResponse:
    context = RequestContext(request)

    def fill(found: re.Match[str]) -> str:
        # Django's own template, which takes a context that is ready; the stubs know only the wrapper.
        return loader.get_template(found[1]).template.render(context)  # type: ignore[attr-defined]

    return HttpResponse(_GAPS.sub(fill, page), headers=dict(headers))
