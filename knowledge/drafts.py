"""What reading a PDF fills in by itself, as long as nobody has written in its draft."""

import re

from knowledge.models import EditionFile, Report
from knowledge.models.edition import LANGUAGES

# What programs write in the place of a title: their own name, the name of a file, a placeholder.
_NO_TITLE = re.compile(
    r"(microsoft (word|excel|powerpoint)\b|(untitled|no title|unbenannt|sans titre|title|titel|titre|"
    r"document|dokument|report|layout|slide|folie|presentation|präsentation|powerpoint|pdf|print|"
    r"scan|cover)[\W\d_]*$)|.*\.(docx?|pdf|indd|pptx?|xlsx?|qxp|tex|dvi|ps|odt|rtf|pages|html?)$|"
    r"(https?|file):|[a-z]:\\|\S*[\d_]\S*$",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_SHORTEST, _LONGEST = 4, 300


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


def fill_in_title(version: EditionFile, titles: tuple[str, str]) -> None:
    """Call the draft what the file says it is called, else what its first page says largest.

    Only while it is called by the name of its file; an edition with a title of its own keeps it.
    The address follows, since nobody has it yet.
    """
    report = Report.objects.select_for_update().get(pk=version.edition.report_id)
    found = next(filter(is_title, titles), "")
    if not found or not report.is_named_by_file or report.status != Report.Status.DRAFT:
        return
    report.editions.filter(title=report.title).update(title=found)
    report.title, report.slug, report.is_named_by_file = found, "", False
    report.save(update_fields=["title", "slug", "is_named_by_file", "changed_at"])


def is_title(text: str) -> bool:
    """Whether people wrote it as a title, and no program did in its place."""
    is_short_enough = _SHORTEST <= len(text) <= _LONGEST
    return is_short_enough and bool(_LETTERS.search(text)) and not _NO_TITLE.match(text)
