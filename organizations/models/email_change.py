from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EmailChangeQuerySet(models.QuerySet["EmailChange"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def due(self) -> Self:
        """Those against which nobody objected in time."""
        return self.open().filter(asked_at__lte=timezone.now() - EmailChange.TIME_TO_OBJECT)


class EmailChange(models.Model):
    """A new address whose code was entered, and that waits for a word from the present one."""

    TIME_TO_OBJECT = timedelta(days=7)

    class End(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed from the earlier address")
        NO_OBJECTION = "no_objection", _("Nobody objected in time")
        OBJECTED = "objected", _("Stopped from the earlier address")
        CANCELLED = "cancelled", _("Taken back")
        TAKEN = "taken", _("The address was taken meanwhile")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("person"),
        related_name="email_changes",
    )
    # Emptied when it has ended: an address that was not taken up is nobody's business.
    new_email = models.EmailField(_("new address"), max_length=254, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end = models.CharField(_("how it ended"), max_length=15, choices=End.choices, blank=True)

    objects = EmailChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(ended_at=None),
                name="email_change_one_open_per_person",
            ),
            models.CheckConstraint(
                name="email_change_is_lower_case",
                condition=models.Q(new_email=Lower("new_email")),
            ),
            models.CheckConstraint(
                name="email_change_ended_somehow",
                condition=models.Q(ended_at=None, end="")
                | (models.Q(ended_at__isnull=False, new_email="") & ~models.Q(end="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_end_display()}"

    @property
    def takes_effect_at(self) -> datetime:
        """When it happens by itself, if nobody objects."""
        return self.asked_at + self.TIME_TO_OBJECT
