import re
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.formats import date_format

from alliance.database_roles import may_rewrite_trail
from alliance.models import Event, Seal
from alliance.trail import number_in
from alliance.trail_check import check_trail, unsealed


def kept_seal(text: str) -> str:
    """A seal as this command prints it: `number:mac`."""
    if not re.fullmatch(r"[0-9]{1,19}:[0-9a-f]{64}", text.strip()) or number_in(text) is None:
        raise ArgumentTypeError("write it as it was printed: number, colon, 64 digits")
    return text.strip()


class Command(BaseCommand):
    help = (
        "Compares the trail of events with its seals. Prints what was checked and the last seal, "
        "which somebody outside can keep; ends with 1 and the first break where there is one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--kept",
            action="append",
            default=[],
            type=kept_seal,
            metavar="NUMBER:SEAL",
            help="A last seal that an earlier run printed: it must still be there.",
        )

    def handle(self, *, kept: list[str], **options: Any) -> None:
        check = check_trail(*kept)
        self.stdout.write(f"{check.seals} seals and {check.events} events fit.")
        if check.broken:
            if check.broken_event is not None:
                self._tell_when(check.broken_event)
            raise CommandError(f"The trail is broken: {check.place}.")
        if may_rewrite_trail():
            self.stdout.write("The role that this ran as could rewrite the trail.")
        if last := Seal.objects.order_by("number").last():
            self.stdout.write(f"Newer than the last seal: {unsealed()} events.")
            self.stdout.write(f"Last seal: {last}")

    def _tell_when(self, event_id: int) -> None:
        event = Event.objects.filter(id=event_id).first()
        if event:
            moment = date_format(event.at, "j F Y, H:i")
            self.stdout.write(f"Event {event.id} says: {moment}, {event}")
