"""How stored files are named, and that private ones have no address; whatever keeps them."""

import uuid
from pathlib import Path

from django.conf import settings


class NamedByContent:
    """A name always means the same bytes, so saving one again changes nothing."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def url(self, name: str | None) -> str:
        return f"{settings.MEDIA_URL}{name}"


class _NoAddress:
    """Files that nobody finds by an address."""

    def url(self, name: str | None) -> str:
        raise ValueError("A private file has no address; serve it with serve_private().")


class Unguessable(_NoAddress):
    """Files that leave through a view, under names of which one tells nothing of the next."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A name that nobody guesses, in the caller's folder and with the caller's ending."""
        given = Path(name)
        return str(given.with_name(f"{uuid.uuid4().hex}{given.suffix.lower()[:10]}"))


class Waiting(_NoAddress):
    """Files that wait for their form; whoever writes one has made a name that nobody guesses."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name
