"""Where a report stands: published, kept back, retired; what the database refuses besides."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.models import Event
from knowledge.actions import embargo_report, publish_report, retire_report, withdraw_report
from knowledge.models import Report
from organizations.models import User
from tests import factories
from tests.knowledge.factories import make_report

ARROWS = {
    ("draft", "published"),
    ("draft", "embargoed"),
    ("embargoed", "draft"),
    ("embargoed", "published"),
    ("embargoed", "retired"),
    ("published", "retired"),
    ("retired", "published"),
}
STATES = ("draft", "embargoed", "published", "retired")


def ready(status: str = "draft", **given: Any) -> Report:
    """A report that lacks nothing."""
    if status == "embargoed":
        given.setdefault("embargoed_until", timezone.localdate() + timedelta(days=9))
    texts = {"edition_abstract": "About rain.", "edition_reading_html": "<p>Rain.</p>"}
    return make_report(status=status, licence="CC BY 4.0", **texts, **given)


@pytest.mark.parametrize(("before", "after"), list(itertools.permutations(STATES, 2)))
def test_database_refuses_every_arrow_that_the_table_does_not_know(before: str, after: str) -> None:
    report = make_report(status=before, embargoed_until=timezone.localdate())
    reports = Report.objects.filter(pk=report.pk)
    if (before, after) in ARROWS:
        assert reports.update(status=after) == 1
        return
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        reports.update(status=after)
    assert reports.get().status == before


def test_a_published_report_is_found_and_its_event_says_who(library_editor: User) -> None:
    report = publish_report(ready(), by=library_editor)
    assert list(Report.objects.published()) == [report]
    event = Event.objects.get()
    assert (event.name, event.actor_id) == ("report.published", library_editor.pk)


def test_what_is_missing_keeps_a_report_from_readers(library_editor: User) -> None:
    report = make_report(status="draft", licence="CC BY 4.0")
    with pytest.raises(ActionRefused, match=r"An abstract in English\. Something to read"):
        publish_report(report, by=library_editor)
    with pytest.raises(ActionRefused, match="An abstract in English"):
        embargo_report(report, by=library_editor, until=timezone.localdate() + timedelta(days=1))
    report.refresh_from_db()
    assert report.status == "draft"
    assert Event.objects.count() == 0


def test_an_embargo_ends_by_itself(library_editor: User) -> None:
    day = timezone.localdate() + timedelta(days=1)
    report = embargo_report(ready(), by=library_editor, until=day)
    assert list(Report.objects.published(timezone.localdate())) == []
    assert list(Report.objects.published(day)) == [report]
    assert Event.objects.get().data == {"until": day.isoformat()}


def test_an_embargo_needs_a_day_that_lies_ahead(library_editor: User) -> None:
    with pytest.raises(ActionRefused, match="Give a day that lies ahead"):
        embargo_report(ready(), by=library_editor, until=timezone.localdate())


@pytest.mark.parametrize("status", ["published", "embargoed"])
def test_what_readers_have_seen_never_becomes_a_draft(status: str, library_editor: User) -> None:
    report = ready(status, embargoed_until=timezone.localdate())
    with pytest.raises(ActionRefused, match="It can only be retired"):
        withdraw_report(report, by=library_editor)
    later = timezone.localdate() + timedelta(days=2)
    with pytest.raises(ActionRefused, match="It can only be retired"):
        embargo_report(report, by=library_editor, until=later)


def test_a_report_kept_back_can_be_a_draft_again(library_editor: User) -> None:
    report = withdraw_report(ready("embargoed"), by=library_editor)
    assert (report.status, report.embargoed_until) == ("draft", None)


def test_a_retired_report_leaves_a_page_that_says_why(library_editor: User) -> None:
    report = retire_report(ready("published"), by=library_editor, note="Replaced in 2025.")
    response = Client().get(report.get_absolute_url())
    assert response.status_code == 410
    assert "Replaced in 2025." in response.content.decode()
    report = publish_report(report, by=library_editor)
    assert Client().get(report.get_absolute_url()).status_code == 200
    assert report.retirement_note == ""


def test_publishing_ends_an_embargo_and_takes_the_report_into_the_index_once_more(
    library_editor: User,
) -> None:
    report = ready("embargoed", catalogue_checksum=64 * "a")
    wanted = report.index_entry.wanted
    report = publish_report(report, by=library_editor)
    report.refresh_from_db()
    assert (report.embargoed_until, report.catalogue_checksum) == (None, "")
    assert report.index_entry.wanted == wanted + 1
    shown_from = report.index_entry.shown_from
    assert shown_from is not None
    assert shown_from <= timezone.localdate()


def test_who_is_no_library_editor_is_refused(senior: User) -> None:
    report = ready()
    with pytest.raises(ActionRefused, match="You are not allowed to do this"):
        publish_report(report, by=senior)


def test_who_comes_second_is_told_how_it_stands(library_editor: User) -> None:
    report = ready("published")
    other = Report.objects.get(pk=report.pk)
    retire_report(report, by=library_editor, note="Gone.")
    with pytest.raises(ActionRefused, match="it is now “Retired”"):
        retire_report(other, by=library_editor, note="Gone as well.")


def test_editor_walks_the_buttons_of_the_report_page(library_editor: User) -> None:
    client = factories.logged_in(library_editor)
    report = ready()
    page = reverse("admin:knowledge_report_change", args=[report.pk])
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    for name, typed, status in (
        ("embargo", {"until": day}, "embargoed"),
        ("withdraw", {}, "draft"),
        ("publish", {}, "published"),
        ("retire", {"note": "Replaced."}, "retired"),
    ):
        address = reverse(f"admin:knowledge_report_{name}", args=[report.pk])
        assert f'"{address}"' in client.get(page).content.decode()
        response = client.post(address, typed)
        assert response.headers.get("Location") == page
        report.refresh_from_db()
        assert report.status == status


def test_a_refused_act_keeps_what_was_typed(library_editor: User) -> None:
    client = factories.logged_in(library_editor)
    report = ready("draft")
    address = reverse("admin:knowledge_report_retire", args=[report.pk])
    response = client.post(address, {"note": "Replaced by a newer one."})
    assert response.status_code == 422
    content = response.content.decode()
    assert "Replaced by a newer one." in content
    assert "it is now “Draft”" in content
