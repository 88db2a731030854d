"""The pages around a draft: the list, deleting, copying."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from organizations.models import User
from submissions import actions
from submissions.models import Kind, Submission
from tests import factories
from tests.submissions.writing import edit_url, shown

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_drafts_asks_as_often_for_one_as_for_three(
    owner_client: Client,
    owner: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    for count in range(number):
        factories.draft(owner, Kind.DEMAND, description=f"We need rain gauge {count}. Soon.")
    owner_client.get("/drafts/")
    with django_assert_num_queries(4):
        page = owner_client.get("/drafts/")
    assert [name for _row, name in page.context["drafts"]] == [
        f"We need rain gauge {count}" for count in reversed(range(number))
    ]


def test_an_empty_list_says_what_to_do_next(owner_client: Client) -> None:
    page = shown(owner_client.get("/drafts/"))
    assert "There are no drafts" in page
    assert 'href="/demands/new/"' in page


def test_a_draft_is_deleted_after_one_question(owner_client: Client, owner: User) -> None:
    draft = factories.draft(owner, Kind.OFFER)
    address = f"/submissions/{draft.uuid}/discard/"
    assert "Delete this draft?" in shown(owner_client.get(address))
    assert Submission.objects.exists()
    assert owner_client.post(address)["Location"] == "/drafts/"
    assert not Submission.objects.exists()


def copy_address(submission: Submission) -> str:
    return f"/submissions/{submission.uuid}/copy/"


def test_a_copy_leads_to_its_form_and_says_what_is_missing(
    owner_client: Client, owner: User
) -> None:
    sent = factories.submitted(owner, Kind.OFFER)
    page = shown(owner_client.get(sent.get_absolute_url()))
    assert f'action="{copy_address(sent)}"' in page
    assert "The answers are copied, the documents are not." in page
    answer = owner_client.post(copy_address(sent), follow=True)
    copy = Submission.objects.drafts().get()
    assert answer.redirect_chain == [(edit_url(copy), 302)]
    assert "This is a copy, without the documents." in shown(answer)


def test_an_application_can_be_copied_once_it_is_closed(owner_client: Client, owner: User) -> None:
    sent = factories.submitted(owner)
    assert copy_address(sent) not in shown(owner_client.get(sent.get_absolute_url()))
    actions.withdraw(sent, by=owner)
    assert copy_address(sent) in shown(owner_client.get(sent.get_absolute_url()))
    answer = owner_client.post(copy_address(sent), follow=True)
    assert "This is a copy, without the declaration." in shown(answer)


def test_readers_are_not_offered_a_copy(reader: User, owner: User) -> None:
    sent = factories.submitted(owner, Kind.OFFER)
    page = shown(factories.logged_in(reader).get(sent.get_absolute_url()))
    assert copy_address(sent) not in page
