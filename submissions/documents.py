"""The documents of a Demand or Offer as its form shows them."""

from collections.abc import Iterable

from alliance.prepared import Prepared
from submissions.models import Attachment, Submission

_present = Prepared(
    lambda submission: Attachment.objects.filter(submission=submission).present(), int
)


def present_documents(submission: Submission) -> list[Attachment]:
    """Those on the form now; what was taken away stays with the revisions that went with it."""
    documents = _present.all(submission.pk)
    for document in documents:
        document.submission = submission
    return documents


def stamp_of(documents: Iterable[Attachment]) -> str:
    """Names the documents that a page lists: what is sent must be what was looked at."""
    return " ".join(sorted(document.pk.hex for document in documents))
