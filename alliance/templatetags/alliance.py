"""Tags for the frame of every page and for the components of the look."""

from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from alliance import drawing, unsent
from alliance.drawn_pages import filled, gap
from alliance.widgets import goal_number

register = template.Library()
register.filter("goal_number", goal_number)


@register.filter
def before_stop(name: object) -> str:
    """A name at the end of a sentence: "Green Fund Inc." brings a full stop of its own."""
    return str(name).removesuffix(".")


@register.simple_tag(takes_context=True)
def menu_item(context: Context, route: str, label: str) -> SafeString:
    """One entry of a menu, marked where the reader stands on that page or below it.

    Nothing is shown for a page that this installation does not have.
    """
    try:
        address = reverse(route)
    except NoReverseMatch:
        return SafeString()
    return format_html(
        '<li><a href="{}"{}>{}</a></li>', address, _aria_current(context, address), label
    )


def _aria_current(context: Context, address: str) -> SafeString:
    request: Any = context.get("request")
    path = request.path if request else ""
    if path == address:
        return SafeString(' aria-current="page"')
    if address != "/" and path.startswith(address):
        return SafeString(' aria-current="true"')
    return SafeString()


@register.simple_tag(takes_context=True)
def same_for_all(context: Context, template_name: str, **given: Any) -> SafeString:
    """A part of the frame that says the same to everybody; drawn once for each route and language.

    It sees what is `given` and the request, for the menu to mark where the reader stands, and
    must show nothing else of the request: neither who asks nor the address.
    """
    request: Any = context.get("request")

    def draw() -> SafeString:
        return render_to_string(template_name, {**given, "request": request})

    match = request.resolver_match if request else None
    if match is None:
        return draw()
    return drawing.kept(("frame", template_name, match.route, *given.items()), draw)


@register.simple_tag(takes_context=True)
def for_reader(context: Context, template_name: str) -> SafeString:
    """A part that says something else to each reader; left open in a page drawn for everybody."""
    return gap(template_name) if context.get("has_gaps") else filled(template_name, context)


@register.simple_tag(takes_context=True)
def of_reader(context: Context, variable: str) -> SafeString:
    """A value that is another for each reader, by its name in the context; left open as well."""
    return gap(variable) if context.get("has_gaps") else filled(variable, context)


@register.simple_tag(takes_context=True)
def made_for(context: Context) -> SafeString:
    """The hidden field of a form whose text outlasts the end of the login; see `unsent`."""
    return unsent.hidden_field(context["request"].user)


@register.inclusion_tag("components/pages.html", takes_context=True)
def pages(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Links to the other pages of a list, with the filters of this address kept."""
    request: Any = context.get("request")
    query = request.GET if request else QueryDict()
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "previous": _page_address(query, page.number - 1) if page.has_previous() else "",
        "next": _page_address(query, page.number + 1) if page.has_next() else "",
        "links": [
            {
                "number": number,
                "address": _page_address(query, number) if isinstance(number, int) else "",
                "current": number == page.number,
            }
            for number in numbers
        ],
    }


def _page_address(query: QueryDict, number: int) -> str:
    """The query string for one page; the first page has the address of the list itself."""
    changed = query.copy()
    changed.pop("page", None)
    if number > 1:
        changed["page"] = str(number)
    return f"?{changed.urlencode()}"
