"""Sessions in the database, which say so when the database is away."""

from datetime import datetime

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from alliance.prepared import Prepared

# Asked by every request of whoever is logged in.
_living = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), str, datetime
)


class SessionStore(DatabaseSessions):
    """Django's own takes every failure to write for a logout in another tab, and answers 400.

    What the database itself refused is the server's fault, whatever it calls it (a connection that
    dies under a statement has many names): 500 tells browser, proxy and whoever sends once more
    that trying again may help.
    """

    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except UpdateError as error:
            failure = error.__context__
            # Django's own "no row was changed" has no error of the driver behind it.
            if failure is not None and failure.__cause__ is not None:
                raise failure from failure.__cause__
            raise

    def _get_session_from_db(self) -> Session | None:
        session = _living.first(self.session_key or "", timezone.now())
        if session is None:
            self._session_key = None
        return session
