"""The shipped reports in the library: loaded once, kept up to date, left to the editors."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Model

from alliance.models import Event
from knowledge.catalogue import entry_folders
from knowledge.catalogue_loader import CatalogueError, load_catalogue
from knowledge.models import Edition, EditionFile, Report, ReportAuthor
from tests.knowledge.factories import pdf_file

STUDY = "study-of-government-institutions-exchange-of-staff"
REVIEW = "what-do-we-know-about-exchange-for-development"


@pytest.fixture
def shipped(tmp_path: Path) -> list[Path]:
    """Copies of the shipped entries, to be changed as a new release would."""
    return [
        Path(shutil.copytree(folder, tmp_path / "catalogue" / folder.name))
        for folder in entry_folders()
    ]


def change(folder: Path, **changes: Any) -> None:
    entry = json.loads((folder / "entry.json").read_text())
    (folder / "entry.json").write_text(json.dumps(entry | changes))


def rows(*models: type[Model]) -> list[list[dict[str, Any]]]:
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def test_both_reports_are_loaded_with_all_that_belongs_to_them() -> None:
    call_command("load_catalogue")
    review = Report.objects.with_codes().with_people().get(catalogue_key=REVIEW)
    study = Report.objects.with_codes().with_people().get(catalogue_key=STUDY)
    assert str(review) == "What Do We Know About Exchange for Development?"
    assert review.subtitle == "Learning, Institutional Knowledge & Exchanges"
    assert (review.origin, review.commissioner) == ("Norec, 2019", "Norec")
    assert [str(person) for person in review.people] == ["Dr Cliff Allum"]
    assert (study.title, study.origin) == (
        "Study of Government Institutions Exchange of Staff",
        "Norec, 2019",
    )
    assert (study.people, study.performer) == ([], "")
    assert study.country_codes == ["KE", "MW", "NO", "TZ", "ZA"]
    assert "sdg-17" in study.goal_codes
    assert list(review.related.all()) == [study]
    for report in (review, study):
        edition = report.editions.get()
        file = edition.files.get()
        assert report.is_published
        assert edition.reading_is_digest
        assert file.is_digest
        assert file.page_count is not None
        assert file.page_count >= 2
        with file.file.open("rb") as stored:
            assert hashlib.sha256(stored.read()).hexdigest() == file.sha256


def test_reading_edition_loses_nothing_in_cleaning() -> None:
    load_catalogue()
    for folder in entry_folders():
        edition = Edition.objects.get(report__catalogue_key=folder.name)
        entry = json.loads((folder / "entry.json").read_text())
        shipped = [(heading["id"], heading["title"]) for heading in entry["contents"]]
        assert [(heading.id, heading.title) for heading in edition.sections] == shipped
        assert edition.reading_html.count("<td") == (folder / "reading.html").read_text().count(
            "<td"
        )


def test_loading_again_changes_nothing(shipped: list[Path]) -> None:
    first = load_catalogue(shipped)
    models = (Report, ReportAuthor, Edition, EditionFile, Report.related.through, Event)
    before = rows(*models)
    again = load_catalogue(shipped)
    assert (len(first.added), first.updated, first.kept) == (2, [], [])
    assert (again.added, again.updated, len(again.kept)) == ([], [], 2)
    assert rows(*models) == before


def test_entry_of_a_new_release_is_brought_up_to_date(shipped: list[Path]) -> None:
    load_catalogue(shipped)
    report = Report.objects.get(catalogue_key=shipped[0].name)
    before = report.editions.get().files.get()
    change(shipped[0], abstract="Written anew.", themes=["health"], countries=[])
    with pdf_file(3) as pdf:
        (shipped[0] / "digest.pdf").write_bytes(pdf.read())
    loaded = load_catalogue(shipped)
    assert loaded.updated == [shipped[0].name]
    edition = report.editions.get()
    assert edition.abstract == "Written anew."
    assert [term.code for term in report.themes.all()] == ["health"]
    assert list(report.countries.all()) == []
    assert [(file.number, file.page_count) for file in edition.files.all()] == [
        (2, 3),
        (1, before.page_count),
    ]


def test_report_that_an_editor_changed_is_left_alone(shipped: list[Path]) -> None:
    load_catalogue(shipped)
    Report.objects.update(catalogue_checksum="")
    before = rows(Report, Edition, EditionFile)
    for folder in shipped:
        change(folder, title="Another Title")
    assert len(load_catalogue(shipped).kept) == 2
    assert rows(Report, Edition, EditionFile) == before


def test_retired_report_does_not_come_back(shipped: list[Path]) -> None:
    load_catalogue(shipped)
    Report.objects.update(status=Report.Status.RETIRED)
    change(shipped[0], kind="Evaluation")
    load_catalogue(shipped)
    assert not Report.objects.exclude(status=Report.Status.RETIRED).exists()


def test_unknown_code_is_named_and_nothing_of_the_entry_is_kept(shipped: list[Path]) -> None:
    change(shipped[0], themes=["health", "no-such-theme"])
    with pytest.raises(CatalogueError, match="no-such-theme"):
        load_catalogue(shipped[:1])
    assert Report.objects.count() == 0
