"""The index of the library: what is written into it, when, and how it is put right."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from knowledge.indexing import index_due, mark_due
from knowledge.models import EditionFile, IndexChange, IndexEntry, Page, Report
from tests.knowledge.factories import add_pdf, add_text, make_report


def lexemes(report: Report, vector: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT tsvector_to_array({vector}) FROM {IndexEntry._meta.db_table}"
            " WHERE report_id = %s",
            [report.pk],
        )
        return set(cursor.fetchone()[0])


def test_entry_holds_what_the_list_shows_and_narrows_by() -> None:
    report = make_report(
        "Reading the Rain",
        themes=["health"],
        sdgs=["sdg-03"],
        countries=["KE"],
        languages=["en", "fr"],
        edition_abstract="First paragraph.\n\nSecond.",
    )
    add_pdf(report, pages=3)
    entry = report.index_entry
    assert set(entry.facets) == {
        "theme:health",
        "sdg:sdg-03",
        "country:KE",
        "publisher:Norec",
        "year:2019",
        "language:en",
        "language:fr",
    }
    assert entry.card["editions"] == [
        ["en", "Reading the Rain", "First paragraph.", 3],
        ["fr", "Reading the Rain", "First paragraph.", None],
    ]
    assert entry.title_key == "reading the rain"


@pytest.mark.parametrize(
    ("given", "shown_from"),
    [
        ({}, datetime.date.min),
        ({"status": "draft"}, None),
        ({"status": "retired"}, None),
        (
            {"status": "embargoed", "embargoed_until": datetime.date(2030, 1, 2)},
            datetime.date(2030, 1, 2),
        ),
    ],
)
def test_entry_says_from_which_day_anybody_may_find_the_report(
    given: dict[str, Any], shown_from: datetime.date | None
) -> None:
    assert make_report("One", **given).index_entry.shown_from == shown_from


def test_words_are_stemmed_by_the_language_of_the_edition() -> None:
    english = make_report("Programmes of organisations", publisher="")
    french = make_report("Échanges entre écoles", languages=["fr"], publisher="")
    chinese = make_report("南南合作", languages=["zh"], publisher="")
    assert lexemes(english, "titles") == {"program", "organ"}
    assert lexemes(french, "titles") == {"echang", "entre", "ecol"}
    assert lexemes(chinese, "titles") == {"南南", "南合", "合作"}


def test_changed_report_is_taken_up_at_once_and_its_pages_are_due() -> None:
    report = make_report("Old Name")
    before = report.index_entry.wanted
    changes = IndexChange.objects.count()
    report.editions.update(title="New Name")
    mark_due(report)
    report.refresh_from_db()
    assert "new" in lexemes(report, "everything")
    assert "old" not in lexemes(report, "words")
    assert report.index_entry.wanted == before + 1
    assert IndexChange.objects.count() == changes + 2  # the database tells of the edition, too


def test_report_that_the_index_missed_is_found_by_the_sweep() -> None:
    report = make_report("Lost")
    IndexEntry.objects.all().delete()
    assert index_due() == 1
    assert IndexEntry.objects.get().report == report
    Report.objects.update(title="Changed", changed_at=timezone.now())
    assert index_due() == 1
    assert IndexEntry.objects.get().card["title"] == "Changed"
    assert index_due() == 0


def test_pages_follow_the_verdict_of_a_scan() -> None:
    report = make_report("Tides")
    file = add_text(report, "A lighthouse.")
    mark_due(report)
    index_due()
    assert "lighthous" in lexemes(report, "everything")
    judge = EditionFile.objects.filter(pk=file.pk).update
    judge(scan="waiting", scan_due_at=timezone.now())
    mark_due(report)
    index_due()
    assert "lighthous" not in lexemes(report, "everything")
    judge(scan="clean", scan_due_at=None, scanned_at=timezone.now())
    assert index_due() == 1
    assert "lighthous" in lexemes(report, "everything")
    judge(scan="refused", scanned_at=timezone.now())
    assert index_due() == 1
    assert "lighthous" not in lexemes(report, "everything")
    assert index_due() == 0


def test_texts_of_any_length_are_taken_up_as_far_as_a_vector_has_room() -> None:
    words = [f"w{number:07}" for number in range(140_000)]
    html = f"<p>{' '.join(words)}</p>"
    report = make_report("Long", languages=["en", "fr"], edition_reading_html=html)
    add_text(report, " ".join(reversed(words)))
    mark_due(report)
    assert index_due() == 1
    assert {"long", words[0]} <= lexemes(report, "words")
    assert {"long", words[0], words[-1]} <= lexemes(report, "everything")
    mark_due(report)
    assert index_due() == 1


def test_report_that_cannot_be_read_is_given_up_and_holds_up_no_other() -> None:
    """What is said of the report is found all the same."""
    hopeless, other = make_report("Hopeless"), make_report("Other")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE knowledge_indexpart ADD CHECK (pages[1] <> 13)")
    Page.objects.create(file=add_pdf(hopeless), number=13, text="storms")
    Page.objects.create(file=add_pdf(other, width=210), number=1, text="tides")
    assert index_due() == 1
    assert "tide" in lexemes(other, "everything")
    for _turn in range(IndexEntry.MOST_ATTEMPTS):
        assert index_due() == 0
    entry = IndexEntry.objects.get(report=hopeless)
    assert (entry.attempts, entry.read) == (IndexEntry.MOST_ATTEMPTS, 0)
    assert "hopeless" in lexemes(hopeless, "everything")
    mark_due(hopeless)
    assert IndexEntry.objects.due().get().report == hopeless
