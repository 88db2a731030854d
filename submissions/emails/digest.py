"""The weekly mail to those who want news of the Alliance."""

from collections.abc import Sequence

from organizations.emails import subscriptions
from organizations.models import Subscription
from submissions.digest import Part, subject_words


def send_digest(subscription: Subscription, parts: Sequence[Part]) -> None:
    """Tell of what is new. The links are those of the pages: nothing counts who follows them."""
    context = {"parts": parts, "what": subject_words(parts)}
    subscriptions.queue("digest", subscription, context)
