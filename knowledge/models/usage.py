"""How often PDFs were asked for: totals by month, and marks of one day by which they are made."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models.edition import Edition


class RecentDownload(models.Model):
    """What one reader asked for of one edition on one day; tomorrow it is part of a total.

    `key` is a keyed hash of day, edition, network address and browser. It recognises a double
    click and the same visit; it names nobody, and no two days or editions can be put together.
    """

    key = models.CharField(_("hash of reader, edition and day"), max_length=64, primary_key=True)
    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("edition")
    )
    day = models.DateField(_("day"), db_index=True)
    hour = models.PositiveSmallIntegerField(_("hour of the last visit"))
    last_at = models.DateTimeField(_("last asked for"))
    requests = models.PositiveIntegerField(_("requests"))
    unique_requests = models.PositiveIntegerField(_("requests, one for each visit"))

    class Meta:
        verbose_name = _("download of today")
        verbose_name_plural = _("downloads of today")

    def __str__(self) -> str:
        return f"{self.edition_id}, {self.day}"


class DownloadCount(models.Model):
    """Total_Item_Requests and Unique_Item_Requests of an edition in one month (COUNTER 5.1)."""

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("edition")
    )
    month = models.DateField(_("first day of the month"))
    requests = models.PositiveIntegerField(_("requests"))
    unique_requests = models.PositiveIntegerField(_("requests, one for each visit"))

    class Meta:
        verbose_name = _("downloads of a month")
        verbose_name_plural = _("downloads by month")
        indexes = [models.Index(fields=["month"], name="download_count_month")]
        constraints = [
            models.UniqueConstraint(fields=["edition", "month"], name="download_count_once"),
            models.CheckConstraint(
                name="download_count_month_begins", condition=models.Q(month__day=1)
            ),
            models.CheckConstraint(
                name="download_count_unique_within_all",
                condition=models.Q(unique_requests__lte=models.F("requests")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}, {self.month:%Y-%m}"
