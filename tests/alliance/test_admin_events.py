"""Administrators read the trail in words, find their way in it, and can break nothing by asking."""

import pytest
from django.test import Client
from django.urls import reverse

from alliance import audit
from alliance.models import Event
from organizations.models import Organization, User
from tests import factories

pytestmark = pytest.mark.django_db
LIST = reverse("admin:alliance_event_changelist")


@pytest.fixture
def client(administrator: User) -> Client:
    return factories.logged_in(administrator)


@pytest.fixture
def events(organization: Organization, owner: User) -> None:
    audit.record("organization.logo_changed", by=owner, about=organization)
    audit.record("organization.name_changed", by=None, about=organization)


def found(client: Client, **query: str) -> list[str]:
    page = client.get(LIST, query)
    assert page.status_code == 200
    return [event.name for event in page.context["cl"].result_list]


@pytest.mark.usefixtures("events")
def test_a_line_says_what_happened_who_did_it_and_to_what(
    client: Client, organization: Organization, owner: User
) -> None:
    page = client.get(LIST).text
    assert "Organization: logo changed" in page
    person = reverse("admin:organizations_user_change", args=[owner.pk])
    assert f'<a href="{person}">{owner.email}</a>' in page
    about = reverse("admin:organizations_organization_change", args=[organization.pk])
    assert f'<a href="{about}">organization {organization.pk}</a>' in page
    assert "the portal" in page


def test_who_and_what_is_gone_keeps_its_line(client: Client, organization: Organization) -> None:
    person = factories.user()
    audit.record("test.happened", by=person, about=organization)
    number = person.pk
    person.delete()
    Event.objects.create(name="odd", subject_type="nobody.knows", subject_id=7)
    Event.objects.create(name="odder", subject_type="nonsense", subject_id=8)
    page = client.get(LIST).text
    assert f"somebody who has left ({number})" in page
    assert "nobody.knows 7" in page
    assert "nonsense 8" in page


@pytest.mark.usefixtures("events")
def test_the_trail_is_searched_by_person_day_number_and_word(
    client: Client, organization: Organization, owner: User
) -> None:
    event = Event.objects.get(name="organization.logo_changed")
    assert found(client, q=owner.email.upper()) == [event.name]
    assert event.name in found(client, q=f"{event.at:%Y-%m-%d} organization")
    assert found(client, q="1999-01-01") == []
    assert event.name in found(client, q=f"{organization.pk} logo")
    assert found(client, q="logo_ch") == [event.name]
    assert found(client, name=event.name) == [event.name]


@pytest.mark.usefixtures("events")
@pytest.mark.parametrize(
    "query",
    [
        {"q": "99999999999999999999"},
        {"q": "²"},
        {"q": "2026-99-99"},
        {"q": "0001-01-01"},
        {"q": "9999-12-31"},
        {"q": "' OR 1=1 --"},
        {"q": "@"},
        {"q": "%_\\"},
        {"name": "no.such"},
        {"name": "\x00"},
        {"at__gte": "yesterday"},
        {"internal__exact": "maybe"},
        {"actor_id": "x"},
        {"data__x": "1"},
        {"o": "9.x"},
        {"p": "-5"},
    ],
)
def test_no_question_is_answered_with_an_error(client: Client, query: dict[str, str]) -> None:
    client.raise_request_exception = False
    assert client.get(LIST, query).status_code in {200, 302, 400}


@pytest.mark.usefixtures("events")
def test_events_are_read_and_nothing_else(client: Client) -> None:
    event = Event.objects.earliest("pk")
    page = client.get(reverse("admin:alliance_event_change", args=[event.pk]))
    assert page.status_code == 200
    assert 'name="_save"' not in page.text
    for act in ("delete_selected", "change"):
        client.post(LIST, {"action": act, "_selected_action": [event.pk]})
    assert Event.objects.filter(pk=event.pk).exists()
