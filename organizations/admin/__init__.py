"""What the secretariat sees of people, organizations and those who write to it."""

from django.contrib import admin

from organizations.admin.conflicts import ConflictOfInterestAdmin
from organizations.admin.connect import ConnectMessageAdmin, ConnectRouteAdmin
from organizations.admin.due_diligence import DueDiligenceAdmin
from organizations.admin.joining import JoinRequestAdmin, PossibleDuplicateAdmin
from organizations.admin.organizations import OrganizationAdmin
from organizations.admin.people import PersonAdmin
from organizations.admin.screening import HitAdmin, ListImportAdmin, SanctionsSnapshotAdmin
from organizations.admin.subscriptions import SubscriptionAdmin
from organizations.models import (
    ConflictOfInterest,
    ConnectMessage,
    ConnectRoute,
    DueDiligence,
    Hit,
    JoinRequest,
    ListImport,
    Organization,
    PossibleDuplicate,
    SanctionsSnapshot,
    Subscription,
    User,
)

admin.site.register(ConnectMessage, ConnectMessageAdmin)
admin.site.register(ConnectRoute, ConnectRouteAdmin)
admin.site.register(Subscription, SubscriptionAdmin)
admin.site.register(JoinRequest, JoinRequestAdmin)
admin.site.register(Organization, OrganizationAdmin)
admin.site.register(PossibleDuplicate, PossibleDuplicateAdmin)
admin.site.register(User, PersonAdmin)
admin.site.register(DueDiligence, DueDiligenceAdmin)
admin.site.register(Hit, HitAdmin)
admin.site.register(SanctionsSnapshot, SanctionsSnapshotAdmin)
admin.site.register(ListImport, ListImportAdmin)
admin.site.register(ConflictOfInterest, ConflictOfInterestAdmin)
