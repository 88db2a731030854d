"""The two links of a subscription: signed, so that only who got the mail can use them."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.urls import reverse

from organizations.models import Subscription

CONFIRM_WITHIN = timedelta(days=7)

_confirming = TimestampSigner(salt="organizations.subscription.confirm", sep=".")
_ending = Signer(salt="organizations.subscription.end", sep=".")


def confirm_link(subscription: Subscription) -> str:
    token = _confirming.sign(str(subscription.pk))
    return settings.SITE_URL + reverse("subscription_confirm", args=[token])


def end_link(subscription: Subscription) -> str:
    token = _ending.sign(str(subscription.pk))
    return settings.SITE_URL + reverse("subscription_end", args=[token])


def to_confirm(token: str) -> Subscription | None:
    """Whose link this is; None when it is not ours, too old, or the address is forgotten."""
    try:
        number = _confirming.unsign(token, max_age=CONFIRM_WITHIN)
    except BadSignature:
        return None
    return Subscription.objects.filter(pk=int(number)).first()


def to_end(token: str) -> Subscription | None:
    """Whose link this is; it never expires. None when it is not ours, or forgotten."""
    try:
        number = _ending.unsign(token)
    except BadSignature:
        return None
    return Subscription.objects.filter(pk=int(number)).first()
