"""The links of a subscription: to confirm it, to end it, and to change what it is about."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from alliance import turned_away
from organizations.mail_links import MailLinks
from organizations.models import Subscription

# Every mail brings a new one.
CHOICES_VALID_FOR = timedelta(days=60)

_links = MailLinks(
    Subscription,
    salt="organizations.subscription",
    confirm="subscription_confirm",
    end="subscription_end",
)
confirm_link = _links.confirm_link
end_link = _links.end_link
end_headers = _links.end_headers
to_confirm = _links.to_confirm
to_end = _links.to_end

_choosing = TimestampSigner(salt="organizations.subscription.choices", sep=".")


def choices_link(subscription: Subscription) -> str:
    token = _choosing.sign(str(subscription.pk))
    return settings.SITE_URL + reverse("subscription_choices", args=[token])


def to_choices(token: str) -> Subscription | None:
    """Whose link this is; None when it is not ours, too old, or the subscription has ended."""
    try:
        number = _choosing.unsign(token, max_age=CHOICES_VALID_FOR)
    except (BadSignature, ValueError) as error:
        turned_away.note_signature("link", error)
        return None
    return Subscription.objects.active().filter(pk=int(number)).first()
