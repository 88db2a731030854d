"""The name of the present state of what anybody finds, under which answers are kept."""

from django.db import connection
from django.utils import timezone

from submissions.models import PublicChange

_STATE = f"SELECT count(*), max(id), max(at) FROM {PublicChange._meta.db_table}"  # noqa: S608


def present() -> str:
    """The state's name, see `alliance.browsing.kept`; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        changes, last, at = cursor.fetchone()
    return f"public {last} {changes} {at} {timezone.localdate()}"
