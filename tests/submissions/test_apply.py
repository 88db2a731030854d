"""The Expression of Interest, from the first word to the reference number."""

from typing import Any

import pytest
from django.test import Client

from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from organizations.models import User
from submissions import actions
from submissions.actions.arrival import take_in_received
from submissions.forms import ApplicationForm
from submissions.models import Submission
from submissions.typed import as_posted
from tests import factories
from tests.submissions.writing import errors_of


def check_url(submission: Submission) -> str:
    return f"/submissions/{submission.uuid}/check/"


def test_the_form_starts_from_the_profile(owner_client: Client, owner: User) -> None:
    form = owner_client.get("/apply/").context["form"]
    assert form["name"].value() == "Department of Climate Change, Malawi"
    assert (form["country"].value(), form["region"].value()) == ("MW", "africa")
    assert form["partner_category"].value() == "government"
    assert form["lead_email"].value() == owner.email


def test_an_application_is_checked_sent_numbered_and_confirmed_by_mail(
    owner_client: Client, owner: User
) -> None:
    posted = owner_client.post("/apply/", factories.application_data())
    submission = Submission.objects.get()
    assert posted["Location"] == check_url(submission)
    checked = owner_client.get(check_url(submission)).content.decode()
    assert "https://metmalawi.example" in checked

    sent = owner_client.post(check_url(submission), {"version": submission.version})
    submission.refresh_from_db()

    assert sent["Location"] == f"/submissions/{submission.uuid}/received/"
    assert submission.status == "submitted"
    assert submission.submitted_at is not None
    assert submission.reference == f"EOI-{submission.submitted_at.year}-{submission.pk:06d}"
    assert submission.reference in owner_client.get(sent["Location"]).content.decode()
    take_in_received()
    mail = OutgoingMail.objects.get(message="application_received")
    assert mail.recipient == owner.email
    assert submission.reference in mail.subject
    assert submission.reference in mail.text
    assert [event.name for event in Event.objects.all().about(submission).order_by("id")] == [
        "submission.begun",
        "submission.submitted",
    ]


def test_what_was_sent_is_frozen_with_the_labels_that_were_shown(owner: User) -> None:
    submission = factories.submitted(owner)
    answers = submission.revisions.get().answers
    assert answers["country"] == {"code": "MW", "label": "Malawi"}
    assert [choice["code"] for choice in answers["sdgs"]] == ["sdg-11", "sdg-13"]
    assert answers["website"] == "https://metmalawi.example"
    assert (submission.region, submission.partner_category) == ("africa", "government")
    assert submission.sdgs == ["sdg-11", "sdg-13"]


WRONG: list[tuple[str, dict[str, Any], dict[str, list[str]]]] = [
    (
        "151 words",
        {"description": "word " * 151},
        {"description": ["Please shorten this by 1 word."]},
    ),
    (
        "half a co-lead",
        {"co_lead_name": "Chikondi Phiri"},
        {
            name: ["Give all three details of the co-lead, or leave all three empty."]
            for name in ("co_lead_title", "co_lead_email")
        },
    ),
    (
        "a script as website",
        {"website": "javascript:alert(1)"},
        {"website": ["Enter a web address that begins with http:// or https://."]},
    ),
    (
        "a file as website",
        {"website": "ftp://example.org/x"},
        {"website": ["Enter a web address that begins with http:// or https://."]},
    ),
    (
        "a country that does not exist",
        {"country": "XX"},
        {"country": ["Choose one of the answers in the list."]},
    ),
    (
        "NUL bytes",
        {"lead_name": "Than\0diwe"},
        {"lead_name": ["There is a character in this that cannot be kept. Please type it anew."]},
    ),
    ("no goal", {"sdgs": None}, {"sdgs": ["Please choose at least one."]}),
    ("no interest", {"interest": None}, {"interest": ["Choose at least one answer."]}),
    (
        "an unconfirmed statement",
        {"confirm_dd-psea": None},
        {"confirm_dd-psea": ["Confirm this, or say that you cannot and explain."]},
    ),
    (
        "an unexplained statement",
        {"confirm_dd-psea": None, "cannot_dd-psea": "on"},
        {"why_dd-psea": ["Please explain why you cannot confirm this."]},
    ),
    (
        "confirmed and not",
        {"cannot_dd-psea": "on", "why_dd-psea": "x"},
        {"confirm_dd-psea": ["Choose one: confirm it, or say that you cannot."]},
    ),
    (
        "Other without words",
        {
            "partner_category": "other",
            **{
                f"confirm_{code}": "on"
                for code in (
                    "dd-ineligibility",
                    "dd-aml",
                    "dd-labour",
                    "dd-human-rights",
                    "dd-environment",
                    "dd-weapons",
                    "dd-tobacco",
                    "dd-other-sectors",
                )
            },
        },
        {"partner_category_other": ["Say which, because you chose Other."]},
    ),
]


@pytest.mark.parametrize(
    ("changes", "expected"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_a_wrong_answer_is_named_beside_its_field_and_nothing_typed_is_lost(
    owner_client: Client, changes: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    data = factories.application_data(**changes)
    response = owner_client.post("/apply/", data)
    # The mistakes stand on a page of their own, so that the browser's Back never asks to send the
    # form once more; but what no draft can hold is told at once, since nothing of it is left.
    is_kept = not any("\0" in str(value) for value in changes.values())
    assert response.status_code == (302 if is_kept else 422)
    if is_kept:
        assert response["Location"] == "/apply/?checked"
        response = owner_client.get(response["Location"])
    assert errors_of(response) == expected
    again = owner_client.get("/apply/").context["form"]
    typed = {name: value for name, value in data.items() if name in again.fields}
    for name, value in typed.items():
        shown = again[name].value()
        wanted = value.replace("\0", "") if isinstance(value, str) else value
        assert shown == (True if wanted == "on" else wanted), name


def test_a_second_click_on_submit_makes_one_application(owner_client: Client, owner: User) -> None:
    submission = factories.draft(owner)
    for _click in range(2):
        response = owner_client.post(check_url(submission), {"version": submission.version})
        assert response["Location"] == f"/submissions/{submission.uuid}/received/"
    assert Submission.objects.count() == 1
    assert submission.revisions.count() == 1
    take_in_received()
    assert OutgoingMail.objects.filter(message="application_received").count() == 1


def test_submitting_asks_for_a_proof_that_is_not_older_than_five_minutes(
    owner_client: Client, owner: User
) -> None:
    submission = factories.draft(owner)
    session = owner_client.session
    records = session["account_authentication_methods"]
    records[0]["at"] -= 301
    session["account_authentication_methods"] = records
    session.save()
    response = owner_client.post(check_url(submission), {"version": submission.version})
    assert response["Location"].startswith("/account/reauthenticate/?next=%2Fsubmissions%2F")
    submission.refresh_from_db()
    assert submission.status == "draft"


def test_a_newer_version_of_a_draft_is_not_overwritten(
    owner_client: Client, owner: User, editor: User
) -> None:
    factories.draft(editor, lead_name="Saved by a colleague")
    response = owner_client.post("/apply/", factories.application_data(lead_name="Typed by me"))
    assert response.status_code == 409
    assert Submission.objects.get().typed["lead_name"] == ["Saved by a colleague"]
    assert response.context["form"]["lead_name"].value() == "Typed by me"

    version = Submission.objects.get().version
    knowingly = factories.application_data(lead_name="Typed by me", version=str(version))
    owner_client.post("/apply/", knowingly)
    assert Submission.objects.get().typed["lead_name"] == ["Typed by me"]


def test_a_second_click_on_save_is_no_conflict(owner_client: Client) -> None:
    for _click in range(2):
        response = owner_client.post("/apply/", factories.application_data())
        assert response["Location"] == check_url(Submission.objects.get())


def test_a_draft_changed_since_it_was_checked_is_not_sent(owner: User) -> None:
    submission = factories.draft(owner)
    form = ApplicationForm(as_posted(submission.typed))
    assert form.is_valid()
    with pytest.raises(actions.NewerVersionSaved):
        actions.submit(submission, by=owner, version=submission.version - 1, answers=form.answers())
    submission.refresh_from_db()
    assert submission.status == "draft"


def test_words_for_other_are_dropped_where_other_is_not_chosen(owner: User) -> None:
    submission = factories.submitted(owner, partner_category_other="left over")
    assert submission.revisions.get().answers["partner_category_other"] == ""


def test_save_keeps_an_unfinished_draft_without_complaint(owner_client: Client) -> None:
    response = owner_client.post("/apply/", {"version": "0", "save": "1", "name": "Half a na"})
    assert response["Location"] == "/apply/"
    page = owner_client.get("/apply/")
    assert page.context["form"]["name"].value() == "Half a na"
    assert not page.context["form"].errors


def test_an_organization_has_one_open_application(owner_client: Client, owner: User) -> None:
    submission = factories.submitted(owner)
    assert owner_client.get("/apply/")["Location"] == submission.get_absolute_url()
    actions.withdraw(submission, by=owner)
    assert owner_client.get("/apply/").status_code == 200


def test_a_reader_cannot_apply(reader: User) -> None:
    client = factories.logged_in(reader)
    assert client.get("/apply/")["Location"] == "/dashboard/"
    assert client.post("/apply/", factories.application_data())["Location"] == "/dashboard/"
    assert Submission.objects.count() == 0


def test_a_draft_that_was_sent_meanwhile_refuses_further_writing(owner: User) -> None:
    submission = factories.submitted(owner)
    with pytest.raises(ActionRefused, match="sent already"):
        actions.save_draft(submission, by=owner, typed={}, version=submission.version)


def test_a_text_that_is_too_long_to_keep_is_said_so(owner_client: Client) -> None:
    data = factories.application_data(save="1", description="x" * 100_001)
    page = owner_client.post("/apply/", data, follow=True)
    assert next(str(message) for message in page.context["messages"]) == (
        "“7. Brief description of your institution (max. 150 words)” is too long to be kept whole. "
        "Please shorten it."
    )


def test_a_conflict_names_what_differs_and_complains_of_nothing_else(
    owner_client: Client, editor: User
) -> None:
    factories.draft(editor, lead_name="Saved by a colleague")
    data = factories.application_data(lead_name="Typed by me", interest=None)
    response = owner_client.post("/apply/", data)
    assert [str(row.label) for row in response.context["differing"]] == [
        "Name for the Lead",
        "How would you like to take part?",
    ]
    assert not response.context["form"].errors
