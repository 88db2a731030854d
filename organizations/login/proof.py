"""The authentication step before submission: a proof of identity not older than five minutes.

A login counts as well as a repeated proof. What is sent is a saved draft, so asking loses
nothing: the person comes back to the page they came from, and sends.
"""

import time

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

# A code by email proves the mailbox, not the person: password, passkey and TOTP count.
_PROOFS = {"password", "mfa"}


def is_proof_recent(request: HttpRequest) -> bool:
    """Whether the person proved who they are within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    records = get_authentication_records(request, request.user)
    newest = max((r["at"] for r in records if r["method"] in _PROOFS), default=0)
    return time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def ask_for_proof(request: HttpRequest, back_to: str = "") -> HttpResponseRedirect:
    """Go and prove it, then come back to this page, or to the path `back_to`."""
    query = urlencode({"next": back_to or request.path})
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{query}")
