"""Questions about Demands and Offers: their own fields, their documents, their way back."""

from typing import Any

import pytest
from django.test import Client

from alliance.exceptions import ActionRefused
from organizations.models import User
from submissions.desk import REMOVED_DOCUMENTS
from submissions.differences import difference
from submissions.models import Submission
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
