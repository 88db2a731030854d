"""The usual letters: what may be filled in, who may edit them, and what becomes of versions."""

from functools import partial
from typing import Any

import pytest
from django.db import InternalError, transaction
from django.test import Client
from django.urls import reverse

from alliance.exceptions import ActionRefused
from alliance.models import Event
from organizations.groups import ADMINISTRATOR, LIBRARY_EDITOR, REVIEWER, SENIOR_REVIEWER
from organizations.models import User
from submissions import actions, letters
from submissions.letters import LETTERS, draft_letters, faults, fill, load_letters, shipped_text
from submissions.models import Decision, LetterTemplate, LetterVersion
from tests import factories
from tests.racing import at_once

pytestmark = pytest.mark.django_db

TEXT = "Dear {person},\n\n{title} ({reference}) of {institution} is approved."
LIST = "/admin/submissions/lettertemplate/"


def template(code: str = "approve") -> LetterTemplate:
    return LetterTemplate.objects.get(code=code)


def address(name: str, *more: int, code: str = "approve") -> str:
    return reverse(f"admin:submissions_lettertemplate_{name}", args=[template(code).pk, *more])


def typed(text: str, based_on: int = 1, **more: Any) -> dict[str, Any]:
    return {"text": text, "based_on": based_on, **more}


def newest(code: str = "approve") -> LetterVersion:
    return template(code).versions.latest("number")


@pytest.fixture
def client(senior: User) -> Client:
    return factories.logged_in(senior)


def test_every_decision_has_a_letter_whose_places_can_be_filled_in(owner: User) -> None:
    assert {outcome.value for outcome in Decision.Outcome} < LETTERS.keys()
    for code, letter in LETTERS.items():
        assert faults(shipped_text(code), letter) == []
    submission = factories.submitted(owner)
    drafted = draft_letters(submission, Decision.Outcome.values, reason="Out of scope")
    for text in drafted.values():
        assert "{" not in text
        assert f"Dear {owner.get_full_name()}," in text
        assert str(submission.reference) in text or "published" in text
    assert "The reason: Out of scope." in drafted["decline"]
    assert "\n-\n" in drafted["approve_with_conditions"]


def test_a_declined_demand_has_a_letter_of_its_own(owner: User) -> None:
    demand = factories.demand(owner, "published")
    assert "Thank you for your Demand" in draft_letters(demand, ["decline"])["decline"]


@pytest.mark.parametrize(
    "hostile",
    [
        "{__class__}",
        "{person.password}",
        "{person[0]}",
        "{person!r}",
        "{0}",
        "{}",
        "{ person }",
        "{Person}",
        "{person:>1000000000}",
        "{{person}}",
        "{%  load x %}{",
        "}",
        "{",
        "{reason}",
    ],
)
def test_a_place_that_is_not_on_the_list_is_refused_beside_the_field_with_the_list(
    client: Client, hostile: str
) -> None:
    response = client.post(address("save"), typed(f"{TEXT} {hostile}"))
    assert response.status_code == 422
    (error,) = response.context["form"].errors["text"]
    assert error.startswith("This cannot be filled in: ")
    assert "{person}, {institution}, {reference}, {title}, {kind}." in error
    assert newest().number == 1
    assert response.context["form"]["text"].value().endswith(hostile)


def test_a_text_of_a_megabyte_is_refused_and_costs_no_time(client: Client) -> None:
    for text in ("{" * 2**20, "a" * 2**20, "{person}" * 2**17):
        response = client.post(address("save"), typed(text))
        assert response.status_code == 422
        assert "Please shorten this to 10000 characters" in str(
            response.context["form"].errors["text"]
        )
    assert newest().number == 1


def test_what_is_filled_in_is_never_read_again() -> None:
    values = {"person": "{title}", "title": "{person}"}
    assert fill("{person} {title} {other} {__class__}", values) == (
        "{title} {person} {other} {__class__}"
    )


def test_the_place_for_conditions_may_not_go(client: Client) -> None:
    code = "approve_with_conditions"
    response = client.post(address("save", code=code), typed("Dear {person},"))
    assert response.context["form"].errors == {
        "text": ["The letter needs a place for {conditions}."]
    }


def test_a_new_wording_is_drafted_from_now_on_and_decisions_keep_theirs(
    client: Client, owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    before = draft_letters(submission, ["approve"])["approve"]
    decision = actions.decide(
        submission,
        by=senior,
        outcome="approve",
        reason=factories.term("decision-reason", "meets-criteria"),
        explanation="Fits.",
        letter=before,
    )
    assert client.post(address("save"), typed(TEXT)).status_code == 302
    assert draft_letters(submission, ["approve"])["approve"] == (
        f"Dear {owner.get_full_name()},\n\n{submission.title} ({submission.reference}) of "
        f"{submission.organization.name} is approved."
    )
    decision.refresh_from_db()
    assert decision.letter == before
    event = Event.objects.all().about(template()).get()
    assert (event.name, event.data, event.internal) == ("letter.written", {"version": 2}, True)


def test_an_earlier_version_is_compared_and_brought_back_as_a_new_one(client: Client) -> None:
    client.post(address("save"), typed(TEXT))
    page = client.get(f"{address('change')}?compare=1").content.decode()
    assert "From version 1 to version 2" in page
    assert "<ins>" in page
    assert "<del>" in page

    client.post(address("bring_back", 1), {"based_on": 2})

    assert (newest().number, newest().text) == (3, shipped_text("approve"))
    assert list(template().versions.values_list("number", flat=True)) == [3, 2, 1]
    assert [event.name for event in Event.objects.all().about(template()).order_by("id")] == [
        "letter.written",
        "letter.brought_back",
    ]


def test_bringing_back_what_it_says_already_changes_nothing(client: Client) -> None:
    for number in (1, 7):
        page = client.post(address("bring_back", number), {"based_on": 1}, follow=True)
        assert "says what the letter says now" in page.content.decode()
    assert newest().number == 1


def test_who_saves_second_is_told_sees_the_difference_and_keeps_the_text(
    client: Client, administrator: User
) -> None:
    other = factories.logged_in(administrator)
    other.post(address("save"), typed(f"{TEXT} Welcome."))

    response = client.post(address("save"), typed(f"{TEXT} Regards."))

    page = response.content.decode()
    assert response.status_code == 409
    assert f"{administrator} saved version 2 meanwhile." in page
    assert "is approved. Regards.</textarea>" in page
    assert "From version 2, the present one, to what you typed" in page
    assert newest().text == f"{TEXT} Welcome."
    # The page that came back knows what it was told: saving once more means it.
    shown = response.context["form"]["based_on"].value()
    assert client.post(address("save"), typed(f"{TEXT} Regards.", shown)).status_code == 302
    assert newest().text == f"{TEXT} Regards."


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("contents")
def test_of_two_who_save_at_once_one_wins_and_the_other_is_told() -> None:
    people = [factories.staff(SENIOR_REVIEWER) for _ in range(2)]
    write = actions.write_letter_version
    answers = at_once(
        *(
            partial(write, template(), by=person, text=f"{TEXT} {person.pk}", based_on=1)
            for person in people
        )
    )
    assert sorted(answer == "done" for answer in answers) == [False, True]
    assert any("saved version 2 meanwhile" in answer for answer in answers)
    assert newest().number == 2


def test_a_preview_shows_the_text_as_typed_and_saves_nothing(client: Client, owner: User) -> None:
    page = client.post(address("preview"), typed(f"{TEXT} <b>Soon</b>")).content.decode()
    assert "Dear Amina Okoro," in page
    assert "&lt;b&gt;Soon&lt;/b&gt;" in page
    submission = factories.submitted(owner)
    real = typed(TEXT, reference=str(submission.reference).lower())
    page = client.post(address("preview"), real).content.decode()
    assert f"Dear {owner.get_full_name()}," in page
    assert newest().number == 1


def test_a_preview_opens_no_case_that_is_not_for_this_person(
    client: Client, senior: User, administrator: User, owner: User
) -> None:
    submission = factories.submitted(owner)
    real = typed(TEXT, reference=submission.reference)
    owner.memberships.update(user=senior)
    response = client.post(address("preview"), real)
    assert response.context["form"].errors == {
        "reference": ["No case of yours has this reference number."]
    }
    by_administrator = factories.logged_in(administrator).post(address("preview"), real)
    assert by_administrator.status_code == 200
    assert "Dear Amina Okoro," in by_administrator.content.decode()
    assert str(submission.reference) not in by_administrator.content.decode()


@pytest.mark.parametrize(
    ("role", "may"),
    [(REVIEWER, False), (LIBRARY_EDITOR, False), (SENIOR_REVIEWER, True), (ADMINISTRATOR, True)],
)
def test_seniors_and_administrators_alone_edit_letters(role: str, may: bool) -> None:
    other = factories.logged_in(factories.staff(role))
    assert (other.get(LIST).status_code == 200) is may
    assert (other.get(address("change")).status_code == 200) is may
    assert (other.post(address("preview"), typed(TEXT)).status_code == 200) is may
    assert (other.post(address("save"), typed(TEXT)).status_code == 302) is may
    assert (newest().number == 2) is may


def test_an_action_refuses_a_reviewer_whoever_calls_it(reviewer: User) -> None:
    with pytest.raises(ActionRefused, match="Only senior reviewers and administrators"):
        actions.write_letter_version(template(), by=reviewer, text=TEXT, based_on=1)


def test_an_action_refuses_a_place_that_is_not_on_the_list(senior: User) -> None:
    with pytest.raises(ActionRefused, match="cannot be filled in"):
        actions.write_letter_version(template(), by=senior, text="{secret}", based_on=1)


def test_saving_the_same_once_more_makes_no_version(client: Client) -> None:
    response = client.post(address("save"), typed(shipped_text("approve")))
    assert response.status_code == 409
    assert newest().number == 1


def test_versions_are_neither_changed_nor_deleted() -> None:
    version = newest()
    with pytest.raises(InternalError), transaction.atomic():
        LetterVersion.objects.filter(pk=version.pk).update(text="Other")
    with pytest.raises(InternalError), transaction.atomic():
        version.delete()


def test_loading_again_adds_nothing_and_a_new_default_leaves_what_staff_wrote(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    assert load_letters() == 0
    client.post(address("save"), typed(TEXT))
    (tmp_path / "en").mkdir()
    for code in LETTERS:
        (tmp_path / "en" / f"{code}.txt").write_text(f"{shipped_text(code)}\nNew.")
    monkeypatch.setattr(letters, "TEXTS", tmp_path)
    assert load_letters() == len(LETTERS) - 1
    assert newest().text == TEXT
    assert newest("decline").text.endswith("New.")
    assert (newest("decline").number, newest("decline").is_shipped) == (2, True)
    assert load_letters() == 0


@pytest.mark.parametrize("query", ["compare=x", "compare=0", "compare=-1", f"compare={10**30}"])
def test_a_hostile_comparison_is_no_fault(client: Client, query: str) -> None:
    assert client.get(f"{address('change')}?{query}").status_code == 200


@pytest.mark.parametrize("based_on", ["", "x", "-1", str(10**30)])
def test_a_hostile_number_of_a_version_is_no_fault(client: Client, based_on: str) -> None:
    sent = typed(TEXT) | {"based_on": based_on}
    assert client.post(address("save"), sent).status_code == 422
    assert client.post(address("bring_back", 1), {"based_on": based_on}).status_code == 404
    assert newest().number == 1
