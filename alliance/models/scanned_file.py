"""Files that are kept as they were sent, and leave only once a scan has found nothing in them."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Self, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.files.storage import private_storage

Row = TypeVar("Row", bound="ScannedFile")


class ScannedFileQuerySet(models.QuerySet[Row]):
    def due(self) -> Self:
        """Those that the scanner should look at now, the longest waiting first."""
        return self.filter(scan_due_at__lte=timezone.now()).order_by("scan_due_at", "uuid")

    def unchecked_since(self, moment: datetime) -> Self:
        """Those that were added before `moment`, and that no scan has judged yet."""
        return self.filter(scan_due_at__isnull=False, added_at__lt=moment)


class ScannedFile(models.Model):
    """A private file as it was sent. What it belongs to, and who may read it, its model says.

    A model that says nothing of it raises: abstract methods would want a metaclass of their own,
    and Django's is there already.

    The manager of such a model is made of a ScannedFileQuerySet.
    `scan_due_at` says that a scan is due, and when: it is empty exactly where a verdict stands, or
    where the portal runs without a scanner, which it does in local mode only.
    """

    class Scan(models.TextChoices):
        NOT_SCANNED = "not_scanned", _("not scanned")
        WAITING = "waiting", _("is being checked for viruses")
        FAILED = "failed", _("could not be checked for viruses yet; this is tried again")
        CLEAN = "clean", _("no virus found")
        REFUSED = "refused", _("virus found")

    # Where its files stand in the private storage; each model has a folder of its own.
    FOLDER = ""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=150)
    file = models.FileField(_("file"), storage=private_storage, max_length=200)
    size = models.PositiveBigIntegerField(_("size"), help_text=_("In bytes."))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content_type = models.CharField(_("kind, found by content"), max_length=100)
    scan = models.CharField(
        _("virus scan"), max_length=20, choices=Scan.choices, default=Scan.NOT_SCANNED
    )
    scan_word = models.CharField(
        _("what the scanner said"), max_length=200, blank=True, editable=False
    )
    scan_attempts = models.PositiveSmallIntegerField(_("scans in vain"), default=0, editable=False)
    scan_due_at = models.DateTimeField(
        _("scan due"), null=True, blank=True, db_index=True, editable=False
    )
    scanned_at = models.DateTimeField(_("scanned"), null=True, blank=True, editable=False)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("added by"),
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        abstract = True
        ordering = ["added_at", "uuid"]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_sha256_is_whole",
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="%(class)s_verdict_has_time",
                condition=models.Q(scan__in=["clean", "refused"], scanned_at__isnull=False)
                | (~models.Q(scan__in=["clean", "refused"]) & models.Q(scanned_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="%(class)s_waits_for_a_scan",
                condition=models.Q(scan__in=["waiting", "failed"], scan_due_at__isnull=False)
                | (~models.Q(scan__in=["waiting", "failed"]) & models.Q(scan_due_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page where its people see the file and may remove it."""
        raise NotImplementedError

    @property
    def about(self) -> models.Model:
        """The object that the file belongs to: its event trail tells what became of the file."""
        raise NotImplementedError

    @property
    def may_be_handed_out(self) -> bool:
        """Only a scan that found nothing opens a file; without a scanner the local mode alone."""
        return self.scan == self.Scan.CLEAN or (
            self.scan == self.Scan.NOT_SCANNED and not settings.CLAMD_URL and settings.LOCAL_MODE
        )


def scanned_models() -> Iterator[type[ScannedFile]]:
    """Every model of such files, of whatever app."""
    for model in apps.get_models():
        if issubclass(model, ScannedFile):
            yield model
