"""The link in a reminder that renews a Demand or Offer without logging in.

Signed for one person and for the end that it was sent before: it renews once, and only while that
person may still renew.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from alliance import turned_away
from organizations.models import User
from submissions import permissions
from submissions.models import Submission

# A reminder goes out 30 days before the end; the rest is for those who read late.
VALID_FOR = timedelta(days=90)

_SALT = "submissions.renewal"


@dataclass(frozen=True)
class Renewal:
    """Who may renew what, as a link says; `ends_on` is the end that stood when it was sent."""

    submission: Submission
    person: User
    ends_on: str

    @property
    def is_open(self) -> bool:
        arrows = permissions.publication_arrows(self.person, self.submission)
        is_same_end = str(self.submission.expires_on) == self.ends_on
        return is_same_end and any(arrow.name == "renew" for arrow in arrows)

    @property
    def is_done(self) -> bool:
        return self.submission.is_published and not self.submission.is_ending


def renewal_link(submission: Submission, person: User) -> str:
    token = signing.dumps([submission.pk, person.pk, str(submission.expires_on)], salt=_SALT)
    return settings.SITE_URL + reverse("renew_by_link", args=[token])


def to_renew(token: str) -> Renewal | None:
    """What the link is for; None when it is not ours, too old, or its person has left."""
    try:
        number, person_id, ends_on = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
    except signing.BadSignature as error:
        turned_away.note_signature("link", error)
        return None
    submission = Submission.objects.filter(pk=number).select_related("organization").first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if submission is None or person is None:
        return None
    if not permissions.can_apply(person, submission.organization):
        return None
    return Renewal(submission, person, ends_on)
