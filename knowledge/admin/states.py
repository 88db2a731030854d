"""How far the reading of a PDF is, and what a report still lacks, as the editor's pages show it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knowledge.completeness import missing
from knowledge.models import EditionFile, Report


@dataclass(frozen=True)
class Draft:
    """A draft with what its newest file has come to; `lacks` in words, empty once it is complete."""

    report: Report
    file: EditionFile | None
    lacks: list[str]

    @property
    def is_waiting(self) -> bool:
        return self.file is not None and is_waiting(self.file)

    @property
    def state(self) -> str:
        return reading_state(self.file) if self.file else _("No PDF")


def newest_drafts(most: int) -> list[Draft]:
    drafts = Report.objects.filter(status=Report.Status.DRAFT).with_editions().order_by("-pk")
    return [Draft(report, newest_file(report), missing(report)) for report in drafts[:most]]


def newest_file(report: Report) -> EditionFile | None:
    """The newest version of the first edition that has a PDF; reads what was prefetched."""
    for edition in report.editions.all():
        if files := edition.files.all():
            return max(files, key=lambda file: file.number)
    return None


def is_waiting(file: EditionFile) -> bool:
    """Whether the worker has something to do with the file still."""
    is_scanned = file.scan not in {file.Scan.WAITING, file.Scan.FAILED}
    return not is_scanned or (
        file.scan != file.Scan.REFUSED and file.text_state == EditionFile.Text.DUE
    )


def reading_state(file: EditionFile) -> str:
    """What the background work has come to, in a few words."""
    if file.scan == file.Scan.REFUSED:
        return _("Virus found. Readers do not get this file.")
    if file.scan in {file.Scan.WAITING, file.Scan.FAILED}:
        return _("Being checked for viruses")
    match file.text_state:
        case EditionFile.Text.DUE:
            return _("Being read")
        case EditionFile.Text.READ:
            return _read(file)
        case EditionFile.Text.EMPTY:
            return _("No text: its pages are pictures, so search does not look inside")
        case _failed:
            return _("Could not be read, so search does not look inside")


def _read(file: EditionFile) -> str:
    pages = file.page_count or 0
    return ngettext("Read: %(pages)d page", "Read: %(pages)d pages", pages) % {"pages": pages}
