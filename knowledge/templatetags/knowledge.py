from django import template
from django.utils.safestring import SafeString, mark_safe

from alliance.files.sizes import readable_size
from knowledge.reading import for_narrow_screens

register = template.Library()
register.filter("readable_size", readable_size)


@register.filter
def reading(text: str) -> SafeString:
    """A reading edition as it is shown; it was cleaned when it was saved."""
    return mark_safe(for_narrow_screens(text))  # noqa: S308
