from django import template

from alliance.files.sizes import readable_size

register = template.Library()
register.filter("readable_size", readable_size)
