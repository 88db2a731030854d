"""Questions about Demands and Offers: their own fields, their documents, their way back."""

from typing import Any

import pytest
from django.test import Client

from alliance.exceptions import ActionRefused
from organizations.models import User
from submissions import actions
from submissions.answers import Answers
from submissions.differences import difference
from submissions.forms.documents import REMOVED_DOCUMENTS
from submissions.models import Attachment, Clarification, Submission
from tests import factories
from tests.submissions.asking import answered, asked

pytestmark = pytest.mark.django_db


def page_of(submission: Submission) -> str:
    return f"/submissions/{submission.uuid}/"


@pytest.mark.parametrize("make", [factories.demand, factories.offer])
def test_a_demand_or_offer_is_asked_about_and_comes_back_as_received(
    make: Any, owner: User, reviewer: User
) -> None:
    submission = make(owner)
    clarification = asked(submission, reviewer, "description", "")
    submission = answered(clarification, owner, description="Floods. We ask for forecasts.")
    assert (submission.status, submission.return_to) == ("submitted", "")
    assert submission.title == "Floods"
    second, first = submission.revisions.all()
    assert second.answers == first.answers | {"description": "Floods. We ask for forecasts."}


def test_a_question_about_places_opens_the_countries(
    owner_client: Client, owner: User, reviewer: User
) -> None:
    submission = factories.demand(owner)
    clarification = asked(submission, reviewer, "geography")
    form = owner_client.get(page_of(submission)).context["form"]
    answer = f"answer_{clarification.items.get().pk}"
    assert set(form.fields) == {"geography", "countries", answer}
    data = {
        "version": str(submission.version),
        "geography": ["specific-countries"],
        answer: "Two of them.",
    }
    missing = owner_client.post(page_of(submission), data)
    assert missing.status_code == 422
    data |= {"countries": ["MW", "BD"], "version": str(Submission.objects.get().version)}
    assert owner_client.post(page_of(submission), data).status_code == 302
    submission.refresh_from_db()
    assert submission.status == "submitted"
    assert set(submission.places) == {"specific-countries", "MW", "BD"}


def test_documents_change_only_where_a_question_names_them(
    owner_client: Client, owner: User, reviewer: User
) -> None:
    draft = factories.draft(owner, "demand")
    kept = factories.attachment(draft, by=owner)
    submission = factories.submit_draft(draft, by=owner)
    clarification = asked(submission, reviewer, "outcomes")
    item = clarification.items.get()

    def send(**more: Any) -> Any:
        submission.refresh_from_db()
        data = {
            "version": str(submission.version),
            "outcomes": "Two stations.",
            f"answer_{item.pk}": "Done.",
            REMOVED_DOCUMENTS: str(kept.pk),
        }
        return owner_client.post(page_of(submission), data | more)

    assert send().status_code == 302
    second, first = submission.revisions.all()
    assert list(second.attachments.all()) == list(first.attachments.all()) == [kept]

    item = asked(submission, reviewer, "attachments").items.get()
    assert kept.name in owner_client.get(page_of(submission)).content.decode()
    assert send().status_code == 302
    third = submission.revisions.latest("number")
    assert (list(third.attachments.all()), list(second.attachments.all())) == ([], [kept])
    found = difference(second, third)
    assert [[part.kind for part in field.parts] for field in found.fields] == [["removed"]]


def with_a_document(owner: User) -> tuple[Submission, Attachment]:
    draft = factories.draft(owner, "demand")
    document = factories.attachment(draft, by=owner)
    return factories.submit_draft(draft, by=owner), document


def found_infected(document: Attachment) -> None:
    """As the scanner leaves it when it finds something after the form was sent."""
    Attachment.objects.filter(pk=document.pk).update(
        scan="refused", scan_due_at=None, scanned_at=document.added_at
    )


def send_back(clarification: Clarification, by: User) -> Submission:
    """Hand the round in as it stands, every question answered and nothing else changed."""
    clarification.items.update(answer="As you say.")
    submission = Submission.objects.get(pk=clarification.submission_id)
    return actions.send_back(
        submission, by=by, version=submission.version, answers=Answers(values={})
    )


def test_no_action_changes_documents_that_no_question_is_about(owner: User, reviewer: User) -> None:
    submission, document = with_a_document(owner)
    asked(submission, reviewer, "outcomes", "")
    for act in (
        lambda: actions.remove_attachment(document, by=owner),
        lambda: factories.attachment(submission, by=owner),
    ):
        with pytest.raises(ActionRefused, match="can no longer be changed"):
            act()
    assert list(submission.attachments.present()) == [document]


def test_a_question_about_documents_opens_them_to_the_actions(owner: User, reviewer: User) -> None:
    submission, document = with_a_document(owner)
    asked(submission, reviewer, "attachments")
    actions.remove_attachment(document, by=owner)
    added = factories.attachment(submission, by=owner)
    assert list(submission.attachments.present()) == [added]


def test_a_document_with_a_virus_is_not_sent_back(owner: User, reviewer: User) -> None:
    submission, document = with_a_document(owner)
    clarification = asked(submission, reviewer, "attachments")
    found_infected(document)
    with pytest.raises(ActionRefused, match=f"A virus was found in “{document.name}”"):
        send_back(clarification, owner)
    submission.refresh_from_db()
    assert (submission.status, submission.revisions.count()) == ("clarification_requested", 1)
    actions.remove_attachment(document, by=owner)
    assert send_back(clarification, owner).status == "submitted"


def test_a_virus_in_a_document_that_nobody_may_remove_now_holds_up_no_answer(
    owner: User, reviewer: User
) -> None:
    submission, document = with_a_document(owner)
    clarification = asked(submission, reviewer, "outcomes")
    found_infected(document)
    assert send_back(clarification, owner).status == "submitted"


def test_what_is_published_is_not_asked_about(owner: User, reviewer: User) -> None:
    submission = factories.demand(owner, "published")
    with pytest.raises(ActionRefused, match="it is now “Published”"):
        asked(submission, reviewer)


def test_the_page_of_a_demand_shows_its_answers_its_documents_and_its_copy(
    owner_client: Client, owner: User
) -> None:
    draft = factories.draft(owner, "offer")
    kept = factories.attachment(draft, by=owner)
    submission = factories.submit_draft(draft, by=owner)
    text = owner_client.get(page_of(submission)).content.decode()
    for words in ("Description of Contribution", kept.name, "Expected Outcomes"):
        assert words in text
    assert "Declaration" not in text
    copy = owner_client.get(f"{page_of(submission)}copy.pdf")
    assert copy.content.startswith(b"%PDF-")
