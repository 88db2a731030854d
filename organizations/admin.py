"""What the secretariat sees of people, organizations and those who write to it."""

from django.contrib import admin

from organizations.admin_connect import ConnectMessageAdmin, SubscriptionAdmin
from organizations.models import ConnectMessage, Subscription

admin.site.register(ConnectMessage, ConnectMessageAdmin)
admin.site.register(Subscription, SubscriptionAdmin)
