import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.files.sizes import readable_size
from alliance.files.storage import private_storage

_MOST_ATTEMPTS = 5


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def visible_to(self, user: models.Model) -> Self:
        """A person's own, while they last; nobody else's, for nobody."""
        return self.filter(person=user, requested_at__gt=timezone.now() - DataExport.KEPT_FOR)

    def due(self) -> Self:
        """Those still to be made."""
        return self.filter(made_at=None, attempts__lt=DataExport.MOST_ATTEMPTS)

    def ready(self) -> Self:
        return self.filter(made_at__isnull=False)


class DataExport(models.Model):
    """A file with what is kept about a person, which they asked for; the worker makes it."""

    KEPT_FOR = timedelta(days=7)
    MOST_ATTEMPTS = _MOST_ATTEMPTS

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("person"),
        related_name="data_exports",
    )
    requested_at = models.DateTimeField(_("asked for"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    file = models.FileField(_("file"), storage=private_storage, max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0, help_text=_("In bytes."))

    objects = DataExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export of data")
        verbose_name_plural = _("exports of data")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(made_at=None, attempts__lt=_MOST_ATTEMPTS),
                name="data_export_one_in_the_making",
            ),
            models.CheckConstraint(
                name="data_export_made_has_file",
                condition=models.Q(made_at=None, file="")
                | (models.Q(made_at__isnull=False) & ~models.Q(file="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.requested_at:%Y-%m-%d}"

    @property
    def has_failed(self) -> bool:
        return self.made_at is None and self.attempts >= self.MOST_ATTEMPTS

    @property
    def goes_at(self) -> datetime:
        """When the file is deleted."""
        return self.requested_at + self.KEPT_FOR

    @property
    def readable_size(self) -> str:
        return readable_size(self.size)
