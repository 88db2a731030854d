from django import template

from organizations.login import devices

register = template.Library()

register.filter("device_name", devices.device_name)
