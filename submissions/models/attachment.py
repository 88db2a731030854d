from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.files.sizes import MB
from alliance.models.scanned_file import ScannedFile, ScannedFileQuerySet
from submissions.models.submission import Submission


class AttachmentQuerySet(ScannedFileQuerySet):
    def visible_to(self, user: models.Model) -> Self:
        """Those of the organization that this person belongs to."""
        return self.filter(submission__organization__memberships__user=user)

    def present(self) -> Self:
        """What the form shows; a removed one stays where a revision was sent with it."""
        return self.filter(removed_at__isnull=True)


class Attachment(ScannedFile):
    """A document that came with a Demand or Offer.

    It belongs to the draft from its upload on. Each revision names those that it was sent with.
    """

    MOST = 10
    MAX_BYTES = 20 * MB
    FOLDER = "attachments"

    submission = models.ForeignKey(
        Submission, models.CASCADE, verbose_name=_("submission"), related_name="attachments"
    )
    removed_at = models.DateTimeField(_("removed from the form"), null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta(ScannedFile.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            *ScannedFile.Meta.constraints,
            models.UniqueConstraint(
                fields=["submission", "sha256"],
                condition=models.Q(removed_at__isnull=True),
                name="attachment_once",
            ),
        ]

    @property
    def about(self) -> Submission:
        return self.submission

    def get_absolute_url(self) -> str:
        return self.submission.get_absolute_url()
