from alliance.models.backup import BackupCopy
from alliance.models.country import Country, CountryGroupMembership
from alliance.models.event import Event
from alliance.models.limit import TokenBucket
from alliance.models.mail import OutgoingMail
from alliance.models.scanned_file import ScannedFile
from alliance.models.seal import Seal, TrailCheck
from alliance.models.undeliverable import UndeliverableAddress
from alliance.models.upload import PartialUpload, StagedUpload, UploadPart
from alliance.models.vocabulary import Term, Vocabulary
from alliance.models.watch import Alarm, Sweep

__all__ = [
    "Alarm",
    "BackupCopy",
    "Country",
    "CountryGroupMembership",
    "Event",
    "OutgoingMail",
    "PartialUpload",
    "ScannedFile",
    "Seal",
    "StagedUpload",
    "Sweep",
    "Term",
    "TokenBucket",
    "TrailCheck",
    "UndeliverableAddress",
    "UploadPart",
    "Vocabulary",
]
