"""The mails about Connect messages."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from alliance.emails import queue_mail
from organizations.connect_links import VALID_FOR, thread_link
from organizations.models import ConnectMessage, ConnectReply, User


def thank_sender(message: ConnectMessage) -> None:
    """Tell the sender that the message arrived.

    Nothing that was typed is repeated: anyone can enter anyone's address, and the portal must not
    carry strangers' words there.
    """
    queue_mail("connect_received", message.email, {"message": message}, about=message)


def tell_secretariat(message: ConnectMessage, people: Iterable[User]) -> None:
    """Announce the message to these people, or to the secretariat's mailbox where there are none.

    A reported concern stays in the admin, where few may read it.
    """
    context = {"message": message, "admin_url": _page(message)}
    for address in _addresses(people):
        if message.is_concern:
            queue_mail("connect_concern", address, context, about=message)
        else:
            queue_mail("connect_message", address, context, reply_to=message.email, about=message)


def answer(reply: ConnectReply) -> None:
    """The secretariat's answer, with a link to the thread: mails are not received here."""
    message = reply.message
    context = {
        "message": message,
        "reply": reply,
        "link": thread_link(message),
        "days": VALID_FOR.days,
    }
    queue_mail("connect_answer", message.email, context, about=message)


def written_back(message: ConnectMessage, people: Iterable[User]) -> None:
    """The sender has answered. What, and who it is, is read in the admin by those who may."""
    for address in _addresses(people):
        queue_mail(
            "connect_written_back",
            address,
            {"message": message, "admin_url": _page(message)},
            about=message,
        )


def assigned(message: ConnectMessage, person: User) -> None:
    context = {"message": message, "person": person, "admin_url": _page(message)}
    queue_mail("connect_assigned", person.email, context, about=message)


def _addresses(people: Iterable[User]) -> list[str]:
    return [person.email for person in people] or [settings.SECRETARIAT_EMAIL]


def _page(message: ConnectMessage) -> str:
    address = reverse("admin:organizations_connectmessage_change", args=[message.pk])
    return str(settings.SITE_URL) + address
