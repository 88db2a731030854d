"""`import_report`: the publisher's PDF, with what is said of it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from alliance.models import Event
from knowledge.models import EditionFile, Report
from tests.knowledge.factories import add_pdf, make_report, pdf_file

METADATA = {
    "title": "Reading the Rain",
    "publisher": "Norec",
    "year": 2019,
    "licence": "CC BY 4.0",
    "authors": [{"family": "Mensah", "given": "Ama", "prefix": "Dr"}],
    "themes": ["health"],
    "countries": ["KE", "MW"],
    "abstract": "About rain.",
    "key_findings": ["It falls.", "It dries."],
}


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "publisher.pdf"
    with pdf_file(3) as file:
        path.write_bytes(file.read())
    return path


def run(pdf: Path, said: dict[str, Any] | str | None = None, *options: str) -> str:
    out = io.StringIO()
    more = list(options)
    if said is not None:
        path = pdf.with_name("said.json")
        path.write_text(said if isinstance(said, str) else json.dumps(said, indent=1))
        more += ["--metadata", str(path)]
    call_command("import_report", pdf, *more, stdout=out)
    return out.getvalue()


def test_a_report_with_all_that_is_said_of_it(pdf: Path) -> None:
    told = run(pdf, METADATA, "--publish")
    report = Report.objects.get()
    assert told == (
        f"Published: {report.pk}, Reading the Rain (published), at {report.get_absolute_url()}\n"
    )
    edition = report.editions.get()
    assert edition.findings_list == ["It falls.", "It dries."]
    assert [str(person) for person in report.authors.all()] == ["Dr Ama Mensah"]
    assert EditionFile.objects.get().page_count == 3


def test_one_upload_replaces_the_digest_and_the_address_stays(pdf: Path) -> None:
    report = make_report(catalogue_key="shipped", catalogue_checksum="f" * 64)
    digest = add_pdf(report, is_digest=True)
    address = report.get_absolute_url()
    told = run(pdf, None, "--report", str(report.pk))
    assert told.startswith(f"Changed: {report.pk}, ")
    report.refresh_from_db()
    assert (report.get_absolute_url(), report.catalogue_checksum) == (address, "")
    current = report.editions.get().current_file
    assert current is not None
    assert (current.number, current.is_digest) == (2, False)
    assert EditionFile.objects.filter(pk=digest.pk, number=1).exists()


def test_running_it_again_changes_nothing(pdf: Path) -> None:
    run(pdf, METADATA, "--publish")
    before = list(Report.objects.values()), Event.objects.count(), EditionFile.objects.count()
    assert run(pdf, METADATA, "--publish").startswith("Same: ")
    after = list(Report.objects.values()), Event.objects.count(), EditionFile.objects.count()
    assert after == before


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('{\n "title": "T",\n "year": ', "said.json: line 3: This is no JSON"),
        ('{\n "title": "T",\n "them": ["health"]\n}', "line 3, them: There is no such key."),
        ('{\n "title": "T",\n "authors": ["Ama"]\n}', "line 3, authors: Each author is an object"),
        ('{"title": "T", "themes": ["helth"]}', "themes: The list has no “helth”."),
        ('{"title": "T", "language": "xx"}', "language: “xx” is none of these"),
        ("[]", "This should be one JSON object"),
        ("[" * 100_000, "This JSON is nested too deeply."),
        ("{}", "title: Every report has a title."),
    ],
)
def test_what_is_wrong_is_told_by_line_and_key(said: str, words: str, pdf: Path) -> None:
    with pytest.raises(CommandError, match="Nothing was changed") as error:
        run(pdf, said)
    assert words in str(error.value)
    assert (Report.objects.count(), EditionFile.objects.count()) == (0, 0)


def test_what_cannot_be_published_is_not_half_imported(pdf: Path) -> None:
    with pytest.raises(CommandError, match="An abstract in English"):
        run(pdf, METADATA | {"abstract": ""}, "--publish")
    assert (Report.objects.count(), EditionFile.objects.count()) == (0, 0)


def test_metadata_may_be_a_table_of_one_line(pdf: Path) -> None:
    table = pdf.with_name("said.csv")
    table.write_text("title;publisher;abstract_fr\nLa pluie;Norec;Il pleut.\n")
    run(pdf, None, "--metadata", str(table), "--language", "fr")
    edition = Report.objects.get().editions.get()
    assert (edition.language, edition.abstract, edition.title) == ("fr", "Il pleut.", "La pluie")
    assert edition.files.count() == 1
