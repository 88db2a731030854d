"""A line in the log for each proof of who somebody is, given or refused.

People stand there by the number of their row. Of a refused password nobody is named: who it was
meant for is what the guesser typed. The line of the request, with the same id, tells route and time.
"""

import logging
from typing import Any

from allauth.account.signals import authentication_step_completed
from allauth.core.internal.adapter import BaseAdapter
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.exceptions import ValidationError
from django.dispatch import receiver

log = logging.getLogger("alliance.login")

REFUSALS = frozenset(
    {"email_password_mismatch", "incorrect_code", "incorrect_password", "too_many_login_attempts"}
)


class NotesRefusals(BaseAdapter):
    """For allauth's adapters: all that is wrong about a proof is said through them."""

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code in REFUSALS:
            log.warning("proof refused", extra={"reason": code})
        return super().validation_error(code, *args)


@receiver(authentication_step_completed, dispatch_uid="note_proof")
def note_proof(user: Any, method: str, **details: Any) -> None:
    """A password, a code, a passkey that was right; not yet a login where another is asked for."""
    kind = details.get("type", "")
    extra = {"person": user.pk if user else None, "method": method, "kind": kind}
    log.info("proof given", extra=extra | {"again": bool(details.get("reauthenticated"))})


@receiver(user_logged_in, dispatch_uid="note_login")
def note_login(user: Any, **details: Any) -> None:
    log.info("logged in", extra={"person": user.pk})


@receiver(user_logged_out, dispatch_uid="note_logout")
def note_logout(user: Any, **details: Any) -> None:
    if user is not None:
        log.info("logged out", extra={"person": user.pk})
