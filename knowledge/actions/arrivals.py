"""PDFs that come into the library: as a draft of their own, or as the next version of an edition."""

from dataclasses import dataclass, field
from pathlib import PurePath

from django.db import connection, transaction
from django.utils.translation import gettext as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.files import staging
from alliance.files.checks import FileRefused
from alliance.models import StagedUpload
from knowledge.actions.moves import locked
from knowledge.duplicates import known_file
from knowledge.importing import add_version
from knowledge.models import Edition, EditionFile, Report
from organizations.models import User

# Held while a file is looked up and added: the same one sent twice at once makes one draft.
_ONE_AT_A_TIME = 0x4C696272


@dataclass(frozen=True)
class Arrived:
    """What became of files that were dropped: drafts, files known already, and refusals in words."""

    drafts: list[Report] = field(default_factory=list)
    known: list[EditionFile] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def add_drafts(uploads: list[StagedUpload], *, by: User) -> Arrived:
    """Make a draft of each PDF that the library does not have; one that fails costs the others nothing.

    Title, language, pages and cover follow once it has been read.
    """
    arrived = Arrived()
    for upload in uploads:
        try:
            _add_draft(upload, arrived, by=by)
        except (FileRefused, ActionRefused, FileNotFoundError) as refused:
            words = _("This file is gone. Please choose it again.")
            known = not isinstance(refused, FileNotFoundError)
            arrived.refused.append((upload.name, str(refused) if known else words))
    return arrived


@transaction.atomic
def _add_draft(upload: StagedUpload, arrived: Arrived, *, by: User) -> None:
    _hold_the_door()
    if known := known_file(upload.sha256):
        staging.take(upload)
        arrived.known.append(known)
    else:
        report = Report.objects.create(title=title_from(upload.name), is_named_by_file=True)
        audit.record("report.added", by=by, about=report, status=report.status)
        edition = Edition.objects.create(report=report)
        _add(edition, upload, is_digest=False, by=by)
        arrived.drafts.append(report)


@transaction.atomic
def add_pdf_version(
    edition: Edition, *, by: User, upload: StagedUpload, is_digest: bool
) -> EditionFile:
    """Make the waiting file the edition's current version; its address and the old ones stay.

    Raises ActionRefused for a file that another report has, or that is the current one, and
    FileRefused.
    """
    _hold_the_door()
    report = locked(edition.report)
    known = known_file(upload.sha256)
    if known is not None and known.edition.report_id != report.pk:
        raise ActionRefused(
            _("This file is in the library already, as a version of “%(title)s”.")
            % {"title": known.edition.report.title}
        )
    current = edition.files.order_by("-number").first()
    if current is not None and current.sha256 == upload.sha256:
        raise ActionRefused(_("This is the current version already. Nothing was changed."))
    version = _add(edition, upload, is_digest=is_digest, by=by)
    report.catalogue_checksum = ""
    report.save(update_fields=["catalogue_checksum", "changed_at"])
    return version


def title_from(name: str) -> str:
    """What a file's name says of its content, until somebody knows better."""
    words = PurePath(name).stem.replace("_", " ").split()
    return " ".join(words)[:300] or _("Untitled")


def _add(edition: Edition, upload: StagedUpload, *, is_digest: bool, by: User) -> EditionFile:
    staging.take(upload)
    with upload.open() as pdf:
        version = add_version(edition, pdf=pdf, is_digest=is_digest, by=by)
    staging.drop_later(upload)
    return version


def _hold_the_door() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
