import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.files.sizes import readable_size
from alliance.files.storage import private_storage
from alliance.spreadsheets import Format

_MOST_ATTEMPTS = 3


class ListExportQuerySet(models.QuerySet["ListExport"]):
    def visible_to(self, user: models.Model) -> Self:
        """A person's own, while they last; nobody else's, for nobody."""
        return self.filter(asked_by=user, asked_at__gt=timezone.now() - ListExport.KEPT_FOR)

    def ready(self) -> Self:
        return self.filter(made_at__isnull=False)

    def unmade(self) -> Self:
        """Those that somebody waits for, whether a worker is at them or not."""
        return self.filter(made_at=None, attempts__lt=_MOST_ATTEMPTS)

    def due(self) -> Self:
        """Those to be made, unless a worker is at it: one that was killed holds it for a minute."""
        now = timezone.now()
        free = models.Q(leased_until=None) | models.Q(leased_until__lt=now)
        return self.unmade().filter(free)


class ListExport(models.Model):
    """A list of the secretariat as a file, with the filters that it had; the worker makes it.

    `attempts` counts who has begun it; a worker writes only as long as nobody has begun it since.
    """

    KEPT_FOR = timedelta(days=7)
    LEASE = timedelta(minutes=1)
    MOST_ATTEMPTS = _MOST_ATTEMPTS

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("asked for by"),
        related_name="list_exports",
    )
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    # As in "submissions.submission", and what stood behind the question mark of its address.
    model = models.CharField(_("list"), max_length=100)
    query = models.TextField(_("filters"), blank=True)
    format = models.CharField(_("format"), max_length=4, choices=Format)
    total = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("rows written"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(_("held by a worker until"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    # 32 hexadecimal digits for what its person could see then; others once they see more or less.
    reach = models.CharField(max_length=32, blank=True, editable=False)
    file = models.FileField(_("file"), storage=private_storage, max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0, help_text=_("In bytes."))

    objects = ListExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export of a list")
        verbose_name_plural = _("exports of lists")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="list_export_made_has_file",
                condition=models.Q(made_at=None, file="")
                | (models.Q(made_at__isnull=False) & ~models.Q(file="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], name="list_export_due", condition=models.Q(made_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.model}, {self.asked_at:%Y-%m-%d %H:%M}"

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
