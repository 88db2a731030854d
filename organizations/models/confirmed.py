"""What somebody asked for by email: it counts once the owner of the address has confirmed it."""

from typing import Self, TypeVar

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound="ConfirmedByMail")


class ConfirmedByMailQuerySet(models.QuerySet[Row]):
    def active(self) -> Self:
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)


class ConfirmedByMail(models.Model):
    """An address that wants mail; nobody else can ask for it, or end it, in its owner's place."""

    email = models.EmailField(_("email"), max_length=254)
    created_at = models.DateTimeField(_("first asked for"), auto_now_add=True)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_email_is_lower_case", condition=models.Q(email=Lower("email"))
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None

    def clean(self) -> None:
        self.email = self.email.lower()
