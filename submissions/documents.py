"""The documents of a Demand or Offer as its form shows them."""

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
