"""How often sending a form asks the database: as often for many names as for one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alliance.models import Event
from organizations.models import ScreenedName, User
from submissions.models import Kind
from tests import factories

pytestmark = pytest.mark.django_db

CO_LEAD = {
    "co_lead_name": "Chikondi Phiri",
    "co_lead_title": "Forecaster",
    "co_lead_email": "c.phiri@example.org",
}


def queries(client: Client, by: User, kind: str, **changes: str) -> list[str]:
    """What a press of Submit asks, besides the two queries of the session."""
    draft = factories.draft(by, kind, **changes)
    address = f"/submissions/{draft.uuid}/check/"
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(address, {"version": draft.version, "documents": ""})
    assert answer["Location"] == f"/submissions/{draft.uuid}/received/"
    return [query["sql"] for query in captured.captured_queries][2:]


@pytest.mark.parametrize(
    ("kind", "changes", "count"),
    [
        (Kind.EXPRESSION_OF_INTEREST, {}, 7),
        (Kind.EXPRESSION_OF_INTEREST, CO_LEAD, 7),
        (Kind.DEMAND, {}, 8),
        (Kind.OFFER, {}, 8),
    ],
)
def test_submitting_asks_the_database_rarely(
    owner_client: Client, owner: User, kind: str, changes: dict[str, str], count: int
) -> None:
    asked = queries(owner_client, owner, kind, **changes)
    assert len([text for text in asked if "SAVEPOINT" not in text]) == count
    # One transaction; its steps need none of their own within it.
    assert len([text for text in asked if text.startswith("SAVEPOINT")]) == 1


def test_the_organization_is_locked_once_and_before_the_submission(
    owner_client: Client, owner: User
) -> None:
    asked = queries(owner_client, owner, Kind.EXPRESSION_OF_INTEREST, **CO_LEAD)
    locks = [text.rpartition(" OF ")[2] for text in asked if " FOR " in text]
    # In one query, which locks in the order in which it names them.
    assert locks == ['"organizations_organization", "submissions_submission"']


def test_the_events_of_one_step_are_written_in_their_order(
    owner_client: Client, owner: User
) -> None:
    draft = factories.draft(owner, **CO_LEAD)
    before = Event.objects.latest("id").pk
    factories.submit_draft(draft, by=owner)
    told = Event.objects.filter(pk__gt=before).order_by("id")
    assert [event.name for event in told] == [
        "submission.submitted",
        "screening.name_added",
        "screening.name_added",
    ]
    names = ScreenedName.objects.order_by("id").values_list("pk", "kind", "name")
    assert [(pk, kind) for pk, kind, _name in names] == [
        (told[1].data["screened"], "lead"),
        (told[2].data["screened"], "co_lead"),
    ]


def test_one_person_who_leads_twice_is_screened_once(owner: User) -> None:
    same = {"co_lead_name": "Thandiwe MBEWE", "co_lead_email": "T.Mbewe@example.org"}
    factories.submitted(owner, **CO_LEAD | same)
    assert ScreenedName.objects.get().name == "Thandiwe Mbewe"
