"""What reading a PDF fills in by itself, as long as nobody has written in its draft."""

from knowledge.models import EditionFile, Report
from knowledge.models.edition import LANGUAGES


def fill_in_language(version: EditionFile) -> None:
    """Take the language that was found for the draft's; one that was written in stays as it is."""
    edition, found = version.edition, version.language_found
    report = edition.report
    is_written_in = bool(report.publisher or edition.abstract or edition.reading_html)
    is_untouched = report.status == Report.Status.DRAFT and not is_written_in
    if not is_untouched or found == edition.language or found not in dict(LANGUAGES):
        return
    if version.number == 1 and report.editions.count() == 1:
        edition.language = found
        edition.save(update_fields=["language"])
