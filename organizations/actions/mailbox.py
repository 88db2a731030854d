"""What a person says of their own mailbox."""

from django.db import transaction

from alliance import audit
from alliance.undeliverable import arrives
from organizations.models import User


@transaction.atomic
def trust_mailbox(user: User, *, by: User) -> User:
    """Take it that mail reaches them again; should one come back, that is noted anew."""
    if arrives(user.email):
        audit.record("user.mailbox_trusted", by=by, about=user)
    return user
