from organizations.models.connect import ConnectMessage, Subscription
from organizations.models.due_diligence import DueDiligence
from organizations.models.organization import Membership, Organization
from organizations.models.user import User

__all__ = [
    "ConnectMessage",
    "DueDiligence",
    "Membership",
    "Organization",
    "Subscription",
    "User",
]
