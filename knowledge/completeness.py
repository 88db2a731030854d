"""What a report needs before readers get it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from knowledge.models import Edition, Report


def missing(report: Report) -> list[str]:
    """What is still missing, each in words for the editor; empty where it may be published.

    Reads `editions` with their `files`, as they were prefetched.
    """
    return list(_missing(report))


def _missing(report: Report) -> Iterator[str]:
    editions = list(report.editions.all())
    if not report.title.strip():
        yield _("A title.")
    if not report.publisher.strip():
        yield _("The publisher.")
    if not editions:
        yield _("An edition: the language, and the abstract in it.")
    for edition in editions:
        if not edition.abstract.strip():
            yield _("An abstract in %(language)s.") % {"language": edition.get_language_display()}
    if editions and not any(map(_can_be_read, editions)):
        yield _("Something to read: the PDF, or a reading edition.")
    if not (report.licence.strip() or report.source_url.strip()):
        yield _("The licence, or the address at the publisher.")


def _can_be_read(edition: Edition) -> bool:
    """Whether readers find a text; a file that still waits for its scan follows by itself."""
    files = edition.files.all()
    return bool(edition.reading_html) or any(file.scan != file.Scan.REFUSED for file in files)
