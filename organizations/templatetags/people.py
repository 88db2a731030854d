"""How people are named who may have left."""

from django import template
from django.utils.translation import gettext as _

from organizations.models import User

register = template.Library()


@register.filter
def person(user: User | None) -> str:
    """The name, or words for somebody whose account is gone."""
    return str(user) if user is not None else _("someone who has left")
