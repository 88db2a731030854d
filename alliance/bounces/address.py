"""The address that a mail comes back to names the mail, signed (VERP).

Only who has seen a mail knows it: nobody can silence another's mail with a forged report. Capitals
do not count, because servers on the way change them.
"""

import re
from hmac import compare_digest

from django.conf import settings
from django.utils.crypto import salted_hmac

_SIGNED = 16  # hexadecimal digits
_TOKEN = re.compile(r"\+(\d{1,18})-([0-9a-f]{16})@", re.ASCII)


def envelope_sender(mail_id: int, sender: str) -> str:
    """Whom the mail servers tell of a failure; without an address for that, the sender."""
    if not settings.BOUNCE_ADDRESS:
        return sender
    local, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}+{mail_id}-{_signature(mail_id, settings.SECRET_KEY)}@{domain}"


def mail_named(address: str) -> int | None:
    """The number of the mail that came back to the address; None where it is none of ours."""
    found = _TOKEN.search(address.lower())
    if found is None:
        return None
    number = int(found[1])
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    is_ours = any(compare_digest(found[2], _signature(number, key)) for key in keys)
    return number if is_ours else None


def _signature(mail_id: int, key: str) -> str:
    digest = salted_hmac("alliance.bounces", str(mail_id), secret=key, algorithm="sha256")
    return digest.hexdigest()[:_SIGNED]
