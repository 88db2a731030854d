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
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Context, RequestContext, Variable, loader
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from alliance import states
from alliance.bounded import Bounded

View = TypeVar("View", bound=Callable[..., HttpResponse])

MOST_BYTES = 8 * 2**20
# What no page can say, as nobody knows it.
_GAP = secrets.token_hex(16)
_GAPS = re.compile(f"<{_GAP} ([a-z0-9_/.-]+)>")
_LEVEL = 1  # a page of 60 kB is packed in a millisecond and read in a tenth

_drawn: Bounded[tuple[bytes, list[tuple[str, str]]]] = Bounded(MOST_BYTES)
forget = _drawn.clear


class DrawnPage(HttpResponse):
    """A page whose gaps are not filled yet."""


def gap(name: str) -> SafeString:
    """Stands in a drawn page for what each reader has another of; for the names see `filled`."""
    return SafeString(f"<{_GAP} {name}>")


def filled(name: str, context: Context) -> SafeString:
    """What belongs into a gap: a template's part, or the value of a variable."""
    if not name.endswith(".html"):
        return conditional_escape(str(Variable(name).resolve(context)))
    # Django's own template, which takes a context that is ready; the stubs know only the wrapper.
    template: Any = loader.get_template(name)
    return SafeString(template.template.render(context))


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
            return _for_one(request, zlib.decompress(content).decode(), headers)
        response = view(request, *args, **kwargs)
        if not isinstance(response, DrawnPage):
            return response
        headers = list(response.headers.items())
        if state is not None:
            content = zlib.compress(response.content, _LEVEL)
            _drawn.put(key, (content, headers), len(content))
        return _for_one(request, response.content.decode(), headers)

    return cast(View, drawing)


def _for_one(request: HttpRequest, page: str, headers: list[tuple[str, str]]) -> HttpResponse:
    return HttpResponse(fill_gaps(page, RequestContext(request)), headers=dict(headers))


def fill_gaps(
    page: str, context: RequestContext, parts: Mapping[str, Callable[[], str]] | None = None
) -> str:
    """The page for one reader; `parts` draw the gaps of these names, for all others see `filled`."""
    named = parts or {}

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        return named[name]() if name in named else filled(name, context)

    return _GAPS.sub(fill, page)
