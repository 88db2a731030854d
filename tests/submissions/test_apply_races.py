"""Clicks on an Expression of Interest that arrive at the same time."""

import pytest

from alliance.models import OutgoingMail
from organizations.models import Organization, User
from submissions import actions
from submissions.actions.arrival import take_in_received
from submissions.forms import ApplicationForm
from submissions.models import Kind, Submission
from submissions.typed import as_posted
from tests import factories
from tests.racing import together


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_make_one_application(contents: None) -> None:
    place = factories.organization()
    owner = factories.member(place, "owner")
    submission = factories.draft(owner)
    form = ApplicationForm(as_posted(submission.typed))
    assert form.is_valid()
    answers = form.answers()

    def click() -> str | None:
        fresh = Submission.objects.get(pk=submission.pk)
        person = User.objects.get(pk=owner.pk)
        return actions.submit(
            fresh, by=person, version=submission.version, answers=answers
        ).reference

    references = set(together(*20 * [click]))
    submission.refresh_from_db()
    assert references == {submission.reference}
    assert submission.revisions.count() == 1
    take_in_received()
    assert OutgoingMail.objects.filter(message="application_received").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_first_clicks_at_once_make_one_draft(contents: None) -> None:
    place = factories.organization()
    owner = factories.member(place, "owner")

    def begin() -> int:
        return actions.start_draft(
            Organization.objects.get(pk=place.pk),
            Kind.EXPRESSION_OF_INTEREST,
            by=User.objects.get(pk=owner.pk),
        ).pk

    assert len(set(together(*8 * [begin]))) == 1
