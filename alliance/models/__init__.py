from alliance.models.country import Country, CountryGroupMembership
from alliance.models.event import Event
from alliance.models.limit import TokenBucket
from alliance.models.mail import OutgoingMail
from alliance.models.scanned_file import ScannedFile
from alliance.models.seal import Seal, TrailCheck
from alliance.models.undeliverable import UndeliverableAddress
from alliance.models.upload import PartialUpload, StagedUpload
from alliance.models.vocabulary import Term, Vocabulary

__all__ = [
    "Country",
    "CountryGroupMembership",
    "Event",
    "OutgoingMail",
    "PartialUpload",
    "ScannedFile",
    "Seal",
    "StagedUpload",
    "Term",
    "TokenBucket",
    "TrailCheck",
    "UndeliverableAddress",
    "Vocabulary",
]
