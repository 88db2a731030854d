"""Asking for mail, confirming it, and ending it: the same for whatever an address is asked for."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple, TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from alliance.audit import record
from alliance.models import UndeliverableAddress
from alliance.undeliverable import arrives
from organizations.models import User
from organizations.models.confirmed import ConfirmedByMail

# Repeated requests for one address within this time send no further mail.
QUIET_TIME = timedelta(minutes=10)

Row = TypeVar("Row", bound=ConfirmedByMail)


class Mails(NamedTuple):
    """What is written to the address: one mail for each request, whatever stands behind it."""

    say_it_exists: Callable[..., None]
    ask_to_confirm: Callable[..., None]
    welcome: Callable[..., None]


def asked_for(row: Row, name: str, mails: Mails, *, is_new: bool, by: User | None) -> Row:
    """Send a link, or say that there is nothing to confirm. `row` is locked, or new."""
    now = timezone.now()
    if not is_new and now - row.asked_at < QUIET_TIME:
        return row
    row.asked_at = now
    if row.is_active:
        mails.say_it_exists(row)
    else:
        row.confirmed_at = row.ended_at = None
        mails.ask_to_confirm(row)
    row.save()
    record(f"{name}.asked_for", by=by, about=row)
    return row


def confirmed(row: Row, name: str, mails: Mails, *, by: User | None) -> Row | None:
    """Begin what was asked for; a second click changes nothing. None if it is forgotten by now."""
    found = _held(row)
    if found and not found.is_active:
        arrives(found.email)
        found.confirmed_at = timezone.now()
        found.ended_at = None
        found.save()
        record(f"{name}.confirmed", by=by, about=found)
        mails.welcome(found)
    return found


def ended(row: Row, name: str, *, by: User | None) -> None:
    """End it; a second click changes nothing.

    A request that nobody confirmed is forgotten at once: somebody else may have typed the address.
    """
    found = _held(row)
    if found is None or found.ended_at is not None:
        return
    record(f"{name}.ended", by=by, about=found)
    if found.confirmed_at is None:
        found.delete()
        return
    found.ended_at = timezone.now()
    found.save()


def end_undeliverable(active: QuerySet[Row], name: str) -> int:
    """End those whose mail has come back for good since they were confirmed; returns how many."""
    given_up = UndeliverableAddress.objects.filter(
        email=OuterRef("email"), given_up_at__gt=OuterRef("confirmed_at")
    )
    found = list(active.filter(Exists(given_up)))
    for row in found:
        with transaction.atomic():
            ended(row, name, by=None)
    return len(found)


def _held(row: Row) -> Row | None:
    """The row as it is now, locked."""
    return type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
