from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.files.sizes import readable_size
from alliance.files.storage import private_storage

_MOST_ATTEMPTS = 3


class ReportExportQuerySet(models.QuerySet["ReportExport"]):
    def asked_by(self, user: models.Model) -> Self:
        """A person's own, while they last; nobody else's, for nobody."""
        return self.filter(asked_by=user, asked_at__gt=timezone.now() - ReportExport.KEPT_FOR)

    def ready(self) -> Self:
        return self.filter(made_at__isnull=False)

    def unmade(self) -> Self:
        """Those that somebody waits for, whether a worker is at them or not."""
        return self.filter(made_at=None, attempts__lt=_MOST_ATTEMPTS)

    def due(self) -> Self:
        """Those to be made, unless a worker is at it; a dead one's hold ends by itself."""
        now = timezone.now()
        free = models.Q(leased_until=None) | models.Q(leased_until__lt=now)
        return self.unmade().filter(free, asked_at__gt=now - ReportExport.KEPT_FOR)


class ReportExport(models.Model):
    """Reports as a table, with or without their PDFs, for the editor who asked; the worker makes it.

    `attempts` counts who has begun it; a worker writes only as long as nobody has begun it since.
    """

    class Format(models.TextChoices):
        ZIP = "zip", _("The table and its PDFs (ZIP)")
        CSV = "csv", _("The table alone (CSV)")

    KEPT_FOR = timedelta(days=1)
    # Longer than the largest PDF takes to be copied, or the disk to write all of it down.
    LEASE = timedelta(minutes=2)
    MOST_ATTEMPTS = _MOST_ATTEMPTS
    FOLDER = "report-exports"  # in the private storage

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("asked for by"),
        related_name="report_exports",
    )
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    # Those that the list showed when it was asked for; what is deleted meanwhile is left out.
    report_ids = ArrayField(models.PositiveBigIntegerField(), verbose_name=_("reports"))
    format = models.CharField(_("format"), max_length=3, choices=Format)
    total = models.PositiveIntegerField(_("reports in all"), default=0)
    done = models.PositiveIntegerField(_("reports written"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(_("held by a worker until"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    file = models.FileField(_("file"), storage=private_storage, max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0, help_text=_("In bytes."))
    # Of each PDF that is left out: line of the table, column, why.
    problems = models.JSONField(_("left out"), default=list)

    objects = ReportExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export of reports")
        verbose_name_plural = _("exports of reports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="report_export_made_has_file",
                condition=models.Q(made_at=None, file="")
                | (models.Q(made_at__isnull=False) & ~models.Q(file="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], name="report_export_due", condition=models.Q(made_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"reports-{self.asked_at:%Y-%m-%d}.{self.format}"

    @property
    def has_failed(self) -> bool:
        """No worker is at it any more, and none will be."""
        is_held = self.leased_until is not None and self.leased_until > timezone.now()
        return self.made_at is None and self.attempts >= self.MOST_ATTEMPTS and not is_held

    @property
    def is_waiting(self) -> bool:
        return self.made_at is None and not self.has_failed

    @property
    def goes_at(self) -> datetime:
        """When row and file are deleted."""
        return self.asked_at + self.KEPT_FOR

    @property
    def readable_size(self) -> str:
        return readable_size(self.size)
