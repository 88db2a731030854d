"""Sessions in the database, which say so when the database is away."""

from datetime import datetime

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from alliance.prepared import Prepared

# Asked by every request of whoever is logged in.
_living = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), str, datetime
)


class SessionStore(DatabaseSessions):
    """Django's own takes every failure to write for a logout in another tab, and answers 400.

    A database that went away is the server's fault: 500 tells browser, proxy and whoever sends
    once more that trying again may help.
    """

    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError | InterfaceError):
                raise error.__context__ from None
            raise

    def _get_session_from_db(self) -> Session | None:
        session = _living.first(self.session_key or "", timezone.now())
        if session is None:
            self._session_key = None
        return session
