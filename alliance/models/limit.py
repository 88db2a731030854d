from django.db import models
from django.utils.translation import gettext_lazy as _


class TokenBucket(models.Model):
    """How much of a limit somebody has used; `alliance.limits` fills and empties it.

    One moment says it all: the bucket refills evenly, so what it holds now follows from when it
    will be full. A full one is worth no row.
    """

    key = models.CharField(_("hash of the limit and who it holds for"), max_length=64, unique=True)
    full_at = models.DateTimeField(_("full again"), db_index=True)

    class Meta:
        verbose_name = _("token bucket")
        verbose_name_plural = _("token buckets")

    def __str__(self) -> str:
        return self.key
