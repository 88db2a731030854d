"""One line in the log wherever a control of ours turns somebody away (ASVS 16.3.3).

It says which control and why, in words of the code alone: nothing that was sent stands in it. Who
came by which route is told by the line of the request, which has the same id.
"""

import logging

from django.core.signing import SignatureExpired

log = logging.getLogger("alliance.turned_away")


def note(control: str, reason: str) -> None:
    """`control` is what turned them away (limit, form, signature, file, request), `reason` why."""
    log.warning("turned away", extra={"control": control, "reason": reason})


def note_signature(what: str, error: Exception) -> None:
    """A link or ticket of the kind `what` that came too late, or that we never signed."""
    late = isinstance(error, SignatureExpired)
    note("signature", f"{what} {'expired' if late else 'forged'}")


def note_file(error: Exception) -> None:
    """A file that was refused: the reason is the function that refused it."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    note("file", place.tb_frame.f_code.co_name if place else type(error).__name__)
