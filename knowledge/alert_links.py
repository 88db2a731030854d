"""The links of an alert: to confirm it, to end it, and to see all alerts of its address."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from alliance import turned_away
from knowledge.models import Alert
from organizations.mail_links import MailLinks

# Every mail brings a new one.
LIST_VALID_FOR = timedelta(days=60)

_links = MailLinks(
    Alert, salt="knowledge.alert", confirm="library:alert_confirm", end="library:alert_end"
)
confirm_link = _links.confirm_link
end_link = _links.end_link
end_headers = _links.end_headers
to_confirm = _links.to_confirm
to_end = _links.to_end

_listing = TimestampSigner(salt="knowledge.alert.list", sep=".")


def list_link(alert: Alert) -> str:
    return settings.SITE_URL + reverse("library:alerts", args=[_listing.sign(str(alert.pk))])


def to_list(token: str) -> Alert | None:
    """Whose link this is; None when it is not ours, too old, or the address is forgotten."""
    try:
        number = _listing.unsign(token, max_age=LIST_VALID_FOR)
    except (BadSignature, ValueError) as error:
        turned_away.note_signature("link", error)
        return None
    return Alert.objects.filter(pk=int(number)).first()
