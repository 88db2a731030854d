"""The page of a form: saved by hand and by itself, shared, brought back, sent."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alliance import unsent
from alliance.files.staging import token_for
from organizations.models import User
from submissions import actions
from submissions.desk import Desk, name_in
from submissions.models import Attachment, DraftVisit, Kind, Submission
from tests import factories
from tests.alliance.files import paper_samples
from tests.organizations.registering import picture

pytestmark = pytest.mark.django_db

# Besides the two of the session. What the due diligence makes of an application comes on top.
MOST_QUERIES = {Kind.EXPRESSION_OF_INTEREST: 18, Kind.DEMAND: 15, Kind.OFFER: 15}

NEW = {Kind.DEMAND: "/demands/new/", Kind.OFFER: "/offers/new/"}

DEMAND_WORDS = [
    "Submission of Demand Form",
    "Description of Demand",
    "Indicate the type of support or cooperation requested through the Alliance.",
    "Please briefly describe the challenge, gap, or priority. (Max. 300 words)",
    "Thematic and Geographic Focus",
    "Please indicate the main focus areas of your demand:",
    "A. Thematic Areas (select up to three)",
    "B. Geographic Focus (select all that apply)",
    "Proposed Engagement Modalities",
    "Please indicate how you would like to engage through the Alliance (select all that apply):",
    "Expected Outcomes",
    "Please indicate the main results you seek to achieve through this engagement. "
    "(Max. 200 words)",
    "Examples:",
    "Capacity strengthened",
    "Partnerships established",
    "Sectoral or regional strategies co-developed",
    "Solutions piloted",
    "Knowledge generated",
    "Policies informed",
    "Timeline and Readiness (if applicable)",
    "1. Expected timeframe for engagement:",
    "2. Current stage:",
    "Additional Information",
    "Please provide any additional information, documents, or links relevant to this submission. "
    "(Max. 200 words or upload link)",
    "A decision usually takes two to four weeks.",
]
OF_THE_OFFER = {
    "Submission of Demand Form": "Submission of Offer Form",
    "Description of Demand": "Description of Contribution",
    DEMAND_WORDS[2]: "Indicate the type of contribution your institution can provide and describe "
    "the expertise, resources, or solutions you may offer.",
    DEMAND_WORDS[3]: "Please briefly describe your proposed contribution. (Max. 300 words)",
    DEMAND_WORDS[5]: "Please indicate the main focus areas of your interest:",
    DEMAND_WORDS[11]: "Please indicate the main results you aim to achieve through this "
    "engagement. (Max. 200 words)",
}
WORDS = {
    Kind.DEMAND: DEMAND_WORDS,
    Kind.OFFER: [OF_THE_OFFER.get(words, words) for words in DEMAND_WORDS],
}


def shown(page: Any) -> str:
    """The page's main part without its navigation."""
    main = page.content.decode().partition("<main")[2]
    return re.sub(r"<nav.*?</nav>", "", main, flags=re.DOTALL)


def assert_in_order(text: str, words: list[str]) -> None:
    end = 0
    for wanted in words:
        found = text.find(wanted, end)
        assert found >= 0, wanted
        end = found + len(wanted)


@pytest.mark.parametrize("kind", NEW)
def test_the_form_shows_the_clients_words_in_their_order(owner_client: Client, kind: str) -> None:
    assert_in_order(shown(owner_client.get(NEW[Kind(kind)])), WORDS[Kind(kind)])


@pytest.mark.parametrize("kind", NEW)
def test_the_blank_form_is_there_before_registering(client: Client, kind: str) -> None:
    page = client.get(NEW[Kind(kind)].replace("new", "blank"))
    assert page.status_code == 200
    words = [row for row in WORDS[Kind(kind)] if "usually takes" not in row]
    assert_in_order(shown(page), words)
    assert "usually takes" in shown(page)
    assert "<button" not in shown(page).partition("<fieldset disabled")[2]


def test_the_blank_application_shows_every_statement(client: Client) -> None:
    page = shown(client.get("/apply/blank/"))
    assert page.count('class="statement"') == 21
    assert "Submission Note:" in page


def token_in(page: Any) -> str:
    found = re.search(r'name="draft" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def edit_url(submission: Submission) -> str:
    return f"/submissions/{submission.uuid}/edit/"


def post(client: Client, address: str, kind: str = Kind.DEMAND, **changes: Any) -> Any:
    return client.post(address, factories.demand_offer_data(kind, **changes))


@pytest.mark.parametrize("kind", NEW)
def test_the_first_saving_makes_the_draft_and_the_second_finds_it(
    owner_client: Client, kind: str
) -> None:
    address = NEW[Kind(kind)]
    token = token_in(owner_client.get(address))
    assert Submission.objects.count() == 0
    first = post(owner_client, address, kind, draft=token, save="1")
    draft = Submission.objects.get()
    assert first["Location"] == edit_url(draft)
    assert draft.kind == kind
    again = post(owner_client, address, kind, draft=token, save="1", version="1", outcomes="More")
    assert again["Location"] == edit_url(draft)
    assert Submission.objects.get().typed["outcomes"] == ["More"]


def test_a_page_without_a_valid_token_makes_a_draft_of_its_own(
    owner_client: Client, stranger: User
) -> None:
    theirs = factories.draft(stranger, Kind.DEMAND)
    place = stranger.memberships.get()
    forged = Desk(Kind.DEMAND, place, theirs.uuid, theirs).token
    for token in ("", "forged", "a:b:c", "\0", forged):
        post(owner_client, "/demands/new/", draft=token, save="1", outcomes="Mine")
    theirs.refresh_from_db()
    assert theirs.typed["outcomes"] == ["A warning reaches the last village within an hour."]


def test_check_and_submit_lead_to_the_number(owner_client: Client) -> None:
    checked = post(owner_client, "/demands/new/")
    draft = Submission.objects.get()
    assert checked["Location"] == f"/submissions/{draft.uuid}/check/"
    page = owner_client.get(checked["Location"]).content.decode()
    assert "Disaster risk reduction and resilience" in page
    assert '<a href="https://example.org/gauges" rel="nofollow noreferrer">' in page
    sent = owner_client.post(checked["Location"], {"version": draft.version, "documents": ""})
    receipt = owner_client.get(sent["Location"]).content.decode()
    draft.refresh_from_db()
    assert "We have received your Demand" in receipt
    assert draft.reference
    assert draft.reference in receipt


def test_what_is_sent_is_what_was_looked_at(owner_client: Client, owner: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    owner_client.get(f"/submissions/{draft.uuid}/check/")
    factories.attachment(draft, by=owner)
    answer = owner_client.post(
        f"/submissions/{draft.uuid}/check/",
        {"version": draft.version, "documents": ""},
        follow=True,
    )
    assert "The documents have changed meanwhile." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_missing_answer_leads_back_to_the_form(owner_client: Client, owner: User) -> None:
    draft = factories.draft(owner, Kind.OFFER, outcomes="")
    answer = owner_client.get(f"/submissions/{draft.uuid}/check/")
    assert answer["Location"] == edit_url(draft)


def test_choosing_demand_or_offer_leads_on_to_that_form(owner_client: Client, owner: User) -> None:
    sent = factories.submitted(owner, interest=["offer", "demand", "network"])
    page = owner_client.get(f"/submissions/{sent.uuid}/received/")
    assert [(str(lead.title), lead.address) for lead in page.context["leads"]] == [
        ("Submission of Demand Form", "/demands/new/"),
        ("Submission of Offer Form", "/offers/new/"),
    ]


def test_without_that_wish_nothing_follows(owner_client: Client, owner: User) -> None:
    sent = factories.submitted(owner, interest=["network"])
    page = owner_client.get(f"/submissions/{sent.uuid}/received/")
    assert page.context["leads"] == []
    assert "Go on at once" not in page.content.decode()


def document(name: str = "map.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, paper_samples.pdf(), content_type="application/pdf")


def test_a_document_is_kept_though_an_answer_is_wrong(owner_client: Client) -> None:
    answer = post(owner_client, "/demands/new/", attachments=document(), outcomes="")
    assert answer.status_code == 422
    kept = Attachment.objects.get()
    assert kept.name == "map.pdf"
    page = shown(answer)
    assert page.count(f'value="{kept.pk}"') == 1
    assert 'name="attachments-held"' not in page


def test_several_documents_come_at_once(owner_client: Client) -> None:
    papers = [document(f"map {number}.pdf") for number in range(2)]
    other = SimpleUploadedFile("table.png", picture().read(), content_type="image/png")
    post(owner_client, "/demands/new/", attachments=[*papers, other], save="1")
    # The same bytes under two names are one document.
    assert sorted(row.name for row in Attachment.objects.all()) == ["map 0.pdf", "table.png"]


def test_the_eleventh_document_is_refused_and_the_rest_is_kept(
    owner_client: Client, owner: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    for _number in range(9):
        factories.attachment(draft, by=owner)
    more = [document(), SimpleUploadedFile("table.png", picture().read())]
    answer = owner_client.post(
        edit_url(draft),
        factories.demand_offer_data(
            Kind.DEMAND, version=str(draft.version), attachments=more, save="1"
        ),
        follow=True,
    )
    texts = [str(message) for message in answer.context["messages"]]
    assert texts[0].startswith("“table.png”: There can be 1 file.")
    assert draft.attachments.count() == 10


def test_documents_are_taken_away_by_ticking_and_saving(owner_client: Client, owner: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    first, second = (factories.attachment(draft, by=owner) for _number in range(2))
    post(
        owner_client,
        edit_url(draft),
        Kind.DEMAND,
        version=str(draft.version),
        save="1",
        **{"remove-document": [str(first.pk), "nonsense", "\0"]},
    )
    assert list(draft.attachments.all()) == [second]


def test_a_refused_document_is_complained_of_and_the_rest_is_saved(owner_client: Client) -> None:
    program = SimpleUploadedFile("map.pdf", b"MZ\x90\x00" + b"\0" * 2000)
    answer = owner_client.post(
        "/demands/new/",
        factories.demand_offer_data(Kind.DEMAND, attachments=program, save="1"),
        follow=True,
    )
    texts = [str(message) for message in answer.context["messages"]]
    assert texts[0].startswith("“map.pdf”: This file is a program")
    assert Submission.objects.get().typed["outcomes"]
    assert not Attachment.objects.exists()


def test_members_alone_download_a_document(
    owner_client: Client, owner: User, reader: User, stranger: User, reviewer_client: Client
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    kept = factories.attachment(draft, by=owner)
    address = f"/submissions/{draft.uuid}/attachments/{kept.pk}/"
    for client in (owner_client, factories.logged_in(reader)):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    for client in (factories.logged_in(stranger), reviewer_client):
        assert client.get(address).status_code == 404
    other = factories.draft(owner, Kind.OFFER)
    elsewhere = f"/submissions/{other.uuid}/attachments/{kept.pk}/"
    assert owner_client.get(elsewhere).status_code == 404


def test_a_conflict_shows_both_and_loses_no_file(
    owner_client: Client, owner: User, editor: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    stale = str(draft.version)
    actions.save_draft(
        draft, by=editor, typed=draft.typed | {"outcomes": ["Theirs"]}, version=draft.version
    )
    answer = post(
        owner_client,
        edit_url(draft),
        version=stale,
        outcomes="Mine",
        attachments=document("mine.pdf"),
        save="1",
    )
    assert answer.status_code == 409
    page = shown(answer)
    assert "Chikondi" in page
    assert 'data-state="conflict"' in page
    assert answer.context["form"]["outcomes"].value() == "Mine"
    held = re.search(r'name="attachments-held" value="([^"]+)"', page)
    assert held is not None
    draft.refresh_from_db()
    assert draft.typed["outcomes"] == ["Theirs"]
    post(
        owner_client,
        edit_url(draft),
        version=str(draft.version),
        outcomes="Mine",
        save="1",
        **{"attachments-held": held[1]},
    )
    draft.refresh_from_db()
    assert draft.typed["outcomes"] == ["Mine"]
    assert Attachment.objects.get().name == "mine.pdf"


def test_a_file_sent_ahead_outlasts_the_end_of_the_login(owner: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    token = token_for(factories.staged_document())
    client = factories.known_browser(owner)
    data = factories.demand_offer_data(
        Kind.DEMAND, version=str(draft.version), outcomes="Typed", save="1"
    )
    client.post(
        edit_url(draft),
        data | {"attachments-held": token, "made_for": unsent.marker(owner.pk)},
    )
    client.post("/login/", {"login": owner.email, "password": factories.PASSWORD})
    page = client.get(edit_url(draft))
    assert page.context["form"]["outcomes"].value() == "Typed"
    assert page.context["state"] == "unsaved"
    assert 'name="attachments-held"' in page.content.decode()


def test_text_for_a_new_form_comes_back_into_the_same_draft(owner: User) -> None:
    client = factories.logged_in(owner)
    token = token_in(client.get("/demands/new/"))
    data = factories.demand_offer_data(Kind.DEMAND, draft=token, outcomes="Typed", save="1")
    client.logout()
    client = factories.known_browser(owner)
    client.post("/demands/new/", data | {"made_for": unsent.marker(owner.pk)})
    client.post("/login/", {"login": owner.email, "password": factories.PASSWORD})
    page = client.get("/demands/new/")
    assert page.context["form"]["outcomes"].value() == "Typed"
    named = name_in(QueryDict(f"draft={token}"), owner.memberships.get().organization)
    assert named is not None
    assert page.context["desk"].name == named.uuid


def autosave(client: Client, submission: Submission, **changes: Any) -> Any:
    place = submission.organization.memberships.first()
    assert place is not None
    desk = Desk(submission.kind, place, submission.uuid, submission)
    data = factories.complete_data(submission.kind, draft=desk.token, **changes)
    return client.post("/submissions/autosave/", data)


def test_a_page_saves_itself(owner_client: Client, owner: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    answer = autosave(owner_client, draft, version=str(draft.version), outcomes="By itself")
    content = answer.json()
    assert (answer.status_code, content["version"]) == (200, draft.version + 1)
    assert content["address"] == edit_url(draft)
    assert content["here"] == ""
    draft.refresh_from_db()
    assert draft.typed["outcomes"] == ["By itself"]
    assert draft.saved_at is not None
    assert content["saved_at"] == draft.saved_at.isoformat()


def test_the_page_of_a_new_form_saves_itself_into_one_draft(owner_client: Client) -> None:
    token = token_in(owner_client.get("/offers/new/"))
    for _number in range(2):
        data = factories.demand_offer_data(Kind.OFFER, draft=token)
        assert owner_client.post("/submissions/autosave/", data).status_code == 200
    assert Submission.objects.get().kind == Kind.OFFER


def test_the_application_saves_itself(owner_client: Client) -> None:
    token = token_in(owner_client.get("/apply/"))
    data = factories.application_data(draft=token, description="Half a sen")
    content = owner_client.post("/submissions/autosave/", data).json()
    assert content["address"] == "/apply/"
    assert Submission.objects.get().typed["description"] == ["Half a sen"]


def test_saving_by_itself_never_overwrites_a_newer_version(
    owner_client: Client, owner: User, editor: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    stale = str(draft.version)
    actions.save_draft(
        draft, by=editor, typed=draft.typed | {"outcomes": ["Theirs"]}, version=draft.version
    )
    answer = autosave(owner_client, draft, version=stale, outcomes="Mine")
    content = answer.json()
    assert answer.status_code == 409
    assert content["refused"].startswith("Chikondi ")
    assert content["typed"]["outcomes"] == ["Theirs"]
    draft.refresh_from_db()
    assert draft.typed["outcomes"] == ["Theirs"]


def test_people_who_write_at_the_same_time_are_told(
    owner_client: Client, owner: User, editor: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    actions.note_visit(draft, by=editor)
    assert "Open here too: Chikondi" in owner_client.get(edit_url(draft)).content.decode()
    answer = autosave(owner_client, draft, version=str(draft.version))
    assert answer.json()["here"] == f"Open here too: {editor}"
    assert DraftVisit.objects.filter(user=editor.pk).count() == 1


def test_a_file_sent_ahead_is_kept_with_the_next_saving(owner_client: Client, owner: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    token = token_for(factories.staged_document())
    content = autosave(
        owner_client, draft, version=str(draft.version), **{"attachments-held": token}
    ).json()
    kept = Attachment.objects.get()
    assert kept.submission == draft
    assert kept.name in content["documents"]
    again = autosave(
        owner_client, draft, version=str(content["version"]), **{"attachments-held": token}
    )
    assert again.status_code == 200
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("data", [{}, {"draft": "forged"}, {"draft": "\0"}])
def test_a_page_that_is_none_saves_nothing(owner_client: Client, data: dict[str, str]) -> None:
    answer = owner_client.post("/submissions/autosave/", data)
    assert answer.status_code in {400, 404}
    assert not Submission.objects.exists()


def test_the_saving_of_what_was_sent_meanwhile_is_refused_in_words(
    owner_client: Client, owner: User
) -> None:
    sent = factories.submitted(owner, Kind.DEMAND)
    answer = autosave(owner_client, sent, version=str(sent.version), outcomes="Late")
    assert answer.status_code == 403
    assert "sent already" in answer.json()["refused"]


def test_readers_and_strangers_save_nothing(owner: User, reader: User, stranger: User) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    for person in (reader, stranger):
        answer = autosave(
            factories.logged_in(person), draft, version=str(draft.version), outcomes="Not mine"
        )
        assert answer.status_code in {403, 404}
    draft.refresh_from_db()
    assert draft.typed["outcomes"] != ["Not mine"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_drafts_asks_as_often_for_one_as_for_three(
    owner_client: Client, owner: User, django_assert_num_queries: Any, number: int
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


def test_a_copy_leads_to_its_form(owner_client: Client, owner: User) -> None:
    sent = factories.submitted(owner, Kind.OFFER)
    answer = owner_client.post(f"/submissions/{sent.uuid}/copy/")
    copy = Submission.objects.drafts().get()
    assert answer["Location"] == edit_url(copy)


def test_logging_out_clears_what_the_browser_kept(owner_client: Client) -> None:
    assert "Clear-Site-Data" not in owner_client.get("/logout/")
    assert owner_client.post("/logout/")["Clear-Site-Data"] == '"storage"'


@pytest.mark.parametrize("kind", MOST_QUERIES)
def test_submitting_asks_the_database_rarely(owner_client: Client, owner: User, kind: str) -> None:
    draft = factories.draft(owner, kind)
    address = f"/submissions/{draft.uuid}/check/"
    owner_client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = owner_client.post(address, {"version": draft.version, "documents": ""})
    assert answer["Location"] == f"/submissions/{draft.uuid}/received/"
    asked = [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) - 2 <= MOST_QUERIES[Kind(kind)]
