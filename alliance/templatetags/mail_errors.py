"""Why a mail was not delivered, for the pages of the case that it is about."""

from django import template

from alliance.mail_errors import explain

register = template.Library()
register.filter("explained", explain)
