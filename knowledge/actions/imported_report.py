"""One report out of a table: found, compared, and changed where the row says something else."""

import hashlib
from collections.abc import Callable
from typing import IO, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.files.checks import FileRefused
from alliance.files.names import PDF
from alliance.files.pdf import check_content, check_pdf
from knowledge.actions import moves
from knowledge.duplicates import known_file
from knowledge.exchange.beside import Beside, NotThere
from knowledge.exchange.cells import one_way
from knowledge.exchange.columns import FILE, codes_of, column, names_of, newest
from knowledge.exchange.entries import EditionEntry, Entry
from knowledge.exchange.known import Known
from knowledge.exchange.problems import Problem, Wrong
from knowledge.importing import add_version
from knowledge.indexing import mark_due
from knowledge.models import Edition, EditionFile, Report, ReportAuthor
from organizations.models import User

ADDED, CHANGED, SAME = "added", "changed", "same"


class Taken(NamedTuple):
    """The report that a row is about, whether it was added, changed or is the same, and in what."""

    report: Report
    outcome: str
    columns: list[str]


def take(entry: Entry, known: Known, beside: Beside, by: User | None, is_trial: bool) -> Taken:
    """Do what the row says.

    Runs in the caller's transaction; on trial it is taken back, so files are not kept. Raises
    Wrong.
    """
    return _Taking(entry, known, beside, by, is_trial).run()


class _Taking:
    def __init__(
        self, entry: Entry, known: Known, beside: Beside, by: User | None, is_trial: bool
    ) -> None:
        self.entry, self.known, self.beside = entry, known, beside
        self.by, self.is_trial = by, is_trial
        self.changed: set[str] = set()

    def run(self) -> Taken:
        found = self._find()
        is_new = found is None
        self.report = Report() if found is None else moves.locked(found)
        self._set_fields()
        if is_new:
            self._save()
        self._set_names()
        self._set_codes()
        self._set_related()
        for language, said in self.entry.editions.items():
            self._set_edition(language, said)
        self._refuse_lost_editions()
        if self.changed or is_new:
            self._save()
            mark_due(self.report)
            event = "report.added" if is_new else "report.changed"
            status, fields = self.report.status, sorted(self.changed)
            audit.record(event, by=self.by, about=self.report, status=status, fields=fields)
        has_moved = self._stand()
        outcome = CHANGED if self.changed or has_moved else SAME
        columns = sorted(self.changed | ({"status"} if has_moved else set()))
        return Taken(self.report, ADDED if is_new else outcome, columns)

    def _find(self) -> Report | None:
        """By its number, its DOI, its file, or by title, publisher and year."""
        entry, reports = self.entry, Report.objects.all()
        if entry.report_id is not None:
            report = reports.filter(pk=entry.report_id).first()
            if report is None:
                words = _("There is no report with the number %d. Leave it out to add one.")
                raise self._wrong("id", words % entry.report_id)
            return report
        if (doi := entry.fields.get("doi")) and (report := reports.filter(doi=doi).first()):
            return report
        for language, said in entry.editions.items():
            if said.file and (file := known_file(self._sha256(language, said))):
                return file.edition.report
        if not entry.fields.get("title"):
            raise self._wrong("title", _("Every report has a title."))
        same = {name: entry.fields.get(name) for name in ("title", "publisher", "year")}
        return reports.filter(**{k: v for k, v in same.items() if k in entry.fields}).first()

    def _set_fields(self) -> None:
        values = dict(self.entry.fields)
        if self.report.is_retired and self.entry.status in {None, Report.Status.RETIRED}:
            values |= {"retirement_note": note} if (note := self.entry.retirement_note) else {}
        for name, value in values.items():
            held = getattr(self.report, name)
            if (one_way(held) if isinstance(held, str) else held) != value:
                setattr(self.report, name, value)
                self.changed.add(name)
        if "title" in self.changed:
            self.report.is_named_by_file = False

    def _save(self) -> None:
        """From now on the report is the editors', also where the portal shipped it."""
        try:
            self.report.validate_constraints()
        except ValidationError as error:
            raise self._wrong("", " ".join(error.messages)) from None
        self.report.catalogue_checksum = ""
        self.report.save()

    def _set_names(self) -> None:
        names = self.entry.names
        if names is None or names == names_of(self.report):
            return
        self.report.authors.all().delete()
        ReportAuthor.objects.bulk_create(
            ReportAuthor(
                report=self.report,
                position=position,
                family_name=family,
                given_name=given,
                prefix=prefix,
            )
            for position, (family, given, prefix) in enumerate(names, start=1)
        )
        self.changed.add("authors")

    def _set_codes(self) -> None:
        for name, codes in self.entry.codes.items():
            if codes != codes_of(self.report, name):
                getattr(self.report, name).set(self.known.keys[name][code] for code in codes)
                self.changed.add(name)

    def _set_related(self) -> None:
        wanted = self.entry.related
        if wanted is None:
            return
        if set(wanted) == set(self.report.related.values_list("pk", flat=True)):
            return
        there = set(Report.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        if lost := [number for number in wanted if number not in there]:
            raise self._wrong("related", _("There is no report with the number %d.") % lost[0])
        self.report.related.set(there)
        self.changed.add("related")

    def _set_edition(self, language: str, said: EditionEntry) -> None:
        editions = Edition.objects.filter(report=self.report, language=language)
        edition = editions.first() or Edition(report=self.report, language=language)
        values: dict[str, Any] = dict(said.texts)
        if not values.get("title", edition.title):
            values["title"] = self.report.title
        if said.is_digest is not None:
            values["reading_is_digest"] = said.is_digest
        differing = {
            name: value
            for name, value in values.items()
            if (held := getattr(edition, name)) != value
            and (not isinstance(held, str) or one_way(held) != one_way(value))
        }
        if differing or not edition.pk:
            for name, value in differing.items():
                setattr(edition, name, value)
            edition.save()
            self.changed |= {f"{name}_{language}" for name in differing or ("edition",)}
        if said.file:
            self._set_file(edition, said)

    def _set_file(self, edition: Edition, said: EditionEntry) -> None:
        language = edition.language
        sha256 = self._sha256(language, said)
        current = newest(edition)
        if current is not None and current.sha256 == sha256:
            return
        known = known_file(sha256)
        if known is not None and known.edition.report_id != self.report.pk:
            words = _("This file belongs to the report with the number %d already.")
            raise self._wrong(column(FILE, language), words % known.edition.report_id)
        number = current.number + 1 if current else 1
        self._with_file(language, said, lambda pdf: self._keep(edition, pdf, said, sha256, number))
        self.changed.add(column(FILE, language))

    def _keep(
        self, edition: Edition, pdf: IO[bytes], said: EditionEntry, sha256: str, number: int
    ) -> None:
        if not self.is_trial:
            add_version(edition, pdf=pdf, is_digest=said.file_is_digest, by=self.by)
            return
        check_pdf(pdf)
        check_content(pdf)
        # Stands for the file while the rest is tried, and goes with it.
        facts = {"name": "trial", "file": "trial", "size": 0, "content_type": PDF}
        EditionFile.objects.create(edition=edition, number=number, sha256=sha256, **facts)

    def _sha256(self, language: str, said: EditionEntry) -> str:
        return self._with_file(
            language, said, lambda pdf: hashlib.file_digest(pdf, "sha256").hexdigest()
        )

    def _with_file(self, language: str, said: EditionEntry, use: Callable[[Any], Any]) -> Any:
        try:
            with self.beside.open(said.file) as pdf:
                return use(pdf)
        except (NotThere, FileRefused) as problem:
            raise self._wrong(column(FILE, language), str(problem)) from None

    def _refuse_lost_editions(self) -> None:
        if self.entry.languages is None:
            return
        held = Edition.objects.filter(report=self.report).values_list("language", flat=True)
        if lost := sorted(set(held) - self.entry.editions.keys()):
            words = _("An edition keeps its address and cannot be taken away: %s.")
            raise self._wrong("languages", words % ", ".join(lost))

    def _stand(self) -> bool:
        """Walk to the status of the row; returns whether that was another one."""
        wanted, report, by = self.entry.status, self.report, self.by
        until = self.entry.embargoed_until
        is_embargo = wanted == Report.Status.EMBARGOED and until is not None
        has_other_day = is_embargo and until != report.embargoed_until
        if wanted is None or (wanted == report.status and not has_other_day):
            return False
        try:
            if wanted == Report.Status.DRAFT:
                moves.withdraw_report(report, by=by)
            elif until is not None and is_embargo:
                moves.embargo_report(report, by=by, until=until)
            elif wanted == Report.Status.PUBLISHED:
                moves.publish_report(report, by=by)
            else:
                if report.status == Report.Status.DRAFT:
                    moves.publish_report(report, by=by)
                moves.retire_report(report, by=by, note=self.entry.retirement_note)
        except ActionRefused as refused:
            raise self._wrong("status", str(refused)) from None
        return True

    def _wrong(self, name: str, text: str) -> Wrong:
        return Wrong([Problem(self.entry.line, name, text)])
