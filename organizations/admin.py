"""What the secretariat sees of people, organizations and those who write to it."""

from django.contrib import admin

from organizations.admin_connect import ConnectMessageAdmin, SubscriptionAdmin
from organizations.admin_joining import JoinRequestAdmin, PossibleDuplicateAdmin
from organizations.admin_people import PersonAdmin
from organizations.models import ConnectMessage, JoinRequest, PossibleDuplicate, Subscription, User

admin.site.register(ConnectMessage, ConnectMessageAdmin)
admin.site.register(Subscription, SubscriptionAdmin)
admin.site.register(JoinRequest, JoinRequestAdmin)
admin.site.register(PossibleDuplicate, PossibleDuplicateAdmin)
admin.site.register(User, PersonAdmin)
