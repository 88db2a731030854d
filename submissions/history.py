"""A submission's timeline as a table to take along (CSV, RFC 4180, UTF-8 with a mark for Excel)."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from alliance.models import Event
from alliance.spreadsheets import harmless
from organizations.models import Membership, User
from submissions.models import Submission
from submissions.timeline import staff_title, title


def history_for_members(submission: Submission) -> bytes:
    """What members may know, oldest first. Staff are all “The secretariat” to them."""
    events = Event.objects.all().about(submission).shown_to_members().order_by("id")
    told = [event for event in events if title(event) is not None]
    people = _people(told)
    members = set(
        Membership.objects.filter(organization=submission.organization_id).values_list(
            "user", flat=True
        )
    )

    def who(event: Event) -> str:
        person = people.get(event.actor_id or 0)
        if event.actor_id is None:
            return _("The portal")
        if person is None or (person.is_staff and person.pk not in members):
            return _("The secretariat") if person else _("Someone who has left")
        return str(person)

    return _table(
        ([event.at.isoformat(timespec="seconds"), str(title(event)), who(event)] for event in told),
        [_("Time"), _("What happened"), _("Who")],
    )


def history_for_staff(submission: Submission) -> bytes:
    """The whole trail, oldest first, with the states and the numbers that an event names."""
    events = list(Event.objects.all().about(submission).order_by("id"))
    people = _people(events)

    def lines() -> Iterator[list[str]]:
        for event in events:
            person = people.get(event.actor_id or 0)
            yield [
                event.at.isoformat(timespec="seconds"),
                event.name,
                staff_title(event),
                str(person or (event.actor_id and f"#{event.actor_id}") or _("The portal")),
                str(event.data.get("before", "")),
                str(event.data.get("after", "")),
                _("yes") if event.internal else "",
            ]

    heading = [
        _("Time"),
        _("Event"),
        _("What happened"),
        _("Who"),
        _("From"),
        _("To"),
        _("Staff only"),
    ]
    return _table(lines(), heading)


def _people(events: list[Event]) -> dict[int, User]:
    return User.objects.in_bulk({event.actor_id for event in events if event.actor_id})


def _table(lines: Iterator[list[str]], heading: list[str]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(heading)
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    return written.getvalue().encode("utf-8-sig")
