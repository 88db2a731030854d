"""Whether a refusal is for good, by its status (RFC 3463) or its reply code (RFC 5321)."""

import re
from typing import NamedTuple

STATUS = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY = re.compile(r"(?<![\d.])([45]\d\d)[ -]")
_LONGEST = 500  # characters of what a server says

# Of the 5.x.x, those that say something about the mailbox, and not about this mail, our server or
# today: it is not there, it has moved, it is closed, its domain is none.
_FOR_GOOD = re.compile(r"5\.(0\.\d+|1\.(0|1|2|3|4|6|9|10)|2\.[01]|4\.(1|4|310)|5\.0)")
_FOR_GOOD_REPLIES = {"550", "551", "553"}


class Refusal(NamedTuple):
    """What a mail server answered: `status` as in 5.1.1, `code` as in 550; empty where unknown."""

    status: str
    code: str
    words: str

    @property
    def is_for_good(self) -> bool:
        if self.status:
            return _FOR_GOOD.fullmatch(self.status) is not None
        return self.code in _FOR_GOOD_REPLIES

    def __str__(self) -> str:
        code = self.code or f"{self.status[:1] or '5'}50"
        return f"Bounced ({code}, {self.status} {self.words})".replace(",  ", ", ")


def refusal_in(words: str, status: str = "") -> Refusal | None:
    """What the words of a server say; `status` is what a report says besides. None if it is no no.

    A finer status in the words counts more than a rough one beside them.
    """
    words = " ".join(words.split())[:_LONGEST]
    fine, reply = STATUS.search(words), REPLY.search(words)
    if fine is not None and (not status or status.endswith(".0.0")):
        status = fine[0]
    if not status and reply is None:
        return None
    return Refusal(status, reply[1] if reply else "", words)
