"""Saved searches that write: who wants to hear of what, and since when each report is there."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from knowledge.models.report import Report
from organizations.models.confirmed import ConfirmedByMail, ConfirmedByMailQuerySet


class AlertQuerySet(ConfirmedByMailQuerySet["Alert"]):
    def due(self) -> Self:
        """Those to be looked at now, the longest waiting first."""
        return self.active().filter(due_at__lte=timezone.now()).order_by("due_at", "pk")


class Alert(ConfirmedByMail):
    """Reports that match `search` and appeared after `seen_until` are told of by email.

    `search` is the query string of the library's list, in one spelling. `due_at` says that, and
    when, the next look is due.
    """

    class Frequency(models.TextChoices):
        DAY = "day", _("at most once a day")
        WEEK = "week", _("at most once a week")

    # Of one address; who wants to hear of more wants to hear of everything.
    MOST = 20

    search = models.TextField(_("search"), blank=True)
    frequency = models.CharField(
        _("how often"), max_length=4, choices=Frequency.choices, default=Frequency.WEEK
    )
    seen_until = models.DateTimeField(_("seen until"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now)

    objects = AlertQuerySet.as_manager()

    class Meta(ConfirmedByMail.Meta):
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="alert_due",
                condition=models.Q(confirmed_at__isnull=False, ended_at__isnull=True),
            )
        ]
        constraints = [
            *ConfirmedByMail.Meta.constraints,
            models.UniqueConstraint(fields=["email", "search"], name="alert_once_for_a_search"),
            models.CheckConstraint(
                name="alert_frequency", condition=models.Q(frequency__in=["day", "week"])
            ),
        ]


class Appearance(models.Model):
    """Since when a report is in the library, whatever brought it there; it counts once."""

    report = models.OneToOneField(
        Report, on_delete=models.CASCADE, primary_key=True, related_name="appearance"
    )
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.report_id}, {self.at}"
