"""The page of a form: saved by hand, shared, brought back, sent."""

import re

import pytest
from django.http import QueryDict
from django.test import Client

from alliance import unsent
from alliance.files.staging import token_for
from organizations.models import User
from submissions import actions
from submissions.desk import Desk, name_in
from submissions.models import Attachment, Kind, Submission
from tests import factories
from tests.submissions.writing import (
    NEW,
    buttons,
    document,
    edit_url,
    page_data,
    post,
    shown,
    token_in,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", NEW)
def test_the_first_saving_makes_the_draft_and_the_second_finds_it(
    owner_client: Client, kind: str
) -> None:
    address = NEW[Kind(kind)]
    token = token_in(owner_client.get(address, follow=True))
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
    assert answer["Location"] == f"{edit_url(draft)}?checked"
    assert [*owner_client.get(answer["Location"]).context["form"].errors] == ["outcomes"]


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


def test_where_both_wrote_both_are_shown_and_a_choice_is_asked_for(
    owner_client: Client, owner: User, editor: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    data = page_data(owner_client, draft) | {"outcomes": "Mine", "save": "1"}
    theirs = draft.typed | {"outcomes": ["Theirs"], "themes": ["youth"]}
    actions.save_draft(draft, by=editor, typed=theirs, version=draft.version)
    answer = owner_client.post(edit_url(draft), data)
    page = shown(answer)
    assert answer.status_code == 409
    assert [row.text for row in answer.context["differing"]] == ["Theirs"]
    assert answer.context["form"]["outcomes"].value() == "Mine"
    # Of what I left alone there is nothing to decide: it is as the colleague saved it.
    assert answer.context["form"]["themes"].value() == ["youth"]
    assert buttons(page) == ["", "Keep mine", "Keep mine"]
    draft.refresh_from_db()
    assert draft.typed["outcomes"] == ["Theirs"]
    data |= {"version": str(draft.version), "base": answer.context["desk"].base}
    owner_client.post(edit_url(draft), data | {"themes": "youth"})
    draft.refresh_from_db()
    assert (draft.typed["outcomes"], draft.typed["themes"]) == (["Mine"], ["youth"])


def test_two_who_wrote_different_answers_lose_none(
    owner_client: Client, owner: User, editor: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    data = page_data(owner_client, draft) | {"additional": "Mine", "save": "1"}
    theirs = draft.typed | {"outcomes": ["Theirs"]}
    actions.save_draft(draft, by=editor, typed=theirs, version=draft.version)
    answer = owner_client.post(edit_url(draft), data)
    form = answer.context["form"]
    assert (form["outcomes"].value(), form["additional"].value()) == ("Theirs", "Mine")
    assert answer.context["differing"] == []
    assert answer.context["state"] == "unsaved"
    assert "Save and go on later" in buttons(shown(answer))


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
    token = token_in(client.get("/demands/new/", follow=True))
    data = factories.demand_offer_data(Kind.DEMAND, draft=token, outcomes="Typed", save="1")
    client.logout()
    client = factories.known_browser(owner)
    client.post("/demands/new/", data | {"made_for": unsent.marker(owner.pk)})
    client.post("/login/", {"login": owner.email, "password": factories.PASSWORD})
    page = client.get("/demands/new/")
    assert page.status_code == 200
    assert page.context["form"]["outcomes"].value() == "Typed"
    named = name_in(QueryDict(f"draft={token}"), owner.memberships.get().organization)
    assert named is not None
    assert page.context["desk"].name == named.uuid


def test_the_address_of_a_new_form_leads_to_the_draft_that_it_became(
    owner_client: Client, owner: User
) -> None:
    address = owner_client.get("/demands/new/")["Location"]
    token = token_in(owner_client.get(address, follow=True))
    post(owner_client, "/demands/new/", draft=token, save="1")
    draft = Submission.objects.get()
    assert owner_client.get(address)["Location"] == edit_url(draft)


@pytest.mark.parametrize("said", ["nonsense", ""])
def test_an_address_that_names_no_draft_of_ours_begins_a_new_one(
    owner_client: Client, stranger: User, said: str
) -> None:
    theirs = factories.logged_in(stranger).get("/demands/new/")["Location"]
    for address in (f"/demands/new/?draft={said}", theirs, theirs.replace("demands", "offers")):
        kind = address.partition("?")[0]
        answer = owner_client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith(f"{kind}?draft=")
        assert answer["Location"] != address
        assert owner_client.get(answer["Location"]).status_code == 200


def test_logging_out_clears_what_the_browser_kept(owner_client: Client) -> None:
    assert "Clear-Site-Data" not in owner_client.get("/logout/")
    assert owner_client.post("/logout/")["Clear-Site-Data"] == '"storage"'


def test_what_was_typed_after_a_colleague_sent_the_draft_is_shown_once_more(
    owner_client: Client, owner: User, editor: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    page = post(factories.logged_in(editor), f"/submissions/{draft.uuid}/edit/", version="1")
    factories.logged_in(editor).post(
        page["Location"], {"version": str(draft.version), "documents": ""}
    )
    draft.refresh_from_db()
    assert draft.status == "submitted"
    answer = post(
        owner_client,
        edit_url(draft),
        version=str(draft.version),
        outcomes="Typed too late.",
        themes=["youth"],
    )
    assert answer.status_code == 409
    assert "This was sent meanwhile, without what you typed last." in answer.content.decode()
    themes, outcomes = answer.context["kept"]
    assert (themes.text, outcomes.text) == ("Youth", "Typed too late.")
    assert post(owner_client, edit_url(draft))["Location"] == f"/submissions/{draft.uuid}/"


@pytest.mark.parametrize("way", ["/apply/", "/submissions/autosave/"])
def test_the_page_of_a_deleted_application_does_not_pass_for_the_next_one(
    owner_client: Client, owner: User, editor: User, way: str
) -> None:
    token = token_in(owner_client.get("/apply/"))
    data = factories.application_data(draft=token, name="Mine", save="1")
    owner_client.post("/apply/", data)
    actions.discard_draft(Submission.objects.get(), by=editor)
    next_one = factories.draft(editor, name="Theirs")
    assert next_one.version == 1
    answer = owner_client.post(way, data | {"version": "1"})
    assert answer.status_code == 409
    next_one.refresh_from_db()
    assert next_one.typed["name"] == ["Theirs"]
