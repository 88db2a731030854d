import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
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
    """A checked file that waits in the storage `staging` until the form it came with is complete.

    A picture waits re-encoded: what was sent (its metadata, whatever hides in it) is not kept.
    """

    KEPT_FOR = timedelta(hours=24)

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.SlugField(_("purpose"), max_length=80)
    name = models.CharField(_("name"), max_length=150)
    sent_size = models.PositiveBigIntegerField(_("size as sent"), help_text=_("In bytes."))
    path = models.CharField(_("name in the staging storage"), max_length=100, unique=True)
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

    def open(self) -> File:
        """The kept bytes; FileNotFoundError once the file was used or swept."""
        return storages["staging"].open(self.path)

    def is_there(self) -> bool:
        """Whether the file still waits; where it does not, the row is of no use."""
        return storages["staging"].exists(self.path)

    def drop(self) -> None:
        """Delete the file, not the row; it may be gone already."""
        storages["staging"].delete(self.path)


class PartialUploadQuerySet(models.QuerySet["PartialUpload"]):
    def unfinished(self) -> "PartialUploadQuerySet":
        return self.filter(held__isnull=True)

    def left_over(self) -> "PartialUploadQuerySet":
        """Those that nothing came for any more, and those that never end."""
        now = timezone.now()
        return self.filter(
            models.Q(changed_at__lte=now - PartialUpload.WAITS_FOR, held__isnull=True)
            | models.Q(created_at__lte=now - StagedUpload.KEPT_FOR)
        )


class PartialUpload(models.Model):
    """A file that arrives in parts, each in a request of its own; finished it becomes `held`.

    Whoever knows its id may add to it, so nobody can guess that; a member's also asks for them.
    """

    WAITS_FOR = timedelta(hours=6)

    class Takes(models.TextChoices):
        PICTURE = "picture", _("picture, encoded afresh")
        DOCUMENT = "document", _("document, kept as sent")
        PDF = "pdf", _("PDF, kept as sent")

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.SlugField(_("purpose"), max_length=80)
    takes = models.CharField(
        _("takes"), max_length=10, choices=Takes.choices, default=Takes.PICTURE
    )
    max_side = models.PositiveIntegerField(
        _("longest side as kept"), help_text=_("In pixels; of pictures only."), default=0
    )
    name = models.CharField(_("name"), max_length=150)
    size = models.PositiveBigIntegerField(_("size as announced"), help_text=_("In bytes."))
    offset = models.PositiveBigIntegerField(
        _("arrived so far"), default=0, help_text=_("In bytes.")
    )
    sender = models.CharField(_("hash of the sender's network address"), max_length=64)
    uploaded_by = models.BigIntegerField(_("user id"), null=True, blank=True)
    held = models.OneToOneField(
        StagedUpload, models.CASCADE, null=True, blank=True, verbose_name=_("kept as")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    changed_at = models.DateTimeField(_("last part"), default=timezone.now)

    objects = PartialUploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("partial upload")
        verbose_name_plural = _("partial uploads")
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["sender"],
                name="partial_upload_unfinished",
                condition=models.Q(held__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="partial_upload_within_its_size",
                condition=models.Q(size__gt=0, offset__lte=models.F("size")),
            ),
            models.CheckConstraint(
                name="partial_upload_held_is_whole",
                condition=models.Q(held__isnull=True) | models.Q(offset=models.F("size")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def file_path(self) -> Path:
        """Where its bytes are gathered if they stay on one machine (see `alliance.files.parts`)."""
        return staging_folder() / f"{self.uuid.hex}.part"


class UploadPart(models.Model):
    """Some bytes of an upload of which any machine may take the next part: an object by itself.

    The row is written together with the upload's new offset. An object that no row names is one that
    came too late, or whose machine died.
    """

    upload = models.ForeignKey(
        PartialUpload, models.CASCADE, related_name="parts", verbose_name=_("upload")
    )
    offset = models.PositiveBigIntegerField(_("begins at"), help_text=_("In bytes."))
    size = models.PositiveIntegerField(_("size"), help_text=_("In bytes."))
    path = models.CharField(_("name in the staging storage"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("part of an upload")
        verbose_name_plural = _("parts of uploads")
        ordering = ["upload", "offset"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "offset"], name="upload_part_once"),
            models.CheckConstraint(
                name="upload_part_holds_something", condition=models.Q(size__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.path


def staging_folder() -> Path:
    """Where this machine works on uploads, made on first use; its other users cannot look in.

    Without FILES_URL they wait here too.
    """
    folder = Path(settings.ALLIANCE_DATA) / "staging"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
