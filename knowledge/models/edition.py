"""The report in one language, and the PDF files that this edition has had."""

from collections.abc import Iterable
from typing import Any, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.files.storage import picture_storage
from alliance.models.scanned_file import ScannedFile, ScannedFileQuerySet
from knowledge.models.report import Report
from knowledge.models.told import tells_readers
from knowledge.reading import Heading, clean_reading, headings

# By their own names: a reader looks for their language as they write it.
LANGUAGES = [
    ("ar", "العربية"),
    ("de", "Deutsch"),
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("hi", "हिन्दी"),
    ("id", "Bahasa Indonesia"),
    ("nb", "Norsk bokmål"),
    ("pt", "Português"),
    ("ru", "Русский"),
    ("sw", "Kiswahili"),
    ("tr", "Türkçe"),
    ("vi", "Tiếng Việt"),
    ("zh", "中文"),
]


class Edition(models.Model):
    """A report in one language: title, abstract, findings, and the text to read on the page.

    A part that the reading edition holds as a section (ids `abstract`, `findings`,
    `recommendations`) is not shown twice; the fields serve lists, search and citations.
    """

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="editions", verbose_name=_("report")
    )
    language = models.CharField(_("language"), max_length=12, choices=LANGUAGES, default="en")
    title = models.CharField(
        _("title in this language"),
        max_length=300,
        blank=True,
        help_text=_("Left empty, it is the report's title."),
    )
    subtitle = models.CharField(_("subtitle in this language"), max_length=300, blank=True)
    abstract = models.TextField(
        _("abstract"), blank=True, help_text=_("An empty line begins a new paragraph.")
    )
    key_findings = models.TextField(_("key findings"), blank=True, help_text=_("One on each line."))
    recommendations = models.TextField(
        _("recommendations"), blank=True, help_text=_("One on each line.")
    )
    reading_html = models.TextField(
        _("reading edition"),
        blank=True,
        help_text=_(
            "HTML: headings h2 and h3 with ids, paragraphs, lists, tables, quotations, links. "
            "Everything else is taken out."
        ),
    )
    reading_is_digest = models.BooleanField(
        _("digest by the Alliance"),
        default=False,
        help_text=_("The reading edition is a summary in our own words, and says so."),
    )

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "language"],
                name="edition_once_per_language",
                violation_error_message=_("The report has an edition in this language."),
            ),
            models.CheckConstraint(name="edition_has_title", condition=~models.Q(title="")),
        ]
        triggers = [tells_readers()]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the report's title where none is given, and only HTML that may be shown."""
        self.clean()
        self.reading_html = clean_reading(self.reading_html)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Take over the report's title where none is given, before the constraints are asked."""
        if not self.title:
            self.title = self.report.title
            self.subtitle = self.subtitle or self.report.subtitle

    @property
    def headings(self) -> list[Heading]:
        """The headings of the reading edition that can be linked to, in order."""
        return headings(self.reading_html)

    @property
    def sections(self) -> list[Heading]:
        """Those of the second level."""
        return [heading for heading in self.headings if heading.level == 2]

    @property
    def summary(self) -> str:
        """The first paragraph of the abstract."""
        return self.abstract.split("\n\n")[0].strip()

    @property
    def findings_list(self) -> list[str]:
        return _lines(self.key_findings)

    @property
    def recommendations_list(self) -> list[str]:
        return _lines(self.recommendations)

    @property
    def current_file(self) -> "EditionFile | None":
        """What readers get; reads what was prefetched."""
        return current_of(self.files.all())

    @property
    def is_digest(self) -> bool:
        """What stands here is the Alliance's summary: the PDF, else the reading edition, says so.

        Once the publisher's own PDF is here, the page holds the report itself.
        """
        file = self.current_file
        return file.is_digest if file else self.reading_is_digest

    @property
    def pdf_url(self) -> str:
        """The address that always gives the newest PDF."""
        return reverse("library:file", args=[self.report_id, self.report.slug, self.language])


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# Never read, or asked for once more; until then what was read before stands.
_IS_DUE = models.Q(text_state="due") | models.Q(text_due_at__gt=models.F("text_read_at"))


class EditionFileQuerySet(ScannedFileQuerySet["EditionFile"]):
    def due_for_reading(self) -> Self:
        """Those whose text is to be read now, or once more, the longest waiting first.

        A file that is being checked for viruses waits for that, and one that has some is not read:
        what it says would take the place of what readers may have.
        """
        due = self.without_finding().filter(_IS_DUE, text_due_at__lte=timezone.now())
        return due.order_by("text_due_at", "uuid")

    def without_finding(self) -> Self:
        """Those that were looked through and are clean, and those that nobody looked through."""
        return self.filter(scan__in=[EditionFile.Scan.CLEAN, EditionFile.Scan.NOT_SCANNED])


class EditionFile(ScannedFile):
    """One version of an edition's PDF; the highest number is the newest one.

    Its bytes never change: another file is another version, and old ones stay reachable.
    """

    class Text(models.TextChoices):
        DUE = "due", _("is being read")
        READ = "read", _("read")
        EMPTY = "empty", _("has pages without text, as scans have")
        FAILED = "failed", _("could not be read")

    FOLDER = "library"

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="files", verbose_name=_("edition")
    )
    number = models.PositiveSmallIntegerField(_("version"), validators=[MinValueValidator(1)])
    page_count = models.PositiveIntegerField(
        _("pages"), null=True, blank=True, help_text=_("Empty where the file could not be read.")
    )
    is_digest = models.BooleanField(_("digest by the Alliance"), default=False)

    text_state = models.CharField(
        _("text"), max_length=10, choices=Text.choices, default=Text.DUE, editable=False
    )
    # Not read before this moment: another worker has it, or it failed a while ago.
    text_due_at = models.DateTimeField(_("text due"), default=timezone.now, editable=False)
    text_attempts = models.PositiveSmallIntegerField(
        _("readings in vain"), default=0, editable=False
    )
    text_read_at = models.DateTimeField(_("text read"), null=True, blank=True, editable=False)
    text_is_cut = models.BooleanField(
        _("only a part of the text was read"), default=False, editable=False
    )
    language_found = models.CharField(
        _("language of the text"), max_length=12, blank=True, editable=False
    )
    cover = models.ImageField(_("cover"), storage=picture_storage, blank=True, editable=False)

    objects = EditionFileQuerySet.as_manager()

    class Meta(ScannedFile.Meta):
        verbose_name = _("version of the PDF")
        verbose_name_plural = _("versions of the PDF")
        ordering = ["-number"]
        indexes = [
            models.Index(
                fields=["text_due_at"],
                name="edition_file_text_due",
                condition=_IS_DUE,
            )
        ]
        constraints = [
            *ScannedFile.Meta.constraints,
            models.UniqueConstraint(fields=["edition", "number"], name="edition_file_number"),
            models.CheckConstraint(
                name="edition_file_counts_from_one", condition=models.Q(number__gte=1)
            ),
            models.CheckConstraint(
                name="edition_file_text_state",
                condition=models.Q(text_state__in=["due", "read", "empty", "failed"]),
            ),
        ]
        triggers = [tells_readers("scan", "text_state", "page_count", "cover")]

    def __str__(self) -> str:
        return f"{self.edition}, {self.number}"

    @property
    def about(self) -> Report:
        return self.edition.report

    def get_absolute_url(self) -> str:
        """The address of exactly these bytes."""
        edition = self.edition
        return reverse(
            "library:file_version",
            args=[edition.report_id, edition.report.slug, edition.language, self.number],
        )


def current_of(versions: Iterable[EditionFile]) -> EditionFile | None:
    """The one of an edition's versions that readers get: the newest that may leave.

    While none may, it is the newest of all: its address says that it is being checked.
    """
    return max(versions, key=lambda file: (file.may_be_handed_out, file.number), default=None)
