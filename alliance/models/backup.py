from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class BackupCopy(models.Model):
    """A copy of the portal that was completed, so that everybody knows how old the last one is."""

    STALE_AFTER = timedelta(hours=36)  # one a day, and time to make it

    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), auto_now_add=True)
    size = models.PositiveBigIntegerField(_("size"), help_text=_("In bytes, without files."))

    class Meta:
        verbose_name = _("copy of the portal")
        verbose_name_plural = _("copies of the portal")
        ordering = ["-began_at"]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}"
