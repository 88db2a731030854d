"""Answers that are kept for visitors, and pages that are drawn once: what is true, and nobody else's."""

from datetime import timedelta, timezone

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone as clock

from alliance import drawn_pages, kept_pages, states
from knowledge.indexing import mark_due
from knowledge.models import EditionFile, Report
from organizations.models import Organization, User
from submissions.directory.writing import follow_marked
from submissions.models import PublicEntry
from submissions.public.addresses import address
from tests import factories
from tests.knowledge.factories import add_pdf, make_report
from tests.rules.matrix import body
from tests.submissions.publishing import suspend

pytestmark = pytest.mark.django_db

GAUGES = "We read river gauges by hand."


@pytest.fixture
def report() -> Report:
    return make_report("Reading the Rain", edition_abstract="Four offices share one forecast.")


@pytest.fixture
def demand_path(owner: User) -> str:
    """The page of a published Demand, its organization followed as the worker does."""
    demand = factories.demand(owner, "published", description=GAUGES)
    follow_marked()
    entry = PublicEntry.objects.get(submission=demand)
    return address(demand.kind, str(demand), entry.slug)


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def cost(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize(
    "path", ["/", "/library/", "/demands/", "/organizations/", "DEMAND", "REPORT"]
)
def test_a_visitor_is_given_what_was_drawn_for_another_at_the_cost_of_one_question(
    path: str, report: Report, demand_path: str
) -> None:
    path = {"DEMAND": demand_path, "REPORT": report.get_absolute_url()}.get(path, path)
    first = Client().get(path)
    with CaptureQueriesContext(connection) as captured:
        second = Client().get(path)
    assert len(captured) == 1
    assert "EXECUTE" in captured.captured_queries[0]["sql"]
    assert second.content == first.content
    own = {"X-Request-ID", "Date"}
    assert {name: value for name, value in second.headers.items() if name not in own} == {
        name: value for name, value in first.headers.items() if name not in own
    }
    assert second.headers["X-Request-ID"] != first.headers["X-Request-ID"]


def test_what_is_written_anew_is_seen_with_the_next_request(report: Report) -> None:
    path = report.get_absolute_url()
    assert "Four offices" in text(Client(), path)
    report.editions.update(abstract="Five offices share one forecast.")
    assert "Five offices" in text(Client(), path)
    report.editions.update(title="Reading the Wind")
    mark_due(report)
    assert "Reading the Wind" in text(Client(), "/library/")


def test_what_is_retired_by_whatever_way_is_gone_with_the_next_request(report: Report) -> None:
    path = report.get_absolute_url()
    assert Client().get(path).status_code == 200
    Report.objects.filter(pk=report.pk).update(status="retired")
    assert Client().get(path).status_code == 410


def test_a_verdict_of_the_scanner_is_seen_with_the_next_request(report: Report) -> None:
    file = add_pdf(report)
    path = report.get_absolute_url()
    assert "citation_pdf_url" in text(Client(), path)
    EditionFile.objects.filter(pk=file.pk).update(scan="refused", scanned_at=clock.now())
    assert "citation_pdf_url" not in text(Client(), path)


def test_what_is_not_cleared_any_more_is_gone_before_and_after_the_worker_has_followed(
    demand_path: str, organization: Organization
) -> None:
    client = Client()
    assert client.get(demand_path).status_code == 200
    assert GAUGES.rstrip(".") in text(client, "/demands/")
    suspend(organization)
    for _time in ("before", "after"):
        assert client.get(demand_path).status_code == 404
        assert GAUGES.rstrip(".") not in text(client, "/demands/")
        follow_marked()


def test_a_new_name_of_the_organization_is_seen_before_and_after_the_worker_has_followed(
    demand_path: str, organization: Organization
) -> None:
    assert "Weather Office" not in text(Client(), demand_path)
    Organization.objects.filter(pk=organization.pk).update(name="Weather Office")
    assert "Weather Office" in text(Client(), demand_path)
    follow_marked()
    assert "Weather Office" in text(Client(), demand_path)


def test_another_day_is_another_state() -> None:
    names = set()
    for hours in (-12, 14):  # it is never the same day in both
        with clock.override(timezone(timedelta(hours=hours))):
            names.add(states.settled())
    assert len(names) == 2
    assert None not in names


@pytest.mark.parametrize("path", ["/", "/library/", "DEMAND", "REPORT"])
def test_nobody_is_given_the_page_of_somebody_else(
    path: str, report: Report, demand_path: str, owner_client: Client
) -> None:
    path = {"DEMAND": demand_path, "REPORT": report.get_absolute_url()}.get(path, path)
    for _time in range(2):
        assert "Dashboard" not in text(Client(), path)
        own = owner_client.get(path)
        assert "Dashboard" in own.content.decode()
        assert own.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in own.headers


def test_members_are_given_the_drawn_page_with_a_menu_and_a_token_of_their_own(
    report: Report, owner_client: Client
) -> None:
    path = report.get_absolute_url()
    first, second = owner_client.get(path), owner_client.get(path)
    assert first.content != second.content  # the token is masked anew
    assert b"csrfmiddlewaretoken" in second.content
    follow_marked()
    text(Client(), path)
    # The session, the person and the state.
    assert len(cost(owner_client, path)) == 3


def test_no_mark_of_a_gap_is_left_in_a_page(report: Report, owner_client: Client) -> None:
    mark = drawn_pages.gap("")[1:20]
    for client in (Client(), owner_client):
        assert mark not in text(client, report.get_absolute_url())


def test_a_preview_is_not_kept_for_others(library_editor: User) -> None:
    draft = make_report("Not Yet", status="draft")
    path = draft.get_absolute_url()
    editor = factories.logged_in(library_editor)
    assert "preview" in text(editor, path)
    assert Client().get(path).status_code == 404
    assert "preview" in text(editor, path)


def test_whoever_has_a_message_is_shown_it_and_others_are_not(report: Report) -> None:
    client = Client()
    text(client, "/library/")
    client.cookies["messages"] = "anything"
    assert len(cost(client, "/library/")) >= 1
    assert not kept_pages.is_plain(client.get("/library/").wsgi_request)


@pytest.mark.parametrize("tail", ["?", "?x=1", "?q=rain", "?language=en"])
def test_only_addresses_without_a_question_are_kept(tail: str, report: Report) -> None:
    path = report.get_absolute_url()
    whole = Client().get(path)
    other = Client().get(f"{path}{tail}")
    assert ("ETag" in other.headers) == (tail == "?")
    assert "ETag" in whole.headers


def tagged(path: str, tag: str) -> HttpResponseBase:
    return Client(headers={"If-None-Match": tag}).get(path)


@pytest.mark.parametrize("path", ["/", "/library/", "/demands/", "DEMAND", "REPORT"])
def test_a_browser_that_has_the_page_is_told_so_until_it_changes(
    path: str, report: Report, demand_path: str
) -> None:
    path = {"DEMAND": demand_path, "REPORT": report.get_absolute_url()}.get(path, path)
    tag = Client().get(path).headers["ETag"]
    known = tagged(path, tag)
    assert (known.status_code, body(known)) == (304, "")
    assert (known.headers["ETag"], known.headers["Cache-Control"]) == (tag, "no-cache")
    assert "Cookie" in known.headers["Vary"]
    kept_pages.forget()  # another process draws the same
    assert tagged(path, tag).status_code == 304
    assert tagged(path, 'W/"other"').status_code == 200


def test_a_page_that_says_something_new_has_another_tag(report: Report) -> None:
    path = report.get_absolute_url()
    tag = Client().get(path).headers["ETag"]
    report.editions.update(abstract="Five offices share one forecast.")
    assert tagged(path, tag).status_code == 200


def test_compressed_and_plain_answers_are_kept_apart(report: Report) -> None:
    takes_gzip = Client(headers={"Accept-Encoding": "gzip"})
    for _time in range(2):
        assert takes_gzip.get("/library/").headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in Client().get("/library/").headers


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_meanwhile_is_made_anew(contents: None) -> None:
    assert Client().get("/library/").status_code == 200
    connection.connection.close()
    assert Client().get("/library/").status_code == 200


def test_an_answer_is_never_older_than_a_minute(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_pages, "LONGEST", -1)
    text(Client(), "/library/")
    # The page is put together again; what it is made of is kept.
    assert Client().get("/library/").context is not None


def test_the_session_cookie_alone_makes_an_answer_personal(report: Report) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "gone"
    assert client.get("/library/").headers["Cache-Control"] == "private, no-store"
