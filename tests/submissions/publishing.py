"""What tests of published Demands and Offers share."""

from datetime import timedelta

from django.utils import timezone

from alliance.models import Event, OutgoingMail
from organizations.models import Organization, User
from submissions import actions
from submissions.answers import Answers
from submissions.forms import FORMS
from submissions.models import Change, Submission
from tests import factories


def suspend(place: Organization) -> None:
    place.due_diligence_cycles.update(status="suspended")


def clear_again(place: Organization) -> None:
    place.due_diligence_cycles.update(status="under_review")
    place.due_diligence_cycles.update(status="cleared", valid_until="2099-01-01")


def ends_in(submission: Submission, days: int) -> Submission:
    day = timezone.localdate() + timedelta(days=days)
    Submission.objects.filter(pk=submission.pk).update(expires_on=day)
    return Submission.objects.get(pk=submission.pk)


def events(submission: Submission) -> list[str]:
    return [event.name for event in Event.objects.all().about(submission).order_by("id")]


def mails(message: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(message=message).order_by("pk"))


def answers(kind: str, description: str) -> Answers:
    """A complete form of that kind with this description, checked."""
    form = FORMS[kind](factories.posted(factories.demand_offer_data(kind, description=description)))
    assert form.is_valid(), form.errors
    return form.answers()


def begun(submission: Submission, by: User, description: str) -> Submission:
    """The next version of what is live with another description, saved and not sent."""
    submission = Submission.objects.get(pk=submission.pk)
    typed = submission.typed | {"description": [description]}
    return actions.save_draft(submission, by=by, typed=typed, version=submission.version)


def change(submission: Submission, by: User, description: str) -> Change:
    """A newer version of what is live, with another description, sent by a member."""
    submission = Submission.objects.get(pk=submission.pk)
    newer = answers(submission.kind, description)
    return actions.send_change(submission, by=by, version=submission.version, answers=newer)
