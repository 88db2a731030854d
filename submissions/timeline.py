"""A submission's history as its people read it, from the event trail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from alliance.models import Event
from alliance.text import Text
from organizations.models import User
from submissions.models import Submission


@dataclass(frozen=True)
class Moment:
    """One line of a timeline; `mark` is "done", "now" or empty."""

    title: Text
    note: str = ""
    mark: str = "done"


# What members read; events without a line here are the secretariat's own.
_TITLES: dict[str, Text] = {
    "submission.begun": _("Draft begun"),
    "submission.submitted": _("Received"),
    "submission.review_started": _("Review begun"),
    "submission.eligibility_confirmed": _("Eligible, due diligence begun"),
    "submission.put_for_decision": _("Put up for decision"),
    "submission.clarification_requested": _("Questions sent to you"),
    "submission.clarification_reminded": _("Reminder of the questions"),
    "submission.clarification_answered": _("Answers sent back"),
    "submission.lapsed": _("Lapsed without answers"),
    "submission.decision_published": _("Decision published"),
    "submission.withdrawn": _("Withdrawn"),
    "submission.paused": _("Paused"),
    "submission.paused_by_portal": _("Paused: the due diligence is not in force"),
    "submission.resumed": _("Shown again"),
    "submission.resumed_by_portal": _("Shown again: the due diligence is in force"),
    "submission.renewed": _("Renewed"),
    "submission.fulfilled": _("Fulfilled"),
    "submission.closed": _("Closed"),
    "submission.expired": _("Expired"),
    "submission.change_sent": _("Change sent"),
    "submission.change_taken_back": _("Change taken back"),
    "submission.change_dropped": _("Unsent change dropped"),
    "submission.change_accepted": _("Change accepted"),
    "submission.change_refused": _("Change not accepted"),
    "submission.reopened": _("Taken up again"),
}


def title(event: Event) -> Text | None:
    """The event in words for members; None for what is not theirs to read."""
    return _TITLES.get(event.name)


def timeline(submission: Submission) -> list[Moment]:
    """What happened, newest first; the present state leads while something is still to come."""
    events = Event.objects.all().about(submission).shown_to_members()
    moments = [
        Moment(words, date_format(event.at, "DATETIME_FORMAT"))
        for event in events
        if (words := title(event)) is not None
    ]
    if submission.state.is_open:
        now = submission.state.public_label
        if moments and str(moments[0].title) == str(now):
            moments[0] = replace(moments[0], mark="now")
        else:
            moments.insert(0, Moment(now, mark="now"))
    return moments


STAFF_TITLES: dict[str, Text] = _TITLES | {
    "submission.clarification_requested": _("Questions sent to the applicant"),
    "submission.question_settled": _("Question settled"),
    "submission.question_unsettled": _("Question open again"),
    "submission.decided": _("Decision made, pending"),
    "submission.letter_edited": _("Letter edited"),
    "submission.decision_dropped": _("Pending decision dropped"),
    "submission.note_written": _("Internal note written"),
    "submission.assigned": _("Assigned"),
    "submission.renewal_offered": _("Reminded to renew"),
    "submission.dossier_made": _("Dossier taken out"),
}


def staff_title(event: Event) -> str:
    """The event in words for staff; one without words is called by its name."""
    return str(STAFF_TITLES.get(event.name, event.name))


def staff_trail(submission: Submission) -> tuple[list[Event], dict[int, User]]:
    """Everything that happened, newest first, and who did it, by id."""
    events = list(Event.objects.all().about(submission))
    return events, User.objects.in_bulk({event.actor_id for event in events if event.actor_id})


def staff_timeline(submission: Submission) -> list[Moment]:
    """The whole trail with who did what, newest first; an event without words shows its name."""
    return staff_moments(*staff_trail(submission))


def last_act(events: Iterable[Event], people: Mapping[int, User], user: User) -> datetime | None:
    """When this person last did something; else when anybody of the secretariat did.

    `events` are newest first; `people` has who did them, by id.
    """
    acted = [event for event in events if event.actor_id]
    mine = (event.at for event in acted if event.actor_id == user.pk)
    ours = (
        event.at for event in acted if (who := people.get(event.actor_id or 0)) and who.is_staff
    )
    return next(mine, None) or next(ours, None)


def staff_moments(events: Iterable[Event], people: Mapping[int, User]) -> list[Moment]:
    """A trail that was read already, in the same words."""
    return [
        Moment(
            staff_title(event),
            " · ".join(
                part
                for part in (
                    date_format(event.at, "DATETIME_FORMAT"),
                    str(people.get(event.actor_id or 0) or ""),
                )
                if part
            ),
        )
        for event in events
    ]
