"""The UN Security Council Consolidated List, as the portal keeps it."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models.by import by_whom


class SanctionsSnapshotQuerySet(models.QuerySet["SanctionsSnapshot"]):
    def current(self) -> "SanctionsSnapshot | None":
        return self.filter(is_current=True).first()


class SanctionsSnapshot(models.Model):
    """One file of the list that was taken. One of them is current; the others stay on record."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    generated_at = models.DateTimeField(_("generated"))
    source = models.CharField(_("read from"), max_length=500)
    size = models.PositiveIntegerField(_("bytes"))
    persons = models.PositiveIntegerField(_("persons"))
    entities = models.PositiveIntegerField(_("entities"))
    is_current = models.BooleanField(_("current"), default=False)
    taken_at = models.DateTimeField(_("taken"), default=timezone.now)
    taken_by = by_whom(_("taken by"))

    objects = SanctionsSnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanctions list")
        verbose_name_plural = _("sanctions lists")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=models.Q(is_current=True),
                name="sanctions_snapshot_one_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.generated_at:%Y-%m-%d %H:%M}, {self.sha256[:12]}"


class ListedEntryQuerySet(models.QuerySet["ListedEntry"]):
    def current(self) -> Self:
        return self.filter(ended_in=None)


class ListedEntry(models.Model):
    """What the list says of a person or an entity, for as long as it says the same.

    A changed entry is a new row under the same reference, and the old one ends; a delisted one
    ends too. `names` is a list of [text, is weak, is former]; `birth_years` of [first, last].
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ENTITY = "entity", _("Entity")

    reference = models.CharField(_("reference"), max_length=30)
    digest = models.CharField(_("hash of the entry"), max_length=64)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    regime = models.CharField(_("regime"), max_length=100, blank=True)
    listed_on = models.DateField(_("listed on"), null=True, blank=True)
    names: models.JSONField[Any, Any] = models.JSONField(_("names"))
    birth_years: models.JSONField[Any, Any] = models.JSONField(_("birth years"), default=list)
    countries: models.JSONField[Any, Any] = models.JSONField(_("countries"), default=list)
    facts: models.JSONField[Any, Any] = models.JSONField(_("facts"), default=dict)
    first_in = models.ForeignKey(
        SanctionsSnapshot, models.PROTECT, verbose_name=_("first in"), related_name="begun"
    )
    ended_in = models.ForeignKey(
        SanctionsSnapshot,
        models.PROTECT,
        verbose_name=_("no longer in"),
        related_name="ended",
        null=True,
        blank=True,
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = ListedEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed entry")
        verbose_name_plural = _("listed entries")
        ordering = ["reference", "id"]
        constraints = [
            models.UniqueConstraint(fields=["reference", "digest"], name="listed_entry_once"),
            models.UniqueConstraint(
                fields=["reference"],
                condition=models.Q(ended_in=None),
                name="listed_entry_one_current",
            ),
            models.CheckConstraint(
                name="listed_entry_end_has_a_day",
                condition=models.Q(ended_in=None, ended_on=None)
                | models.Q(ended_in__isnull=False, ended_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def title(self) -> str:
        """The name under which the list leads the entry."""
        return str(self.names[0][0])

    @property
    def is_current(self) -> bool:
        return self.ended_in_id is None


class ListImportQuerySet(models.QuerySet["ListImport"]):
    def successful(self) -> Self:
        return self.filter(outcome__in=[ListImport.Outcome.NEW, ListImport.Outcome.SAME])

    def last_success(self) -> datetime | None:
        """When the list was last read and found good; None before the first time."""
        return self.successful().aggregate(last=models.Max("at"))["last"]


class ListImport(models.Model):
    """One attempt to read the list: what came of it, and in words why not."""

    # After so long without a good one, screening can no longer be relied on.
    STALE_AFTER = timedelta(hours=48)

    class Outcome(models.TextChoices):
        NEW = "new", _("A new list was taken")
        SAME = "same", _("Nothing has changed")
        REFUSED = "refused", _("The file was refused")
        UNREACHABLE = "unreachable", _("The file could not be read")

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    by = by_whom(_("by"))
    source = models.CharField(_("read from"), max_length=500)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    message = models.TextField(_("message"), blank=True)
    snapshot = models.ForeignKey(
        SanctionsSnapshot,
        models.PROTECT,
        verbose_name=_("list"),
        related_name="imports",
        null=True,
        blank=True,
    )

    objects = ListImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading of the sanctions list")
        verbose_name_plural = _("readings of the sanctions list")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="list_import_good_has_a_list",
                condition=models.Q(outcome__in=["new", "same"], snapshot__isnull=False)
                | ~models.Q(outcome__in=["new", "same"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}: {self.get_outcome_display()}"
