"""The trail takes codes, numbers, ids and days, and nothing that people are called or write."""

import json
import logging
from datetime import date
from uuid import UUID

import pytest
from pytest_django import Settings

from alliance import audit
from alliance.models import Event
from organizations.groups import ROLES, codes_of
from organizations.models import Organization, User
from submissions.workflow import DEMAND_OR_OFFER, EXPRESSION_OF_INTEREST

pytestmark = pytest.mark.django_db

CODES = [
    "under_review",
    "not-relevant",
    "sdg-11",
    "",
    None,
    True,
    7,
    0,
    "2026-11-22",
    UUID(int=7).hex,
    ["editor", "owner"],
    [3, 5],
    [],
]
PERSONAL = [
    "Thandiwe",
    "Thandiwe Mbewe",
    "thandiwe mbewe",
    "t.mbewe@example.org",
    "+265 1 822 014",
    "01822014",
    "We measure rain.",
    "réseau",
    "أمينة",
    "a" * 61,
    "192.0.2.7",
    "editor\n",
    7.5,
    {"name": "grace"},
    ("grace",),
    ["owner", "Grace Phiri"],
    [["owner"]],
    date(1971, 5, 3),
]


def kept(about: Organization, value: object) -> object:
    audit.record("test.happened", by=None, about=about, value=value, count=3)
    return Event.objects.get(name="test.happened").data


@pytest.mark.parametrize("value", CODES)
def test_codes_numbers_ids_and_days_are_kept_as_they_are(
    organization: Organization, value: object
) -> None:
    assert kept(organization, value) == {"value": value, "count": 3}


@pytest.mark.parametrize("value", PERSONAL)
def test_anything_else_is_an_error_that_does_not_repeat_it(
    organization: Organization, value: object
) -> None:
    with pytest.raises(audit.NotForTheTrail) as refused:
        kept(organization, value)
    assert str(refused.value) == "“value” of test.happened is no code, number, id or day"
    assert not Event.objects.filter(name="test.happened").exists()


@pytest.mark.parametrize("value", PERSONAL)
def test_in_production_it_is_left_out_and_said_in_the_log(
    organization: Organization,
    value: object,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.LOCAL_MODE = False
    assert kept(organization, value) == {"count": 3}
    [line] = [one for one in caplog.records if one.name == "alliance.audit"]
    assert (line.levelno, line.getMessage()) == (logging.ERROR, "left out of the trail")
    assert (line.__dict__["trail"], line.__dict__["key"]) == ("test.happened", "value")
    assert "mbewe" not in json.dumps(line.__dict__, default=str).lower()


def test_states_and_roles_have_codes_that_the_trail_takes(
    organization: Organization, owner: User
) -> None:
    states = [state.code for state in (*EXPRESSION_OF_INTEREST.states, *DEMAND_OR_OFFER.states)]
    roles = codes_of(ROLES)
    assert roles == ["administrator", "library-editor", "reviewer", "senior-reviewer"]
    audit.record("test.happened", by=owner, about=organization, states=states, roles=roles)
    assert Event.objects.get(name="test.happened").data == {"states": states, "roles": roles}
