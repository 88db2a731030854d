"""Reports in bulk: out as a table with files, back in, and changed where the table says so."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from alliance.models import Event
from knowledge.exchange.writing import TABLE
from knowledge.models import Edition, EditionFile, Report, ReportAuthor
from tests.knowledge.factories import add_pdf, make_report, pdf_file

READABLE = {
    "edition_abstract": "First.\r\n\r\nSecond, “quoted”.",
    "edition_reading_html": '<h2 id="a">A</h2><p>x</p>',
    "licence": "CC BY 4.0",
}


def full_report() -> Report:
    report = make_report(
        '=HYPERLINK("http://evil.example")',
        subtitle="-1; with, signs",
        authors=[("Ama", "Mensah", "Dr"), ("", "Who; has, signs", "")],
        themes=["health"],
        regions=["africa"],
        sdgs=["sdg-03", "sdg-17"],
        countries=["KE", "MW"],
        languages=["en", "fr"],
        doi="10.1000/182",
        **READABLE,
    )
    report.related.add(make_report("Another One", **READABLE))
    add_pdf(report)
    return report


def exported(folder: Path) -> Path:
    call_command("export_reports", folder, stdout=io.StringIO())
    return folder / TABLE


def rows_of(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def rewrite(table: Path, change: Callable[[list[dict[str, str]]], Any], **how: str) -> None:
    """Save the table anew, as a spreadsheet would."""
    rows = rows_of(table)
    change(rows)
    with table.open("w", encoding=how.pop("encoding", "utf-8"), newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), **how)  # type: ignore[arg-type]
        writer.writeheader()
        writer.writerows(rows)


def imported(table: Path, *options: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_reports", table, *options, stdout=out, stderr=err)
    except CommandError as error:
        return err.getvalue() + out.getvalue() + str(error)
    return out.getvalue()


def everything() -> list[Any]:
    """All that an import could change, dates and events included."""
    models: tuple[Any, ...] = (Report, Edition, EditionFile, Report.themes.through, ReportAuthor)
    rows = [list(model.objects.order_by("pk").values()) for model in models]
    return [*rows, list(Event.objects.order_by("pk").values())]


def test_what_was_taken_out_comes_back_in_and_changes_nothing(tmp_path: Path) -> None:
    full_report()
    table = exported(tmp_path / "out")
    before = everything()
    assert imported(table) == "0 added, 0 changed, 2 as they were, 0 wrong.\n"
    assert everything() == before


@pytest.mark.parametrize(
    ("encoding", "how"),
    [("utf-8-sig", {"delimiter": ";"}), ("utf-16", {"delimiter": "\t", "lineterminator": "\n"})],
)
def test_a_spreadsheet_that_saved_it_otherwise_changes_nothing(
    encoding: str, how: dict[str, str], tmp_path: Path
) -> None:
    full_report()
    table = exported(tmp_path / "out")
    rewrite(table, lambda rows: None, encoding=encoding, **how)
    before = everything()
    assert "2 as they were" in imported(table)
    assert everything() == before


def test_no_cell_of_an_export_is_a_formula(tmp_path: Path) -> None:
    full_report()
    cells = [cell for row in rows_of(exported(tmp_path / "out")) for cell in row.values()]
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    assert '\'=HYPERLINK("http://evil.example")' in cells


def test_a_library_comes_whole_into_an_empty_one(tmp_path: Path) -> None:
    report = full_report()
    table = exported(tmp_path / "out")
    row = rows_of(table)[1] if rows_of(table)[1]["doi"] else rows_of(table)[0]
    old_file = EditionFile.objects.get()
    Report.objects.all().delete()
    rewrite(table, lambda rows: [each.update(id="", related="") for each in rows])
    assert imported(table) == ("2 added, 0 changed, 0 as they were, 0 wrong.\n"), (
        "the other one lacks an abstract"
    )
    again = Report.objects.get(doi=report.doi)
    assert (again.title, again.subtitle, again.status) == (
        report.title,
        report.subtitle,
        "published",
    )
    assert [str(person) for person in again.authors.all()] == ["Dr Ama Mensah", "Who; has, signs"]
    assert sorted(again.countries.values_list("pk", flat=True)) == ["KE", "MW"]
    assert [edition.language for edition in again.editions.all()] == ["en", "fr"]
    assert again.editions.all()[0].abstract == row["abstract_en"].replace("\r\n", "\n")
    assert EditionFile.objects.get().sha256 == old_file.sha256
    assert "2 as they were" in imported(table)


def test_a_changed_row_changes_just_that(tmp_path: Path) -> None:
    report, other = full_report(), Report.objects.get(title="Another One")
    table = exported(tmp_path / "out")
    events = Event.objects.count()

    def change(rows: list[dict[str, str]]) -> None:
        row = next(row for row in rows if row["id"] == str(report.pk))
        row.update(
            publisher="Another Press", themes="health; education-skills", abstract_fr="Voilà."
        )

    rewrite(table, change)
    assert imported(table) == "0 added, 1 changed, 1 as they were, 0 wrong.\n"
    changed_at = other.changed_at
    report.refresh_from_db()
    other.refresh_from_db()
    assert (report.publisher, other.changed_at) == ("Another Press", changed_at)
    assert report.editions.get(language="fr").abstract == "Voilà."
    (event,) = Event.objects.order_by("pk")[events:]
    assert event.name == "report.changed"
    assert event.data["fields"] == ["abstract_fr", "publisher", "themes"]
    assert EditionFile.objects.count() == 1


def test_another_file_is_the_next_version(tmp_path: Path) -> None:
    report = full_report()
    table = exported(tmp_path / "out")
    (path,) = (tmp_path / "out" / "files").iterdir()
    with pdf_file(7) as pdf:
        path.write_bytes(pdf.read())
    assert "1 changed" in imported(table)
    versions = EditionFile.objects.filter(edition__report=report).order_by("number")
    assert [(file.number, file.page_count) for file in versions] == [(1, 1), (2, 7)]


def test_with_one_error_nothing_is_changed_and_all_errors_are_told(tmp_path: Path) -> None:
    full_report()
    table = exported(tmp_path / "out")

    def spoil(rows: list[dict[str, str]]) -> None:
        rows[0].update(publisher="New Press")
        rows[1].update(regions="afrika", file_en="files/gone.pdf")

    rewrite(table, spoil)
    before = everything()
    told = imported(table)
    assert f"{table}: line 3, regions: The list has no “afrika”." in told
    assert "Nothing was changed. It would be: 0 added, 1 changed" in told
    assert everything() == before
    assert "1 changed" in imported(table, "--skip-wrong")
    assert Report.objects.filter(publisher="New Press").count() == 1


def test_a_trial_tells_what_the_import_would_and_changes_nothing(tmp_path: Path) -> None:
    with pdf_file(2) as pdf:
        (tmp_path / "rain.pdf").write_bytes(pdf.read())
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7 torn")
    table = tmp_path / "new.csv"
    table.write_text(
        "title,publisher,licence,status,abstract_en,file_en\n"
        "Rain,Norec,CC BY,published,About rain.,rain.pdf\n"
        "Torn,Norec,CC BY,published,About.,torn.pdf\n"
        "Bare,Norec,CC BY,published,About.,\n"
    )
    told = imported(table, "--trial")
    assert "line 3, file_en: This PDF cannot be opened" in told
    assert "line 4, status: Before that, add: Something to read" in told
    assert "Would be: 1 added, 0 changed, 0 as they were, 2 wrong." in told
    assert (Report.objects.count(), Event.objects.count()) == (0, 0)
    table.write_text("".join(table.read_text().splitlines(keepends=True)[:2]))
    imported(table)
    report = Report.objects.get()
    assert (report.title, report.status) == ("Rain", "published")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "draft"}, "status: Readers have this report already."),
        (
            {"languages": "en"},
            "languages: An edition keeps its address and cannot be taken away: fr",
        ),
        ({"id": "999999999"}, "id: There is no report with the number 999999999."),
        ({"year": "2018", "date": "2019-01-01"}, "The date does not lie in the year given."),
    ],
)
def test_what_may_not_be_is_told(change: dict[str, str], words: str, tmp_path: Path) -> None:
    report = full_report()
    table = exported(tmp_path / "out")

    def spoil(rows: list[dict[str, str]]) -> None:
        row = next(row for row in rows if row["id"] == str(report.pk))
        if "languages" in change:
            row.update({name: "" for name in row if name.endswith("_fr")})
        row.update(change)

    rewrite(table, spoil)
    before = everything()
    assert words in imported(table)
    assert everything() == before
