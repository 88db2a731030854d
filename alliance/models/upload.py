import uuid
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StagedUploadQuerySet(models.QuerySet["StagedUpload"]):
    def waiting(self) -> "StagedUploadQuerySet":
        """Files that a form may still take: not used yet and not too old."""
        return self.filter(
            consumed_at__isnull=True, created_at__gt=timezone.now() - StagedUpload.KEPT_FOR
        )

    def left_over(self) -> "StagedUploadQuerySet":
        return self.filter(created_at__lte=timezone.now() - StagedUpload.KEPT_FOR)


class StagedUpload(models.Model):
    """A checked file that waits in the staging folder until the form it came with is complete.

    A picture waits re-encoded: what was sent (its metadata, whatever hides in it) is not kept.
    """

    KEPT_FOR = timedelta(hours=24)

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.SlugField(_("purpose"), max_length=80)
    name = models.CharField(_("name"), max_length=150)
    sent_size = models.PositiveBigIntegerField(_("size as sent"), help_text=_("In bytes."))
    path = models.CharField(_("path in the staging folder"), max_length=100, unique=True)
    size = models.PositiveBigIntegerField(_("size as kept"), help_text=_("In bytes."))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content_type = models.CharField(_("kind, found by content"), max_length=100)
    uploaded_by = models.BigIntegerField(_("user id"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    consumed_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects = StagedUploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("staged upload")
        verbose_name_plural = _("staged uploads")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["created_at"], name="staged_upload_created")]
        constraints = [
            models.CheckConstraint(
                name="staged_upload_path_is_plain",
                condition=~models.Q(path__contains="/") & ~models.Q(path=""),
            ),
            models.CheckConstraint(
                name="staged_upload_sha256_is_whole",
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def file_path(self) -> Path:
        return staging_folder() / self.path

    def open(self) -> IO[bytes]:
        """The kept bytes; FileNotFoundError once the file was used or swept."""
        return self.file_path.open("rb")


def staging_folder() -> Path:
    """Where uploads wait, made on first use; other users of the machine cannot look in."""
    folder = Path(settings.ALLIANCE_DATA) / "staging"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
