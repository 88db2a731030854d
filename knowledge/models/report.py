"""A report as a work: what is said of it in every language and every version."""

import datetime
from typing import Any, Self

from anyascii import anyascii
from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Cast, ExtractYear, Greatest, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from alliance.models import Country, Term
from alliance.workflow import State, arrows_trigger
from knowledge.models.harvest import tells_harvesters
from knowledge.models.told import tells_readers
from knowledge.workflow import REPORT

SLUG_LENGTH = 80
FIRST_YEAR = 1900

validate_doi = RegexValidator(r"^10\.\d{4,9}/\S+\Z", _("Write a DOI as in 10.1000/182."))
validate_isbn = RegexValidator(
    r"^(97[89][- ]?)?(\d[- ]?){9}[\dXx]\Z", _("Write an ISBN with its 10 or 13 digits.")
)


class ReportQuerySet(models.QuerySet["Report"]):
    def published(self, on: datetime.date | None = None) -> Self:
        """What the library lists: published, or embargoed until a day that has come."""
        return self.filter(_is_published(on or timezone.localdate()))

    def known(self, on: datetime.date | None = None) -> Self:
        """What has, or had, a public page: retired reports leave one that says so."""
        return self.filter(_is_published(on or timezone.localdate()) | models.Q(status="retired"))

    def with_codes(self) -> Self:
        """Add the codes of themes, regions, goals and countries, without a query for each."""
        return self.annotate(
            theme_codes=_term_codes("themes"),
            region_codes=_term_codes("regions"),
            goal_codes=_term_codes("sdgs"),
            country_codes=ArraySubquery(
                Report.countries.through.objects.filter(report_id=models.OuterRef("pk"))
                .order_by("country_id")
                .values("country_id")
            ),
        )

    def with_people(self) -> Self:
        """Add the authors, without a query for them."""
        return self.annotate(
            author_rows=ArraySubquery(
                ReportAuthor.objects.filter(report_id=models.OuterRef("pk")).values(
                    row=JSONObject(
                        prefix="prefix", given_name="given_name", family_name="family_name"
                    )
                )
            )
        )

    def with_editions(self) -> Self:
        return self.prefetch_related("editions__files")

    def newest_first(self) -> Self:
        return self.order_by(models.F("year").desc(nulls_last=True), "-pk")

    def last_told_first(self) -> Self:
        """Add when readers were told last: an embargo that ends changes no row, and is news too."""
        began = Cast("embargoed_until", models.DateTimeField())
        return self.annotate(told_at=Greatest("changed_at", began)).order_by("-told_at", "-pk")


def _is_published(day: datetime.date) -> models.Q:
    return models.Q(status="published") | models.Q(status="embargoed", embargoed_until__lte=day)


def _term_codes(field: str) -> ArraySubquery:
    through = getattr(Report, field).through
    return ArraySubquery(
        through.objects.filter(report_id=models.OuterRef("pk"))
        .order_by("term__order", "term_id")
        .values("term__code")
    )


class Report(models.Model):
    """One work, whatever its languages and versions. Its address never changes.

    `title` and `subtitle` stand as the publisher wrote them, in the work's own language; each
    edition carries the title in its language. The first edition is the original.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        EMBARGOED = "embargoed", _("Embargoed")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    # Filled by `with_codes`.
    theme_codes: list[str]
    region_codes: list[str]
    goal_codes: list[str]
    country_codes: list[str]
    # Filled by `with_people`.
    author_rows: list[dict[str, str]]
    # Filled by `last_told_first`.
    told_at: datetime.datetime

    title = models.CharField(_("title"), max_length=300)
    subtitle = models.CharField(_("subtitle"), max_length=300, blank=True)
    slug = models.SlugField(_("name in the address"), max_length=SLUG_LENGTH, editable=False)
    # Until its PDF has been read, or somebody has written a title.
    is_named_by_file = models.BooleanField(
        _("is called as its file was"), default=False, editable=False
    )
    kind = models.CharField(
        _("kind"), max_length=120, blank=True, help_text=_("As in “Evaluation” or “Desk review”.")
    )

    publisher = models.CharField(_("publisher"), max_length=200, db_index=True)
    place = models.CharField(_("place of publication"), max_length=100, blank=True)
    commissioner = models.CharField(
        _("commissioned by"), max_length=200, blank=True, help_text=_("Who asked for the report.")
    )
    performer = models.CharField(
        _("performed by"),
        max_length=200,
        blank=True,
        help_text=_("The consultancy or institution that did the work, where it is named."),
    )
    year = models.PositiveSmallIntegerField(
        _("year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(2100)],
    )
    date = models.DateField(_("date of publication"), null=True, blank=True)
    series = models.CharField(_("series"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    source_url = models.URLField(_("address at the publisher"), max_length=500, blank=True)
    doi = models.CharField(_("DOI"), max_length=200, blank=True, validators=[validate_doi])
    isbn = models.CharField(_("ISBN"), max_length=20, blank=True, validators=[validate_isbn])

    themes = models.ManyToManyField(
        Term,
        verbose_name=_("themes"),
        related_name="+",
        limit_choices_to={"vocabulary": "theme"},
        blank=True,
    )
    regions = models.ManyToManyField(
        Term,
        verbose_name=_("regions"),
        related_name="+",
        limit_choices_to={"vocabulary": "region"},
        blank=True,
    )
    sdgs = models.ManyToManyField(
        Term,
        verbose_name=_("Sustainable Development Goals"),
        related_name="+",
        limit_choices_to={"vocabulary": "sdg"},
        blank=True,
    )
    countries = models.ManyToManyField(
        Country, verbose_name=_("countries"), related_name="+", blank=True
    )
    related = models.ManyToManyField(
        "self",
        verbose_name=_("related reports"),
        blank=True,
        help_text=_("Shown first; reports on the same themes follow by themselves."),
    )

    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    embargoed_until = models.DateField(
        _("embargoed until"),
        null=True,
        blank=True,
        help_text=_("The day on which the report appears in the library by itself."),
    )
    retirement_note = models.TextField(
        _("why it was retired"),
        blank=True,
        help_text=_("Shown on the page that stays at the report's address."),
    )

    catalogue_key = models.SlugField(
        _("shipped entry"), max_length=120, unique=True, null=True, blank=True, editable=False
    )
    # Of the shipped entry as it was last loaded; empty as soon as an editor has changed the report.
    catalogue_checksum = models.CharField(max_length=64, blank=True, editable=False)

    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-pk"]
        triggers = [arrows_trigger(REPORT), tells_harvesters(), tells_readers()]
        indexes = [
            models.Index(
                models.F("year").desc(nulls_last=True), models.F("id").desc(), name="report_newest"
            ),
            models.Index(fields=["title", "id"], name="report_title"),
            models.Index(
                fields=["embargoed_until"],
                name="report_embargoed",
                condition=models.Q(status="embargoed"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="report_status",
                condition=models.Q(status__in=["draft", "embargoed", "published", "retired"]),
            ),
            models.CheckConstraint(
                name="report_embargo_has_day",
                condition=~models.Q(status="embargoed") | models.Q(embargoed_until__isnull=False),
                violation_error_message=_("Say until when the report is embargoed."),
            ),
            models.CheckConstraint(
                name="report_date_in_year",
                condition=models.Q(date__isnull=True) | models.Q(year=ExtractYear("date")),
                violation_error_message=_("The date does not lie in the year given."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the first time, the title gives the name in the address, for good."""
        if not self.slug:
            self.slug = slugify(anyascii(self.title))[:SLUG_LENGTH].strip("-_") or "report"
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("library:report", args=[self.pk, self.slug])

    @property
    def origin(self) -> str:
        """Publisher and year, as they stand behind the title: `Norec, 2019`."""
        return ", ".join(str(part) for part in (self.publisher, self.year) if part)

    @property
    def people(self) -> list["ReportAuthor"]:
        """The authors in order, as `with_people` brought them."""
        return [ReportAuthor(report=self, **row) for row in self.author_rows]

    @property
    def state(self) -> State:
        return REPORT.state(self.status)

    @property
    def is_retired(self) -> bool:
        return self.status == self.Status.RETIRED

    @property
    def is_published(self) -> bool:
        if self.status == self.Status.EMBARGOED:
            return self.embargoed_until is not None and (
                self.embargoed_until <= timezone.localdate()
            )
        return self.status == self.Status.PUBLISHED


class ReportAuthor(models.Model):
    """A person who wrote the report; whoever has one name only has a family name only."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="authors", verbose_name=_("report")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    prefix = models.CharField(_("title of the person"), max_length=30, blank=True)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    family_name = models.CharField(_("family name"), max_length=100)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}".strip()

    @property
    def name(self) -> str:
        """Given name and family name, without the person's title."""
        return f"{self.given_name} {self.family_name}".strip()
