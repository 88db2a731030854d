"""Sessions in the database, which say so when the database is away, and go on under a new key."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from alliance.prepared import Prepared

# Asked by every request of whoever is logged in.
_living = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), str, datetime
)


# What was on its way while the key was renewed still arrives: for so long the earlier one opens what
# it opened before, without what was proved since.
_GRACE = timedelta(seconds=15)
_RENEWED_AS = "renewed_as"
_RENEWED_FROM = "renewed_from"


class SessionStore(DatabaseSessions):
    """Django's own takes every failure to write for a logout in another tab, and answers 400.

    What the database itself refused is the server's fault, whatever it calls it (a connection that
    dies under a statement has many names): 500 tells browser, proxy and whoever sends once more
    that trying again may help.
    """

    _is_modified = False

    @property
    def modified(self) -> bool:
        """Never of one that goes on under another key: its cookie must not come back to the browser."""
        return self._is_modified and _RENEWED_AS not in getattr(self, "_session_cache", {})

    @modified.setter
    def modified(self, is_so: bool) -> None:
        self._is_modified = is_so

    def renew_key(self) -> tuple[str, str]:
        """Go on under a new key with all that is in the session; returns the earlier key and the new.

        Whoever comes again with the earlier one, as with a second click, goes on under the same new
        key.
        """
        data = dict(self.items())
        earlier = str(self.session_key)
        if successor := data.pop(_RENEWED_AS, None):
            self._session_cache = data
            self._session_key = str(successor)
            self.modified = True
            return earlier, str(successor)
        self.create()
        row = Session.objects.filter(session_key=earlier).first()
        if row is not None:
            row.session_data = self.encode(
                self.decode(row.session_data) | {_RENEWED_AS: self.session_key}
            )
            row.expire_date = timezone.now() + _GRACE
            row.save()
        self._session_cache = data | {_RENEWED_FROM: earlier}
        return earlier, str(self.session_key)

    def flush(self) -> None:
        """End the session at once, under its earlier key as well."""
        earlier = self.get(_RENEWED_FROM)
        super().flush()
        if earlier:
            self.delete(earlier)

    def save(self, must_create: bool = False) -> None:
        if not must_create and _RENEWED_AS in self:
            return
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
