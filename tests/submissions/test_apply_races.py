"""Clicks on an Expression of Interest that arrive at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from alliance.models import OutgoingMail
from organizations.models import Organization, User
from submissions import actions
from submissions.forms import ApplicationForm
from submissions.models import Kind, Submission
from submissions.typed import as_posted
from tests import factories


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_make_one_application(contents: None) -> None:
    place = factories.organization()
    owner = factories.member(place, "owner")
    submission = factories.draft(owner)
    form = ApplicationForm(as_posted(submission.typed))
    assert form.is_valid()
    answers = form.answers()

    def click(_number: int) -> str | None:
        try:
            fresh = Submission.objects.get(pk=submission.pk)
            person = User.objects.get(pk=owner.pk)
            return actions.submit(
                fresh, by=person, version=submission.version, answers=answers
            ).reference
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as clicks:
        references = set(clicks.map(click, range(20)))
    connections.close_all()
    submission.refresh_from_db()
    assert references == {submission.reference}
    assert submission.revisions.count() == 1
    assert OutgoingMail.objects.filter(message="application_received").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_first_clicks_at_once_make_one_draft(contents: None) -> None:
    place = factories.organization()
    owner = factories.member(place, "owner")

    def begin(_number: int) -> int:
        try:
            return actions.start_draft(
                Organization.objects.get(pk=place.pk),
                Kind.EXPRESSION_OF_INTEREST,
                by=User.objects.get(pk=owner.pk),
            ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as clicks:
        assert len(set(clicks.map(begin, range(8)))) == 1
