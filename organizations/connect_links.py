"""The link with which a sender reads the answers to a Connect message, and writes back."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from alliance import turned_away
from organizations.models import ConnectMessage

VALID_FOR = timedelta(days=60)

_reading = TimestampSigner(salt="organizations.connect.thread", sep=".")


def thread_link(message: ConnectMessage) -> str:
    """Every answer brings a new one; it lapses after VALID_FOR."""
    return settings.SITE_URL + reverse("connect_thread", args=[_reading.sign(str(message.pk))])


def message_of(token: str) -> ConnectMessage | None:
    """The message that this link is for; None when it is not ours, too old, or forgotten."""
    try:
        number = _reading.unsign(token, max_age=VALID_FOR)
    except (BadSignature, ValueError) as error:  # ValueError: letters that no encoding has
        turned_away.note_signature("link", error)
        return None
    return ConnectMessage.objects.select_related("reason").filter(pk=int(number)).first()
