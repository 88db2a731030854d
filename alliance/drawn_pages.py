"""Pages that are drawn once for everybody; see ADR 0063 and 0071.

    @drawn_once
    def report(request, pk, slug):
        ...
        return draw(request, "knowledge/report_page.html", context, made_from=(report, related))

Menu, messages and the end of the login are another for each reader: where `{% for_reader %}` puts
them, the page has gaps, and these are filled with every request. The rest is kept in the process
under the name of the state that it was made from, if no question stands in the address. The view
is not asked again meanwhile: it may draw only what everybody may see, whoever asks first.

Once something else of what is public has changed, the view is asked again. Where it says by
`made_from` all that its page shows, and that is what it was, the page is not drawn anew.
"""

import hashlib
import re
import secrets
import zlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template import Context, RequestContext, Variable, loader
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from alliance import states
from alliance.bounded import Bounded

View = TypeVar("View", bound=Callable[..., HttpResponse])
Headers = list[tuple[str, str]]

MOST_BYTES = 8 * 2**20
# Of what leads to a page: its name, and the headers that it goes out with.
_MOST_ANSWERS = 2**20
_ANSWER = 2**10
# What no page can say, as nobody knows it.
_GAP = secrets.token_hex(16)
_GAPS = re.compile(f"<{_GAP} ([a-z0-9_/.-]+)>")
_LEVEL = 1  # a page of 60 kB is packed in a millisecond and read in a tenth

# By what they were made from.
_drawn: Bounded[bytes] = Bounded(MOST_BYTES)
# By the state and the address.
_answers: Bounded[tuple[Hashable, Headers]] = Bounded(_MOST_ANSWERS)


def forget() -> None:
    """Drop what this process keeps."""
    _drawn.clear()
    _answers.clear()


class DrawnPage(HttpResponse):
    """A page whose gaps are not filled yet; `name` is what it is kept under, if it is already."""

    name: Hashable = None


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


def draw(
    request: HttpRequest,
    template: str,
    context: Callable[[], dict[str, Any]],
    *,
    made_from: Iterable[object] | None = None,
) -> HttpResponse:
    """As `render`, with gaps; the template must say nothing of the reader but by `for_reader`.

    `made_from` is all that the page shows: rows, and whatever says by `repr` what it is. Besides
    that it may show what the vocabularies, the settings and the day say.
    """
    name = None
    if made_from is not None and not request.META.get("QUERY_STRING"):
        name = _name(request, template, made_from)
    content = _kept(name)
    if content is None:
        content = render_to_string(template, {**context(), "has_gaps": True}, request)
        if name is not None:
            _keep(name, content)
    page = DrawnPage(content)
    page.name = name
    return page


def drawn_once(view: View) -> View:
    """Keep what the view draws; whatever else it answers goes out as it is."""

    @wraps(view)
    def drawing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        state = None if request.META.get("QUERY_STRING") else states.settled()
        place = (state, request.path_info, get_language())
        if state is not None and (known := _answers.get(place)) is not None:
            name, headers = known
            kept = _kept(name)
            if kept is not None:
                return _for_one(request, kept, headers)
        response = view(request, *args, **kwargs)
        if not isinstance(response, DrawnPage):
            return response
        page, headers = response.content.decode(), list(response.headers.items())
        if state is not None:
            if response.name is None:
                _keep(place, page)
            _answers.put(place, (response.name or place, headers), _ANSWER)
        return _for_one(request, page, headers)

    return cast(View, drawing)


def _name(request: HttpRequest, template: str, made_from: Iterable[object]) -> Hashable:
    facts = [_facts(thing) if isinstance(thing, Model) else thing for thing in made_from]
    digest = hashlib.blake2b(repr(facts).encode(), digest_size=16).digest()
    said = (states.now()["terms"], str(timezone.localdate()), get_language())
    return template, request.path_info, said, digest


def _facts(row: Model) -> dict[str, Any]:
    """Whatever was read of a row, by the names of its columns."""
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def _keep(name: Hashable, page: str) -> None:
    content = zlib.compress(page.encode(), _LEVEL)
    _drawn.put(name, content, len(content))


def _kept(name: Hashable) -> str | None:
    content = _drawn.get(name) if name is not None else None
    return None if content is None else zlib.decompress(content).decode()


def _for_one(request: HttpRequest, page: str, headers: Headers) -> HttpResponse:
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
