"""The client's words on the form of a Demand or an Offer, and on the blank ones."""

import pytest
from django.test import Client

from submissions.models import Kind
from tests.submissions.writing import NEW, shown

pytestmark = pytest.mark.django_db

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


def assert_in_order(text: str, words: list[str]) -> None:
    end = 0
    for wanted in words:
        found = text.find(wanted, end)
        assert found >= 0, wanted
        end = found + len(wanted)


@pytest.mark.parametrize("kind", NEW)
def test_the_form_shows_the_clients_words_in_their_order(owner_client: Client, kind: str) -> None:
    assert_in_order(shown(owner_client.get(NEW[Kind(kind)], follow=True)), WORDS[Kind(kind)])


@pytest.mark.parametrize("kind", NEW)
def test_the_blank_form_is_there_before_registering(client: Client, kind: str) -> None:
    page = client.get(NEW[Kind(kind)].replace("new", "blank"))
    assert page.status_code == 200
    words = [row for row in WORDS[Kind(kind)] if "usually takes" not in row]
    assert_in_order(shown(page), words)
    assert "usually takes" in shown(page)
    assert "<button" not in shown(page).partition("<fieldset disabled")[2]
    assert "Write it here. The designations employed" in shown(page)


def test_the_blank_application_shows_every_statement(client: Client) -> None:
    page = shown(client.get("/apply/blank/"))
    assert page.count('class="statement"') == 21
    assert "Submission Note:" in page
