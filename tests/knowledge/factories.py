"""Reports for the tests: plain functions, real rows, real PDF files."""

import io
import tempfile
from typing import Any

import pypdfium2
from django.core.files.base import File

from alliance.models import Country, Term
from knowledge.importing import add_version
from knowledge.indexing import mark_due
from knowledge.models import Edition, EditionFile, Page, Report, ReportAuthor

TAGS = {"themes": "theme", "regions": "region", "sdgs": "sdg"}


def make_report(title: str = "Reading the Rain", **given: Any) -> Report:
    """A published report with an English edition; codes for its themes, regions, goals, countries.

    Fields of the edition are given with the prefix `edition_`; `edition=False` leaves it out.
    """
    has_edition = given.pop("edition", True)
    languages = given.pop("languages", ["en"])
    authors = given.pop("authors", [])
    countries = given.pop("countries", [])
    tags = {field: given.pop(field, []) for field in TAGS}
    texts = {
        name.removeprefix("edition_"): given.pop(name)
        for name in list(given)
        if name.startswith("edition_")
    }
    fields = {"publisher": "Norec", "year": 2019, "status": Report.Status.PUBLISHED} | given
    report = Report.objects.create(title=title, **fields)
    for field, codes in tags.items():
        getattr(report, field).set(Term.objects.of(TAGS[field]).filter(code__in=codes))
    report.countries.set(Country.objects.filter(pk__in=countries))
    for position, author in enumerate(authors, start=1):
        names = dict(zip(("given_name", "family_name", "prefix"), author, strict=False))
        ReportAuthor.objects.create(report=report, position=position, **names)
    for language in languages if has_edition else []:
        Edition.objects.create(report=report, language=language, **texts)
    mark_due(report)
    return report


def pdf_file(pages: int = 1, width: int = 200) -> io.BufferedRandom:
    """A sound PDF on disk; another width makes other bytes."""
    document = pypdfium2.PdfDocument.new()
    for _page in range(pages):
        document.new_page(width, 300)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    document.save(file)
    document.close()
    file.seek(0)
    return file


def add_pdf(
    report: Report, *, pages: int = 1, width: int = 200, is_digest: bool = False
) -> EditionFile:
    """Give the report's first edition a PDF, as an import does."""
    edition = report.editions.all()[0]
    with pdf_file(pages, width) as pdf:
        return add_version(edition, pdf=File(pdf), is_digest=is_digest, by=None)


def add_text(report: Report, *texts: str) -> EditionFile:
    """Give the report's first edition a PDF with these pages, whose text has been read."""
    version = add_pdf(report, pages=len(texts))
    Page.objects.bulk_create(
        Page(file=version, number=number, text=text) for number, text in enumerate(texts, start=1)
    )
    version.text_state = EditionFile.Text.READ
    version.save()
    return version
