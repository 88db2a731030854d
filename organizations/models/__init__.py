from organizations.models.connect import ConnectMessage, Subscription
from organizations.models.document import OrganizationDocument
from organizations.models.due_diligence import DueDiligence
from organizations.models.email_change import EmailChange
from organizations.models.joining import Invitation, JoinRequest, PossibleDuplicate
from organizations.models.organization import Membership, Organization
from organizations.models.related import RelatedName
from organizations.models.user import User

__all__ = [
    "ConnectMessage",
    "DueDiligence",
    "EmailChange",
    "Invitation",
    "JoinRequest",
    "Membership",
    "Organization",
    "OrganizationDocument",
    "PossibleDuplicate",
    "RelatedName",
    "Subscription",
    "User",
]
