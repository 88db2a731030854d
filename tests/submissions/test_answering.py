"""The page of one submission: questions answered in place, and nothing typed is lost."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from alliance import unsent
from organizations.models import Membership, User
from submissions import actions
from submissions.merging import Said
from submissions.models import Clarification, Submission
from tests import factories
from tests.submissions.asking import QUESTION, answered, asked, under_questions

pytestmark = pytest.mark.django_db

MINE = "71 of them, every hour."


def page_of(submission: Submission) -> str:
    return f"/submissions/{submission.uuid}/"


def posted(clarification: Clarification, **changes: Any) -> dict[str, Any]:
    """What a browser sends: an answer to each question, and the fields that are open."""
    submission = Submission.objects.get(pk=clarification.submission_id)
    answers = {f"answer_{item.pk}": MINE for item in clarification.items.all()}
    return {"version": str(submission.version), **answers, **changes}


def test_a_member_reads_the_questions_and_sees_only_their_fields_open(
    owner_client: Client, owner: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer, "description", "")
    answer = owner_client.get(page_of(clarification.submission))
    text = answer.content.decode()
    assert QUESTION in text
    assert "It is your turn." in text
    names = set(answer.context["form"].fields)
    assert names == {"description"} | {f"answer_{item.pk}" for item in clarification.items.all()}
    assert answer.context["form"]["description"].value().startswith("We run the national")


def test_a_member_answers_and_sends_back(owner_client: Client, owner: User, reviewer: User) -> None:
    clarification = under_questions(owner, reviewer, "description")
    data = posted(clarification, description="We run 71 stations.", name="Another name")
    answer = owner_client.post(page_of(clarification.submission), data, follow=True)
    assert answer.redirect_chain == [(page_of(clarification.submission), 302)]
    text = answer.content.decode()
    assert "Sent back. The secretariat goes on with its review." in text
    assert "It is the secretariat’s turn." in text
    assert '<ins><span class="vh">added: </span>' in text
    assert MINE in text
    [second, first] = Submission.objects.get().revisions.all()
    assert second.answers == first.answers | {"description": "We run 71 stations."}


def test_an_answer_to_a_question_settled_meanwhile_is_shown_once_more(
    owner_client: Client, owner: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer, "description", "")
    path = page_of(clarification.submission)
    settled, left = clarification.items.all()
    actions.settle(settled, by=reviewer)
    page = owner_client.post(path, posted(clarification, save="1"))
    assert [answer.text for answer in page.context["kept"]] == [MINE]
    assert set(page.context["form"].fields) == {f"answer_{left.pk}"}
    left.refresh_from_db()
    assert left.answer == MINE
    assert owner_client.post(path, posted(clarification, save="1")).status_code == 200
    only = {"version": page.context["submission"].version, f"answer_{left.pk}": MINE, "save": "1"}
    assert owner_client.post(path, only).status_code == 302


def test_the_field_of_a_settled_question_is_closed_again(
    owner_client: Client, owner: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer, "description", "region")
    settled, left = clarification.items.all()
    actions.settle(settled, by=reviewer)
    path = page_of(clarification.submission)
    form = owner_client.get(path).context["form"]
    assert set(form.fields) == {"region", f"answer_{left.pk}"}
    data = posted(clarification, description="Another text", region="arab-states")
    page = owner_client.post(path, data)
    assert "The secretariat has settled a question meanwhile." in page.content.decode()
    assert [answer.text for answer in page.context["kept"]] == [MINE, "Another text"]
    second, first = Submission.objects.get().revisions.all()
    changed = {name for name in first.answers if first.answers[name] != second.answers[name]}
    assert (changed, second.answers["region"]["code"]) == ({"region"}, "arab-states")


def test_saving_sends_nothing_and_may_be_unfinished(
    owner_client: Client, owner: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer, "description", "")
    first, second = clarification.items.all()
    data = {
        "version": str(clarification.submission.version),
        f"answer_{first.pk}": MINE,
        "description": "word " * 400,
        "save": "1",
    }
    path = page_of(clarification.submission)
    page = owner_client.post(path, data, follow=True)
    assert "Saved. Nothing is sent yet." in page.content.decode()
    form = page.context["form"]
    assert form["description"].value() == "word " * 400
    assert (form[f"answer_{first.pk}"].value(), form[f"answer_{second.pk}"].value()) == (MINE, "")
    assert Submission.objects.get().status == "clarification_requested"


def test_a_missing_answer_or_a_wrong_field_comes_back_with_everything_typed(
    owner_client: Client, owner: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer, "description", "")
    first, second = clarification.items.all()
    data = posted(clarification, description="word " * 151) | {f"answer_{second.pk}": " "}
    answer = owner_client.post(page_of(clarification.submission), data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Please shorten this by 1 word." in text
    assert f"Answer the question “{QUESTION}” before you send it back." in text
    assert MINE in text
    assert Submission.objects.get().typed["description"] == ["word " * 151]
    assert clarification.items.get(pk=first.pk).answer == MINE


def test_a_box_that_was_unticked_stays_so(
    owner_client: Client, owner: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer, "sdgs")
    path = page_of(clarification.submission)
    owner_client.post(path, posted(clarification, save="1"))
    assert owner_client.get(path).context["form"]["sdgs"].value() == []


def test_a_second_click_on_send_back_finds_the_first_ones_answer(
    owner_client: Client, owner: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer)
    data = posted(clarification)
    for _click in range(2):
        answer = owner_client.post(page_of(clarification.submission), data)
        assert (answer.status_code, answer["Location"]) == (
            302,
            page_of(clarification.submission),
        )
    assert Submission.objects.get().revisions.count() == 2


def test_a_colleagues_newer_version_is_told_of_and_not_overwritten(
    owner_client: Client, owner: User, editor: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer, "description")
    stale = posted(clarification, description="Mine")
    path = page_of(clarification.submission)
    factories.logged_in(editor).post(path, posted(clarification, description="Theirs", save="1"))
    answer = owner_client.post(path, stale)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"{editor} saved a newer version at" in text
    assert answer.context["form"]["description"].value() == "Mine"
    assert answer.context["differing"] == [
        Said("7. Brief description of your institution (max. 150 words)", "Theirs")
    ]
    assert Submission.objects.get().typed["description"] == ["Theirs"]
    current = posted(clarification, description="Mine", save="1")
    assert owner_client.post(path, current).status_code == 302
    assert Submission.objects.get().typed["description"] == ["Mine"]


def test_who_comes_after_a_colleague_keeps_the_text_and_learns_who_it_was(
    owner_client: Client, owner: User, editor: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer, "description")
    data = posted(clarification, description="A text that took an hour.")
    answered(clarification, editor)
    answer = owner_client.post(page_of(clarification.submission), data)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"{editor} was quicker: it is now “Under review”." in text
    assert "A text that took an hour." in text
    assert MINE in text
    assert answer.context["form"] is None


def test_who_comes_after_a_decision_keeps_the_text(
    owner_client: Client, owner: User, reviewer: User, senior: User
) -> None:
    clarification = under_questions(owner, reviewer)
    data = posted(clarification)
    decision = actions.decide(
        Submission.objects.get(),
        by=senior,
        outcome="decline",
        reason=factories.term("decision-reason", "not-relevant"),
        explanation="No link.",
        letter="We are sorry.",
    )
    actions.publish_decision(decision, by=senior)
    answer = owner_client.post(page_of(clarification.submission), data)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "The secretariat was quicker: it is now “Not approved”." in text
    assert str(senior) not in text
    assert MINE in text


def test_text_comes_back_after_the_next_login(owner: User, reviewer: User) -> None:
    clarification = under_questions(owner, reviewer)
    path = page_of(clarification.submission)
    client = factories.known_browser(owner)
    client.post(path, posted(clarification) | {"made_for": unsent.marker(owner.pk)})
    login = {"login": owner.email, "password": factories.PASSWORD, "next": path}
    page = client.post("/login/", login, follow=True)
    name = f"answer_{clarification.items.get().pk}"
    assert page.context["form"][name].value() == MINE
    assert Submission.objects.get().status == "clarification_requested"


def test_a_reader_reads_the_questions_and_answers_none(
    reader: User, owner: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer)
    client = factories.logged_in(reader)
    page = client.get(page_of(clarification.submission))
    assert page.context["form"] is None
    assert "An owner or editor of your organization answers them." in page.content.decode()
    assert client.post(page_of(clarification.submission), {}).status_code == 403


@pytest.mark.parametrize("who", ["stranger", "reviewer"])
def test_others_find_nothing(
    who: str, owner: User, reviewer: User, request: pytest.FixtureRequest
) -> None:
    clarification = under_questions(owner, reviewer)
    client = factories.logged_in(request.getfixturevalue(who))
    path = page_of(clarification.submission)
    for answer in (client.get(path), client.post(path, posted(clarification))):
        assert answer.status_code == 404


def test_nothing_was_asked_so_nothing_is_taken(owner_client: Client, owner: User) -> None:
    submission = factories.submitted(owner)
    answer = owner_client.post(page_of(submission), {"version": "1", "description": "x"})
    assert answer["Location"] == page_of(submission)
    assert Submission.objects.get().version == submission.version


@pytest.mark.parametrize(
    "hostile",
    ["\0", "\ud800", "\u202egnihtyna", "x" * 200_000, "<script>alert(1)</script>"],
    ids=["nul", "surrogate", "bidi", "long", "script"],
)
def test_hostile_text_is_a_mistake_or_a_text_never_an_error(
    owner_client: Client, owner: User, reviewer: User, hostile: str
) -> None:
    clarification = under_questions(owner, reviewer, "description")
    data = posted(clarification, description=hostile)
    data |= {name: hostile for name in data if name.startswith("answer_")}
    body = urlencode(data, errors="surrogatepass")
    answer = owner_client.post(
        page_of(clarification.submission), body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in {302, 400, 422}
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("query", ["?compare=1", "?compare=99", "?compare=x", "?compare=-1"])
def test_any_revision_can_be_compared_with_and_nonsense_shows_the_last_one(
    owner_client: Client, owner: User, reviewer: User, query: str
) -> None:
    submission = answered(under_questions(owner, reviewer, "region"), owner, region="arab-states")
    submission = answered(asked(submission, reviewer, "region"), owner, region="africa")
    page = owner_client.get(page_of(submission) + query)
    found = page.context["difference"]
    assert found.before.number == (1 if query == "?compare=1" else 2)
    assert [str(field.label) for field in found.fields] == (
        [] if query == "?compare=1" else ["3. Region"]
    )


def test_the_timeline_as_a_table_names_members_and_hides_the_secretariat(
    owner_client: Client, owner: User, reviewer: User
) -> None:
    User.objects.filter(pk=owner.pk).update(first_name="=1+1")
    submission = answered(under_questions(owner, reviewer), owner)
    actions.write_note(submission, by=reviewer, text="Between us.")
    answer = owner_client.get(f"{page_of(submission)}timeline.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    heading, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heading == ["Time", "What happened", "Who"]
    assert [line[1:] for line in lines] == [
        ["Draft begun", f"'=1+1 {owner.last_name}"],
        ["Received", f"'=1+1 {owner.last_name}"],
        ["Review begun", "The secretariat"],
        ["Questions sent to you", "The secretariat"],
        ["Answers sent back", f"'=1+1 {owner.last_name}"],
    ]


def test_the_timeline_names_the_present_state_once(
    owner_client: Client, owner: User, reviewer: User
) -> None:
    submission = factories.submitted(owner)

    def moments() -> list[tuple[str, str]]:
        shown = owner_client.get(page_of(submission)).context["moments"]
        return [(str(moment.title), moment.mark) for moment in shown]

    assert moments() == [("Received", "now"), ("Draft begun", "done")]
    actions.start_review(submission, by=reviewer)
    assert moments()[:2] == [("Under review", "now"), ("Review begun", "done")]


def test_readers_may_take_the_copy_and_the_timeline_along(reader: User, owner: User) -> None:
    submission = factories.submitted(owner)
    client = factories.logged_in(reader)
    assert reader.memberships.get().role == Membership.Role.READER
    for name in ("copy.pdf", "timeline.csv"):
        assert client.get(page_of(submission) + name).status_code == 200
