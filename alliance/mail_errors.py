"""Why a mail could not be sent, in words for people who do not know mail servers.

What is explained is the line that `emails` keeps: the kind of error, and in brackets the reply
code of the mail server (RFC 5321), often followed by a finer one (RFC 3463).
"""

import re

from django.utils.translation import gettext_lazy as _

from alliance.text import Text

_NOT_REACHED = _(
    "The mail server that the portal uses could not be reached. Tell whoever runs the portal."
)
_NO_MAILBOX = _("There is no such mailbox. The address is wrong, or the person has left.")
_FULL = _("The mailbox of the recipient is full.")
_UNWANTED = _("The recipient’s mail server takes it for unwanted mail, or takes none from us.")
_LATER = _("The recipient’s mail server was busy, or asks everybody to try again later.")
_FAULTY = _("The mail could not be put together. Tell whoever runs the portal.")

# The first that fits counts: what a server says precisely goes before what it says roughly.
_EXPLANATIONS: tuple[tuple[re.Pattern[str], Text], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"^SMTPAuthenticationError|\((530|535), ",
            _("The mail server does not accept the portal’s password. Tell whoever runs it."),
        ),
        (
            r"^SMTPSenderRefused",
            _("The mail server does not let the portal write from its address. Tell who runs it."),
        ),
        (r"^(ConnectionRefusedError|gaierror|SMTPConnectError|OSError)", _NOT_REACHED),
        (r"^(TimeoutError|timeout)|timed out$", _("The mail server did not answer in time.")),
        (
            r"^(SMTPServerDisconnected|ConnectionResetError|BrokenPipeError)",
            _("The mail server hung up in the middle."),
        ),
        (
            r"^(SSL|SMTPNotSupportedError)",
            _("No protected connection to the mail server could be made. Tell whoever runs it."),
        ),
        (r"\(\d{3}, .*\b[45]\.2\.2\b", _FULL),
        (r"\(\d{3}, .*\b5\.1\.\d", _NO_MAILBOX),
        (r"\(\d{3}, .*\b5\.7\.\d", _UNWANTED),
        (r"\((550|551|553), ", _NO_MAILBOX),
        (r"\((452|552), ", _FULL),
        (r"\(554, ", _UNWANTED),
        (r"\(4\d\d, ", _LATER),
        (r"\(5\d\d, ", _("The recipient’s mail server refused it for good.")),
        (r"^(BadHeaderError|ValueError|Unicode\w+|AttributeError|TypeError)", _FAULTY),
    )
)
_UNKNOWN = _("It could not be sent, and we do not know why. Tell whoever runs the portal.")


def explain(error: str) -> str:
    """The error in words; empty where there is none."""
    if not error:
        return ""
    found = (words for pattern, words in _EXPLANATIONS if pattern.search(error))
    return str(next(found, _UNKNOWN))
