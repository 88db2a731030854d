"""Tags for the frame of every page and for the components of the look."""

from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


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
