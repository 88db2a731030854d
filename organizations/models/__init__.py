from organizations.models.absence import Absence
from organizations.models.conflict import ConflictOfInterest
from organizations.models.connect import ConnectMessage
from organizations.models.connect_thread import ConnectNote, ConnectReply, ConnectRoute
from organizations.models.document import OrganizationDocument
from organizations.models.due_diligence import Check, DueDiligence
from organizations.models.due_diligence_question import DueDiligenceQuestion
from organizations.models.email_change import EmailChange
from organizations.models.joining import Invitation, JoinRequest, PossibleDuplicate
from organizations.models.organization import Membership, Organization
from organizations.models.related import RelatedName
from organizations.models.sanctions import ListedEntry, ListImport, SanctionsSnapshot
from organizations.models.screening import Hit, ScreenedName, ScreeningRun
from organizations.models.subscription import Subscription
from organizations.models.user import User

__all__ = [
    "Absence",
    "Check",
    "ConflictOfInterest",
    "ConnectMessage",
    "ConnectNote",
    "ConnectReply",
    "ConnectRoute",
    "DueDiligence",
    "DueDiligenceQuestion",
    "EmailChange",
    "Hit",
    "Invitation",
    "JoinRequest",
    "ListImport",
    "ListedEntry",
    "Membership",
    "Organization",
    "OrganizationDocument",
    "PossibleDuplicate",
    "RelatedName",
    "SanctionsSnapshot",
    "ScreenedName",
    "ScreeningRun",
    "Subscription",
    "User",
]
