"""The page of a form that nobody has typed in yet: drawn once for all who begin one.

    return drawn_forms.draw(request, "submissions/draft.html", shared, form=form, own={"desk": desk})

What the page says to everybody is kept in the process, for each state of the vocabularies and each
language. Whatever is the reader's is a gap, filled with every request: parts that the template puts
by `{% for_reader %}`, which see `own` besides the request, and the fields that the form starts
with an answer in (`left_open`). The template sees `shared` alone, so that it cannot show more.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.template import RequestContext
from django.template.loader import render_to_string
from django.utils.translation import get_language

from alliance.bounded import Bounded
from alliance.drawn_pages import fill_gaps

# Three forms in six languages, each with some other fields that the profile answers.
MOST_BYTES = 4 * 2**20

_pages: Bounded[str] = Bounded(MOST_BYTES)
forget = _pages.clear


class OpenForm(Protocol):
    """A form that says which of its parts are another for each reader, and draws them."""

    left_open: Mapping[str, Callable[[], str]]

    @property
    def drawn_from(self) -> str: ...

    def own_parts(self) -> Mapping[str, Callable[[], str]]: ...


def draw(
    request: HttpRequest,
    template: str,
    shared: Mapping[str, Any],
    *,
    form: OpenForm,
    own: Mapping[str, Any],
) -> HttpResponse:
    """As `render` with all of the context; the values of `shared` have to say by `str` what they are."""
    parts = form.own_parts()
    route = request.resolver_match and request.resolver_match.route
    said = tuple((name, str(value)) for name, value in shared.items())
    key = (template, route, said, type(form), frozenset(parts), form.drawn_from, get_language())
    page = _pages.get(key)
    if page is None:
        form.left_open = parts
        drawn = {**shared, "form": form, "has_gaps": True}
        page = render_to_string(template, drawn, request)
        _pages.put(key, page, len(page))
    context = RequestContext(request, {**shared, **own, "form": form})
    return HttpResponse(fill_gaps(page, context, parts))
