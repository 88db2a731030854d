"""Published reports: a library of any size, and one that has all that a report's page can show."""

import pgtrigger
from django.db import transaction
from django.utils import timezone

from alliance import vocabularies
from alliance.models import Country
from knowledge.indexing import index_due, mark_due
from knowledge.models import Edition, EditionFile, IndexEntry, Report, ReportAuthor
from submissions.benchmark import rows
from submissions.benchmark.copying import BLOCK, copy, numbers_of

_SECTIONS = 8
_TAGGED = (Report.themes.through, Report.sdgs.through)


def reports(number: int) -> None:
    """So many, each with an English edition, a theme and a goal.

    What is over a whole number of blocks is left out.
    """
    block = min(number, BLOCK)
    made = Report.objects.bulk_create(
        Report(
            title=f"Reading the {rows.words(place, 3)}",
            slug="reading",
            publisher="Alliance",
            year=2000 + place % 25,
            status=Report.Status.PUBLISHED,
        )
        for place in range(block)
    )
    Edition.objects.bulk_create(
        Edition(
            report=report,
            language="en",
            title=report.title,
            abstract=rows.words(report.pk, 90).capitalize(),
        )
        for report in made
    )
    for model, vocabulary in zip(_TAGGED, ("theme", "sdg"), strict=True):
        terms = vocabularies.terms(vocabulary)
        model._default_manager.bulk_create(
            model(report=report, term=terms[place % len(terms)])
            for place, report in enumerate(made)
        )
    for report in made:
        mark_due(report)
    while index_due():
        pass
    with pgtrigger.ignore(), transaction.atomic():  # as if each had come by itself
        _copy_all(number // block - 1)


def _copy_all(times: int) -> None:
    report = f"report_id + {numbers_of(Report)} * copy"
    copy(Report, times, catalogue_key="NULL")  # which stands for one shipped entry
    copy(Edition, times, report_id=report)
    for model in _TAGGED:
        copy(model, times, report_id=report)
    copy(IndexEntry, times, report_id=report)


def whole_report() -> Report:
    """One with people, places, goals, a PDF, findings and a text to read."""
    report = Report.objects.create(
        title="Reading the river in four districts",
        publisher="Alliance",
        place="Lilongwe",
        commissioner="Ministry of Water",
        year=2025,
        licence="CC BY 4.0",
        status=Report.Status.PUBLISHED,
    )
    for field, vocabulary, most in (("themes", "theme", 2), ("sdgs", "sdg", 4)):
        getattr(report, field).set(vocabularies.terms(vocabulary)[:most])
    report.regions.set(vocabularies.terms("region")[:1])
    report.countries.set(Country.objects.filter(iso2__in=["MW", "KE"]))
    for place in (1, 2):
        ReportAuthor.objects.create(
            report=report, position=place, given_name="Thandiwe", family_name=f"Mbewe{place}"
        )
    edition = Edition.objects.create(
        report=report,
        abstract=rows.words(1, 120).capitalize(),
        key_findings="\n".join(rows.words(number, 12) for number in range(5)),
        recommendations="\n".join(rows.words(number, 12) for number in range(3)),
        reading_html="".join(
            f'<h2 id="part-{number}">{rows.words(number, 3)}</h2><p>{rows.words(number, 150)}</p>'
            for number in range(_SECTIONS)
        ),
    )
    EditionFile.objects.create(
        edition=edition,
        number=1,
        name="report.pdf",
        file="library/none.pdf",
        size=1_000_000,
        sha256="0" * 64,
        content_type="application/pdf",
        scan=EditionFile.Scan.CLEAN,
        scanned_at=timezone.now(),
        page_count=40,
        text_state=EditionFile.Text.READ,
    )
    mark_due(report)
    return report
