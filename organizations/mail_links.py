"""The links in a mail with which the owner of an address confirms and ends what was asked for.

Signed, so that only who got the mail can use them.
"""

from datetime import timedelta
from typing import Generic, TypeVar

from django.conf import settings
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.urls import reverse

from alliance import turned_away
from organizations.models.confirmed import ConfirmedByMail

CONFIRM_WITHIN = timedelta(days=7)

Row = TypeVar("Row", bound=ConfirmedByMail)


class MailLinks(Generic[Row]):
    """The two links of each row of a model; `salt` keeps them apart from those of all others."""

    def __init__(self, model: type[Row], *, salt: str, confirm: str, end: str) -> None:
        self._model = model
        self._confirm, self._end = confirm, end
        self._confirming = TimestampSigner(salt=f"{salt}.confirm", sep=".")
        self._ending = Signer(salt=f"{salt}.end", sep=".")

    def confirm_link(self, row: Row) -> str:
        return settings.SITE_URL + reverse(self._confirm, args=[self._confirming.sign(str(row.pk))])

    def end_link(self, row: Row) -> str:
        return settings.SITE_URL + reverse(self._end, args=[self._ending.sign(str(row.pk))])

    def end_headers(self, row: Row) -> dict[str, str]:
        """Of a mail, so that its program offers to end what it is about with one click (RFC 8058)."""
        return {
            "List-Unsubscribe": f"<{self.end_link(row)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }

    def to_confirm(self, token: str) -> Row | None:
        """Whose link this is; None when it is not ours, too old, or the address is forgotten."""
        try:
            number = self._confirming.unsign(token, max_age=CONFIRM_WITHIN)
        except (BadSignature, ValueError) as error:  # ValueError: letters that no encoding has
            turned_away.note_signature("link", error)
            return None
        return self._row(number)

    def to_end(self, token: str) -> Row | None:
        """Whose link this is; it never expires. None when it is not ours, or forgotten."""
        try:
            number = self._ending.unsign(token)
        except (BadSignature, ValueError) as error:
            turned_away.note_signature("link", error)
            return None
        return self._row(number)

    def _row(self, number: str) -> Row | None:
        return self._model._default_manager.filter(pk=int(number)).first()
