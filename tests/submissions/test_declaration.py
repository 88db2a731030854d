"""The statements of the declaration: asked for, answered, kept as they were shown."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from alliance import vocabularies
from organizations.models import User
from submissions.forms.application import ApplicationForm
from submissions.forms.declaration import confirm_name, is_must
from submissions.models import Kind, StatementAnswer, Submission
from submissions.typed import as_posted
from tests import factories
from tests.submissions.writing import errors_of


def said(submission: Submission, code: str) -> StatementAnswer:
    """The answer to one statement."""
    [answer] = [
        answer for answer in submission.revisions.get().statements if answer.statement == code
    ]
    return answer


def test_the_declaration_is_kept_with_wording_version_language_person_and_time(
    owner: User,
) -> None:
    revision = factories.submitted(owner).revisions.get()
    asked = vocabularies.declaration_statements("government")
    kept = {row.statement: row for row in revision.statements}
    assert list(kept) == [statement.code for statement in asked]
    row = kept["dd-accuracy"]
    assert row.wording == asked[0].label
    assert (row.version, row.language, row.answer) == (1, "en", "confirmed")
    assert (revision.declared_by, revision.declared_at is None) == (owner, False)


def test_an_optional_statement_left_alone_is_kept_as_not_given(owner: User) -> None:
    submission = factories.submitted(
        owner, Kind.EXPRESSION_OF_INTEREST, **{"confirm_dd-publish": None}
    )
    answer = said(submission, "dd-publish")
    assert answer.answer == "not_given"


def test_a_statement_can_be_explained_instead_of_confirmed(owner: User) -> None:
    submission = factories.submitted(
        owner,
        Kind.EXPRESSION_OF_INTEREST,
        **{
            "confirm_dd-conflict": None,
            "cannot_dd-conflict": "on",
            "why_dd-conflict": "A board member works for UNDP.",
        },
    )
    answer = said(submission, "dd-conflict")
    assert (answer.answer, answer.explanation) == (
        "cannot_confirm",
        "A board member works for UNDP.",
    )


@pytest.mark.parametrize(
    ("answer", "explanation"), [("cannot_confirm", ""), ("confirmed", "Not wholly.")]
)
def test_the_database_refuses_an_explanation_too_few_and_one_too_many(
    owner: User, answer: str, explanation: str
) -> None:
    revision = factories.submitted(owner).revisions.get()
    revision.pk, revision.number = None, 2
    revision.declaration[0] |= {"answer": answer, "explanation": explanation}
    with pytest.raises(IntegrityError, match="revision_declaration_explained"):
        revision.save(force_insert=True)


def test_another_category_asks_for_its_own_statements(owner_client: Client) -> None:
    response = owner_client.post(
        "/apply/", factories.application_data(partner_category="private-sector"), follow=True
    )
    already = {row.code for row in vocabularies.declaration_statements("government")}
    added = {
        row.code
        for row in vocabularies.declaration_statements("private-sector")
        if row.code not in already
    }
    assert set(errors_of(response)) == {f"confirm_{code}" for code in added}


def test_the_summary_names_the_declaration_once(owner_client: Client) -> None:
    unticked = {name: None for name in factories.application_data() if name.startswith("confirm_")}
    sent = owner_client.post("/apply/", factories.application_data(**unticked), follow=True)
    page = sent.content.decode()
    summary = page.partition('class="errors"')[2].partition("</ul>")[0]
    assert summary.count("<li>") == 1
    assert "12 answers need another look" in summary


def test_what_was_said_to_a_statement_that_is_not_asked_any_more_is_no_mistake(
    owner_client: Client,
) -> None:
    own = {row.code for row in vocabularies.declaration_statements("government")}
    added = {row.code for row in vocabularies.declaration_statements("private-sector")} - own
    over = {f"why_{code}": "word " * 151 for code in added}
    asked = owner_client.post(
        "/apply/",
        factories.application_data(partner_category="private-sector", **over),
        follow=True,
    )
    assert set(over) <= set(errors_of(asked))
    answer = owner_client.post(
        "/apply/", factories.application_data(partner_category="government", version="1", **over)
    )
    assert answer["Location"].endswith("/check/")
    assert "/check/" in answer["Location"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"confirm_dd-conflict": None},
        {"confirm_dd-conflict": None, "cannot_dd-conflict": "on"},
        {"confirm_dd-conflict": None, "why_dd-conflict": "A board member works for UNDP."},
        {"cannot_dd-conflict": "on", "why_dd-conflict": "A board member works for UNDP."},
        {"confirm_dd-conflict": None, "cannot_dd-conflict": "on", "why_dd-conflict": "Because."},
        {"why_dd-conflict": "word " * 151},
        {"partner_category": "private-sector"},
        {"partner_category": None},
    ],
)
def test_the_form_that_is_only_checked_says_what_the_whole_form_says(
    owner: User, changes: dict[str, Any]
) -> None:
    typed = as_posted(factories.draft(owner, **changes).typed)
    whole, checked = ApplicationForm(typed), ApplicationForm(typed).without_idle_fields()
    assert checked.errors == whole.errors
    if whole.is_valid():
        assert checked.answers() == whole.answers()
    assert len(checked.fields) < len(whole.fields) / 2


def test_nothing_confirmed_at_all_is_not_sent(owner: User) -> None:
    data = {name: value for name, value in factories.undeclared_data().items() if value}
    checked = ApplicationForm(factories.posted(data)).without_idle_fields()
    asked = vocabularies.declaration_statements("government")
    musts = {confirm_name(statement) for statement in asked if is_must(statement)}
    assert set(checked.errors) == musts
