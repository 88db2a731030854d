"""The link in a reminder that renews a Demand or Offer without logging in.

Signed for one person and one end: it works once, and only while that person may still renew.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from organizations.models import User
from submissions import permissions
from submissions.models import Submission

# A reminder goes out 30 days before the end; the rest is for those who read late.
VALID_FOR = timedelta(days=90)

_SALT = "submissions.renewal"


@dataclass(frozen=True)
class Renewal:
    """Who renews what."""

    submission: Submission
    person: User


def renewal_link(submission: Submission, person: User) -> str:
    token = signing.dumps(
        [submission.pk, person.pk, str(submission.expires_on)], salt=_SALT, compress=True
    )
    return settings.SITE_URL + reverse("renew_by_link", args=[token])


def to_renew(token: str) -> Renewal | None:
    """Whose link this is, and for what; None when it is not ours, too old or used up."""
    try:
        number, person_id, expires_on = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    submission = (
        Submission.objects.filter(pk=number, expires_on=expires_on)
        .select_related("organization")
        .first()
    )
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if submission is None or person is None:
        return None
    names = {arrow.name for arrow in permissions.publication_arrows(person, submission)}
    return Renewal(submission, person) if "renew" in names else None
