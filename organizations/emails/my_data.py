"""The mails about what is kept about a person."""

from alliance.emails import queue_mail
from organizations.models import User

# Its row holds the address of somebody who was erased: it is dropped a day after it was sent.
FAREWELL = "account_erased"


def export_ready(user: User, *, page_url: str, days: int) -> None:
    """The file waits on a page behind the login; the mail opens nothing by itself."""
    queue_mail("export_ready", user.email, {"user": user, "page_url": page_url, "days": days})


def account_erased(email: str, *, first_name: str) -> None:
    """The last mail to somebody, who has no account by then."""
    queue_mail(FAREWELL, email, {"first_name": first_name})
