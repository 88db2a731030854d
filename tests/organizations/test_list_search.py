"""Looking a name up in the sanctions list by hand."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from alliance.models import Event
from organizations.models import ListedEntry, User
from organizations.screening import lookup
from tests import factories
from tests.organizations.lists import person
from tests.organizations.screening import LISTED, PLANTED, planted, take

SEARCH = "/admin/organizations/hit/search/"


def found(client: Client, **asked: Any) -> list[dict[str, Any]]:
    response = client.get(SEARCH, asked)
    assert response.status_code == 200
    rows: list[dict[str, Any]] = response.context["rows"]
    return rows


@pytest.mark.parametrize("name", [LISTED, "Tamsin, Zorvan QUILLBROOK", "Zorvan Quillbrok Tamsin"])
def test_a_name_finds_the_entry_in_any_order_and_with_an_error(
    name: str, reviewer_client: Client
) -> None:
    take([PLANTED])
    rows = found(reviewer_client, name=name)
    assert [row["listed_name"] for row in rows] == [LISTED]
    page = reviewer_client.get(SEARCH, {"name": name}).text
    entry = ListedEntry.objects.get(pk=rows[0]["entry"].pk)
    assert f"{entry.reference} · Person" in page
    assert "1 entry has a name like this one." in page
    assert "Malawi" in page
    assert rows[0]["score"] == pytest.approx(100, abs=5)


def test_what_else_is_known_speaks_for_and_against(reviewer_client: Client) -> None:
    take([PLANTED])
    [row] = found(reviewer_client, name=LISTED)
    assert row["verdicts"] == {"country": "unknown", "birth_year": "unknown", "kind": "unknown"}
    [row] = found(reviewer_client, name=LISTED, kind="person", country="MW")
    assert row["verdicts"] == {"country": "agrees", "birth_year": "unknown", "kind": "agrees"}
    [row] = found(reviewer_client, name=LISTED, kind="entity", country="SN", birth_year="1950")
    assert set(row["verdicts"].values()) == {"differs"}


def test_it_finds_what_the_screening_of_the_same_name_finds(reviewer_client: Client) -> None:
    hit = planted(factories.organization())
    [row] = found(reviewer_client, name=hit.name.name, kind="person")
    assert (row["entry"], row["listed_name"]) == (hit.entry, hit.listed_name)
    assert (row["band"], round(row["score"], 1)) == (hit.get_band_display(), hit.score)


def test_no_row_is_kept_of_it(reviewer_client: Client) -> None:
    take([PLANTED])
    reviewer_client.get(SEARCH)
    models = [model for model in apps.get_models() if model._meta.managed]
    before = {model: model._default_manager.count() for model in models}
    assert len(found(reviewer_client, name=LISTED, birth_year="1964", country="MW")) == 1
    assert {model: model._default_manager.count() for model in models} == before
    assert before[ListedEntry] > 0
    assert not Event.objects.filter(name__startswith="screening.").exists()


def test_a_name_like_none_and_a_missing_list_are_said(reviewer_client: Client) -> None:
    assert (
        "No sanctions list has been taken yet."
        in reviewer_client.get(SEARCH, {"name": LISTED}).text
    )
    take([PLANTED])
    page = reviewer_client.get(SEARCH, {"name": "Meteorological Service of Malawi"}).text
    assert "No entry has a name like this one." in page


def test_of_very_many_the_first_are_shown(
    reviewer_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "MOST", 2)
    take(person(f"QDi.{number}") for number in range(101, 104))
    response = reviewer_client.get(SEARCH, {"name": LISTED})
    assert (len(response.context["rows"]), response.context["lookup"].total) == (2, 3)
    assert "3 entries have a name like this one; the first 2 are shown." in response.text


@pytest.mark.parametrize(
    "asked",
    [
        {"name": ""},
        {"name": 301 * "x"},
        {"name": LISTED, "birth_year": "9" * 400},
        {"name": LISTED, "birth_year": "soon"},
        {"name": LISTED, "country": "XX"},
        {"name": LISTED, "kind": "planet"},
        {"birth_year": "1964"},
    ],
)
def test_what_nobody_types_is_refused_on_the_page(
    asked: dict[str, str], reviewer_client: Client
) -> None:
    take([PLANTED])
    response = reviewer_client.get(SEARCH, asked)
    assert (response.status_code, response.context["rows"]) == (200, [])
    assert "errorlist" in response.text


def test_bytes_that_no_person_types_are_turned_away(reviewer_client: Client) -> None:
    for text in ("%00", "%ff"):
        assert reviewer_client.get(f"{SEARCH}?name={text}").status_code == 400


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "!!!", "%", "\u202e", "名", "' OR 1=1"]
)
def test_any_text_is_looked_up_and_shown_as_text(name: str, reviewer_client: Client) -> None:
    take([PLANTED])
    page = reviewer_client.get(SEARCH, {"name": name})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_it_is_for_reviewers_and_found_where_hits_are(
    reviewer_client: Client, administrator: User
) -> None:
    cycle = factories.organization().due_diligence_cycles.get()
    for path in (
        f"/admin/organizations/duediligence/{cycle.pk}/change/",
        "/admin/organizations/hit/",
    ):
        assert f'href="{SEARCH}"' in reviewer_client.get(path).text
    assert factories.logged_in(administrator).get(SEARCH).status_code == 403
    assert reviewer_client.post(SEARCH, {"name": LISTED}).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_many_questions_for_one_entry_as_for_three(
    rows: int, reviewer_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    take(person(f"QDi.{number}") for number in range(101, 101 + rows))
    assert len(found(reviewer_client, name=LISTED)) == rows
    with django_assert_num_queries(7):
        found(reviewer_client, name=LISTED)
