"""A change of what is published before it is settled: taken back, or dropped before it was sent."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.retention import DAY
from organizations.models import User
from submissions import actions
from submissions.models import Change, Submission
from tests import factories
from tests.submissions.asking import answered, asked
from tests.submissions.publishing import begun, change, events

pytestmark = pytest.mark.django_db

NEWER = "Forecasts reach nobody without a mobile network. We look for radio partners."


def page(submission: Submission) -> str:
    return reverse("submissions:detail", args=[submission.uuid])


def act(name: str, submission: Submission) -> str:
    return reverse(f"submissions:{name}", args=[submission.uuid])


@pytest.fixture
def published(owner: User) -> Submission:
    """A Demand with a document, as it was published."""
    draft = factories.draft(owner, "demand")
    factories.attachment(draft, by=owner)
    submission = factories.submit_draft(draft, by=owner)
    factories.clear(submission.organization)
    return factories.decided(submission, "publish", by=factories.staff("Senior reviewer"))


def test_a_begun_change_is_shown_with_the_way_on_and_the_way_out(
    owner_client: Client, owner: User, published: Submission
) -> None:
    words = "You have begun a change that is not sent."
    assert words not in owner_client.get(page(published)).text
    begun(published, owner, NEWER)
    text = owner_client.get(page(published)).text
    assert words in text
    for name in ("edit", "drop_change"):
        assert f'href="{act(name, published)}"' in text
    change(published, owner, NEWER)
    assert words not in owner_client.get(page(published)).text


def test_answers_to_questions_before_it_was_published_are_no_change(
    owner_client: Client, owner: User, reviewer: User, senior: User
) -> None:
    asked_about = asked(factories.demand(owner), reviewer, "outcomes")
    submission = answered(asked_about, owner, outcomes="A warning within half an hour.")
    factories.clear(submission.organization)
    published = factories.decided(submission, "publish", by=senior)
    assert "You have begun a change" not in owner_client.get(page(published)).text
    assert not Submission.objects.with_unsent_change().exists()


def test_a_dropped_change_leaves_the_form_as_it_was_published(
    owner_client: Client, owner: User, published: Submission
) -> None:
    typed = published.typed
    (document,) = published.attachments.all()
    begun(published, owner, NEWER)
    factories.attachment(published, by=owner)
    actions.remove_attachment(document, by=owner)
    assert "Drop the change of" in owner_client.get(act("drop_change", published)).text
    answer = owner_client.post(act("drop_change", published), follow=True)
    assert "The change is dropped." in answer.text
    published.refresh_from_db()
    assert published.typed["description"] == typed["description"]
    assert published.typed["themes"] == typed["themes"]
    assert list(published.attachments.present()) == [document]
    assert not Submission.objects.with_unsent_change().exists()
    assert events(published)[-1] == "submission.change_dropped"


def test_a_change_of_documents_alone_is_a_change_too(
    owner_client: Client, owner: User, published: Submission
) -> None:
    (document,) = published.attachments.all()
    actions.remove_attachment(document, by=owner)
    assert "You have begun a change" in owner_client.get(page(published)).text
    actions.drop_change(published, by=owner)
    assert list(published.attachments.present()) == [document]


def test_saving_without_a_change_begins_none(owner: User, published: Submission) -> None:
    Submission.objects.filter(pk=published.pk).update(saved_at=timezone.now() - 2 * DAY)
    version, typed = published.version, published.typed
    actions.save_draft(published, by=owner, typed=typed, version=version)
    assert not Submission.objects.with_unsent_change().exists()


def test_dropping_twice_is_dropping_once(
    owner_client: Client, owner: User, published: Submission
) -> None:
    begun(published, owner, NEWER)
    version = actions.drop_change(published, by=owner).version
    assert actions.drop_change(published, by=owner).version == version
    assert owner_client.get(act("drop_change", published))["Location"] == page(published)


def test_what_is_begun_over_a_change_that_waits_falls_back_to_that_one(
    owner: User, published: Submission
) -> None:
    change(published, owner, NEWER)
    begun(published, owner, f"{NEWER} Soon.")
    dropped = actions.drop_change(published, by=owner)
    assert dropped.typed["description"] == [NEWER]
    assert Change.objects.waiting().count() == 1


def test_a_change_that_waits_is_taken_back_and_can_be_sent_again(
    owner_client: Client, owner: User, published: Submission
) -> None:
    begun(published, owner, NEWER)
    change(published, owner, NEWER)
    assert f'action="{act("take_back", published)}"' in owner_client.get(page(published)).text
    text = owner_client.post(act("take_back", published), follow=True).text
    assert "Taken back. You can go on with the change, or drop it." in text
    assert "You have begun a change that is not sent." in text
    assert act("take_back", published) not in text
    assert not Change.objects.exists()
    assert events(published)[-1] == "submission.change_taken_back"
    assert change(published, owner, NEWER).revision.number == 3


def test_what_was_taken_back_is_not_among_the_answers(
    owner_client: Client, owner: User, published: Submission
) -> None:
    change(published, owner, NEWER)
    assert owner_client.get(page(published)).context["revision"].number == 2
    actions.take_back_change(published, by=owner)
    assert owner_client.get(page(published)).context["revision"] == published.shown_revision


def test_a_settled_change_is_not_taken_back(owner: User, senior: User) -> None:
    submission = factories.offer(owner, status="published")
    actions.accept_change(change(submission, owner, NEWER), by=senior)
    with pytest.raises(ActionRefused, match="the secretariat has settled it"):
        actions.take_back_change(submission, by=owner)


def test_seniors_learn_that_a_change_was_taken_back(
    senior_client: Client, owner: User, senior: User, published: Submission
) -> None:
    sent = change(published, owner, NEWER)
    pk = sent.pk
    actions.take_back_change(published, by=owner)
    with pytest.raises(ActionRefused, match="has taken this change back"):
        actions.accept_change(sent, by=senior)
    address = reverse("admin:submissions_submission_accept_change", args=[published.pk, pk])
    answer = senior_client.post(address, follow=True)
    assert answer.status_code == 409
    assert "The organization has taken this change back." in answer.text


def test_readers_and_staff_undo_no_change(
    owner: User, reader: User, senior: User, published: Submission
) -> None:
    change(published, owner, NEWER)
    begun(published, owner, f"{NEWER} Soon.")
    for person in (reader, senior):
        for action in (actions.take_back_change, actions.drop_change):
            with pytest.raises(ActionRefused, match="Only owners and editors"):
                action(published, by=person)
    client = factories.logged_in(reader)
    text = client.get(page(published)).text
    assert "You have begun a change that is not sent." in text
    for name in ("take_back", "drop_change"):
        assert act(name, published) not in text
        assert client.post(act(name, published)).status_code == 403
    assert Change.objects.waiting().exists()
