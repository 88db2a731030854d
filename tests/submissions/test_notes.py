"""Notes among reviewers: colleagues are told by mail, and it waits until they have read it."""

import pytest
from django.test import Client

from alliance.exceptions import ActionRefused
from alliance.models import OutgoingMail
from organizations.models import User
from submissions import actions
from submissions.mentions import named_in
from submissions.models import Mention, Note, Submission
from tests import factories
from tests.submissions.test_admin_review import act, page


@pytest.fixture
def amina() -> User:
    return factories.staff("Reviewer", first_name="Amina", last_name="Diallo")


@pytest.fixture
def submission(owner: User) -> Submission:
    return factories.submitted(owner)


def told() -> list[str]:
    return list(
        OutgoingMail.objects.filter(message="mentioned").values_list("recipient", flat=True)
    )


@pytest.mark.parametrize("text", ["@Amina Diallo, please see.", "Ask @amina.", "@AMINA  diallo?"])
def test_a_colleague_named_in_a_note_is_told_with_a_link_and_not_the_note(
    reviewer_client: Client, reviewer: User, submission: Submission, amina: User, text: str
) -> None:
    response = reviewer_client.post(act("note", submission), {"text": text}, follow=True)
    assert "Told by mail: Amina Diallo." in response.text
    mail = OutgoingMail.objects.get(message="mentioned")
    assert (mail.recipient, str(reviewer) in mail.subject) == (amina.email, True)
    assert f"{page(submission)}#notes" in mail.text
    assert text not in mail.text
    assert [row.note.text for row in Mention.objects.unread_for(amina)] == [text]


def test_a_colleague_who_is_ticked_is_told_without_a_script(
    reviewer_client: Client, submission: Submission, amina: User
) -> None:
    reviewer_client.post(act("note", submission), {"text": "Please look.", "tell": [amina.pk]})
    assert told() == [amina.email]


@pytest.mark.django_db
def test_an_address_and_a_name_that_two_people_have_tell_nobody(amina: User) -> None:
    other = factories.staff("Reviewer", first_name="Amina", last_name="Sow")
    people = [amina, other]
    assert named_in("write to x@amina.example or @Amina, @Aminata Diallo", people) == []
    assert named_in("@Amina Sow", people) == [other]


def test_who_answers_has_read_what_they_were_told(
    reviewer: User, submission: Submission, amina: User
) -> None:
    actions.write_note(submission, by=reviewer, text="Please look.", tell=[amina])
    assert len(Mention.objects.unread_for(amina)) == 1
    actions.write_note(submission, by=amina, text="It is fine.")
    assert len(Mention.objects.unread_for(amina)) == 0


def test_what_was_for_me_is_gone_from_my_page_with_the_case(
    reviewer: User, submission: Submission, amina: User
) -> None:
    actions.write_note(submission, by=reviewer, text="Please look.", tell=[amina])
    actions.declare_conflict(submission.organization, by=amina, reason="A relative.")
    assert not Mention.objects.unread_for(amina).exists()
    assert str(submission.reference) not in factories.logged_in(amina).get("/admin/").text


def test_what_is_for_me_is_marked_until_i_say_that_i_have_read_it(
    reviewer: User, submission: Submission, amina: User
) -> None:
    actions.write_note(submission, by=reviewer, text="Please look.", tell=[amina])
    client = factories.logged_in(amina)
    assert "I have read what was for me" in client.get(page(submission)).text
    client.post(act("read", submission))
    assert "I have read what was for me" not in client.get(page(submission)).text
    assert not Mention.objects.unread_for(amina).exists()


@pytest.mark.parametrize("is_member", [True, False])
def test_nobody_is_told_of_a_case_that_they_may_not_review(
    reviewer_client: Client, reviewer: User, submission: Submission, amina: User, is_member: bool
) -> None:
    if is_member:
        submission.organization.memberships.create(user=amina, role="reader", function="Board")
    else:
        actions.declare_conflict(submission.organization, by=amina, reason="A relative.")
    reviewer_client.post(act("note", submission), {"text": "@Amina Diallo, look."})
    response = reviewer_client.post(
        act("note", submission), {"text": "A long word.", "tell": [amina.pk]}
    )
    assert (response.status_code, told()) == (422, [])
    with pytest.raises(ActionRefused, match="may not review this case"):
        actions.write_note(submission, by=reviewer, text="Look.", tell=[amina])
    assert [note.text for note in Note.objects.all()] == ["@Amina Diallo, look."]


@pytest.mark.parametrize("tell", ["²", "9" * 40, "\0", "-1"])
def test_a_colleague_who_is_none_is_refused_and_the_note_stays(
    reviewer_client: Client, submission: Submission, tell: str
) -> None:
    data = {"text": "A note of two hours.", "tell": [tell]}
    response = reviewer_client.post(act("note", submission), data)
    assert response.status_code == 422
    assert "A note of two hours." in response.text
