"""Taking a whole case out as a file."""

from django.db import transaction

from alliance import audit
from organizations.models import User
from submissions.models import Submission


@transaction.atomic
def note_dossier(submission: Submission, *, by: User) -> Submission:
    """That all of the case, the internal part too, left the portal. Changes nothing of it."""
    audit.record("submission.dossier_made", by=by, about=submission, internal=True)
    return submission
