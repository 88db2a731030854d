"""What was written to the portal, and the mail that it writes."""

from django.db.models import Case, Q, TextField, Value, When

from alliance.models import OutgoingMail
from alliance.personal_data import FORMER_MEMBER, Delete, Export, Overwrite, Person, Redact, Table
from organizations.personal_data.rows import my_address

_MAIL_WORDS = ("recipient", "reply_to", "text", "html", "headers", "last_error")


def _to_me(person: Person) -> Q:
    return Q(recipient__in=person.addresses)


def _subject(person: Person, subject: str) -> str:
    """A line that lists show by itself: in it a sign in brackets would be a riddle."""
    return person.redacted(subject).replace(FORMER_MEMBER, "A former member")


def _to_others(person: Person) -> Q:
    """Copies of what was sent. What waits may be for a namesake: it must say the right name."""
    return ~Q(status=OutgoingMail.Status.QUEUED)


def _of_my_message(person: Person) -> Q:
    return Q(message__email__in=person.addresses)


TABLES = (
    # Before the message: once that has lost its address, nothing says whose thread it is.
    Table(
        model="organizations.ConnectReply",
        kept="connect",
        export=Export(
            "connect_replies",
            _of_my_message,
            {"written": "made_at", "by_the_sender": "is_from_sender", "text": "text"},
        ),
        on_erasure=(Redact(_of_my_message, ("text",)),),
        plain=frozenset({"fingerprint"}),
    ),
    Table(
        model="organizations.ConnectNote",
        kept="connect",
        on_erasure=(Redact(_of_my_message, ("text",)),),
    ),
    Table(model="organizations.ConnectRoute", kept="admin", plain=frozenset({"role"})),
    Table(
        model="organizations.ConnectMessage",
        kept="connect",
        export=Export(
            "connect_messages",
            my_address,
            {
                "sent": "created_at",
                "name": "name",
                "email": "email",
                "organization": "organization",
                "job_title": "job_title",
                "reason": "reason__label_en",
                "message": "message",
                "about_the_page": "about_path",
            },
        ),
        on_erasure=(
            Delete(lambda person: my_address(person) & Q(is_concern=False)),
            # What was reported stays, without who reported it.
            Redact(my_address, ("message",)),
            Overwrite(
                my_address,
                {"name": "", "email": "", "organization": "", "job_title": ""},
            ),
        ),
        plain=frozenset({"about_path", "about_title", "fingerprint"}),
    ),
    Table(
        model="organizations.Subscription",
        kept="subscription",
        export=Export(
            "subscriptions",
            my_address,
            {
                "email": "email",
                "themes": "themes",
                "regions": "regions",
                "asked_for": "asked_at",
                "confirmed": "confirmed_at",
                "ended": "ended_at",
            },
        ),
        on_erasure=(Delete(my_address),),
        plain=frozenset({"themes", "regions"}),
    ),
    Table(
        model="alliance.UndeliverableAddress",
        kept="mail",
        export=Export(
            "undeliverable_addresses",
            my_address,
            {"email": "email", "came_back": "bounced_at", "reason": "reason"},
        ),
        on_erasure=(Delete(my_address),),
    ),
    Table(
        model="alliance.OutgoingMail",
        kept="mail",
        export=Export(
            "mails",
            _to_me,
            {
                "written": "created_at",
                "sent": "sent_at",
                "to": "recipient",
                "subject": "subject",
                # Codes and links that open an account are in the mailbox and nowhere else.
                "text": Case(When(is_secret=True, then=Value("", TextField())), default="text"),
            },
        ),
        on_erasure=(
            Delete(_to_me),
            Redact(_to_others, _MAIL_WORDS),
            Redact(_to_others, ("subject",), replace=_subject),
        ),
        plain=frozenset({"message", "sender", "message_id", "about_type"}),
    ),
)
