"""Who is screened, when it was done, and what was found."""

from typing import Any, NamedTuple, Self

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.models import Country
from alliance.workflow import State, arrows_trigger, birth_trigger
from organizations.models.by import by_whom
from organizations.models.organization import Organization
from organizations.models.sanctions import ListedEntry, SanctionsSnapshot
from organizations.workflow import HIT, HIT_CONFIRMED, HIT_OPEN


class ScreeningRun(models.Model):
    """One comparison of an organization's names with the list; clean ones are kept too."""

    class Cause(models.TextChoices):
        NAMES = "names", _("Names are new or changed")
        LIST = "list", _("The list or the method is new")
        ASKED = "asked", _("Asked for")

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        verbose_name=_("organization"),
        related_name="screening_runs",
    )
    snapshot = models.ForeignKey(
        SanctionsSnapshot, models.PROTECT, verbose_name=_("list"), related_name="runs"
    )
    method = models.CharField(_("method"), max_length=30)
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices)
    names = models.PositiveIntegerField(_("names screened"))
    listed_names = models.PositiveIntegerField(_("against names of the list"))
    found = models.PositiveIntegerField(_("alike"), help_text=_("Decided ones included."))
    new = models.PositiveIntegerField(_("new hits"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = by_whom(_("by"))

    class Meta:
        verbose_name = _("screening run")
        verbose_name_plural = _("screening runs")
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "-id"], name="screening_run_history")]
        triggers = [pgtrigger.ReadOnly(name="screening_run_is_frozen", exclude=["by"])]

    def __str__(self) -> str:
        return f"{self.organization}, {self.at:%Y-%m-%d %H:%M}"


class ScreenedNameQuerySet(models.QuerySet["ScreenedName"]):
    def active(self) -> Self:
        return self.filter(retired_at=None)


class ScreenedName(models.Model):
    """A name that is compared with the list: the one record of whom an organization stands for.

    A row is one institution or person under one spelling: `spelling` is what is equal for two ways
    of writing it, and never changes, so that another one is another row and looked at again. A
    person whose email address is known is one row whatever they do here; others are told apart by
    birth year and country as well, so that a namesake has a row of their own.
    """

    class Kind(models.TextChoices):
        INSTITUTION = "institution", _("Institution")
        FORMER_NAME = "former_name", _("Former name")
        ACRONYM = "acronym", _("Acronym")
        PARENT = "parent", _("Parent organization")
        REGISTRANT = "registrant", _("Registrant")
        LEAD = "lead", _("Lead")
        CO_LEAD = "co_lead", _("Co-lead")
        HEAD = "head", _("Head")
        OWNER = "owner", _("Owner")
        BOARD = "board", _("Member of the board")

    class Source(models.TextChoices):
        REGISTRATION = "registration", _("Registration")
        PROFILE = "profile", _("Profile of the organization")
        APPLICATION = "application", _("Application")
        SECRETARIAT = "secretariat", _("Secretariat")

    INSTITUTIONS = frozenset({Kind.INSTITUTION, Kind.FORMER_NAME, Kind.ACRONYM, Kind.PARENT})

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        verbose_name=_("organization"),
        related_name="screened_names",
    )
    kind = models.CharField(_("role"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=320)
    spelling = models.TextField(_("compared spelling"), blank=True)
    email = models.EmailField(_("email address"), max_length=254, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("birth year"), null=True, blank=True)
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        verbose_name=_("country"),
        related_name="+",
        null=True,
        blank=True,
    )
    source = models.CharField(_("known from"), max_length=12, choices=Source.choices)
    reference = models.CharField(_("reference"), max_length=30, blank=True)
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    added_by = by_whom(_("added by"))
    retired_at = models.DateTimeField(_("no longer screened since"), null=True, blank=True)
    retired_by = by_whom(_("taken off by"))
    retired_reason = models.TextField(_("reason"), blank=True)
    # The newest run over this name: without one, or with one on an older list, it is due.
    run = models.ForeignKey(
        ScreeningRun,
        models.SET_NULL,
        verbose_name=_("last run"),
        related_name="+",
        null=True,
        blank=True,
    )

    objects = ScreenedNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("screened name")
        verbose_name_plural = _("screened names")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name", "email"],
                condition=~models.Q(email=""),
                name="screened_person_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "kind", "name", "birth_year", "country"],
                condition=models.Q(email=""),
                nulls_distinct=False,
                name="screened_name_once",
            ),
            models.CheckConstraint(
                name="screened_name_birth_year",
                condition=models.Q(birth_year=None)
                | models.Q(birth_year__gte=1900, birth_year__lte=2100),
            ),
        ]
        indexes = [models.Index(fields=["run"], name="screened_name_run")]
        triggers = [
            pgtrigger.ReadOnly(name="screened_name_identity", fields=["organization", "spelling"])
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_person(self) -> bool:
        return self.kind not in self.INSTITUTIONS


class HitCounts(NamedTuple):
    open: int
    confirmed: int


class HitQuerySet(models.QuerySet["Hit"]):
    def open(self) -> Self:
        return self.filter(status=HIT_OPEN)

    def counts(self) -> HitCounts:
        """How many are open, and how many confirmed ones count; one query.

        A confirmed one counts while the name is screened and the entry is on the list.
        """
        counting = models.Q(status=HIT_CONFIRMED, name__retired_at=None, entry__ended_in=None)
        found = self.aggregate(
            open=models.Count("pk", filter=models.Q(status=HIT_OPEN)),
            confirmed=models.Count("pk", filter=counting),
        )
        return HitCounts(**found)


class Hit(models.Model):
    """A screened name that is like a listed one; only a person decides whether it is the same.

    One row for a name and an entry as it stands, so that an unchanged pair is asked about once,
    and a changed name or entry again. `evidence` says what speaks for and against.
    """

    class Band(models.IntegerChoices):
        POSSIBLE = 1, _("Possible")
        STRONG = 2, _("Strong")

    class Method(models.TextChoices):
        EQUAL = "equal", _("The same words")
        SPELLING = "spelling", _("Nearly the same letters")
        PART = "part", _("Nearly all words of one name occur in the other")
        WHOLE = "whole", _("The same, but a name that says little")

    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organization"), related_name="hits"
    )
    name = models.ForeignKey(
        ScreenedName, models.CASCADE, verbose_name=_("screened name"), related_name="hits"
    )
    entry = models.ForeignKey(
        ListedEntry, models.PROTECT, verbose_name=_("listed entry"), related_name="hits"
    )
    first_run = models.ForeignKey(
        ScreeningRun, models.CASCADE, verbose_name=_("found by"), related_name="+"
    )
    last_run = models.ForeignKey(
        ScreeningRun, models.CASCADE, verbose_name=_("last found by"), related_name="+"
    )
    listed_name = models.CharField(_("listed name"), max_length=1000)
    band = models.PositiveSmallIntegerField(_("likeness"), choices=Band.choices)
    method = models.CharField(_("method"), max_length=10, choices=Method.choices)
    score = models.FloatField(_("score"))
    evidence: models.JSONField[Any, Any] = models.JSONField(_("evidence"), default=dict)
    priority = models.SmallIntegerField(_("priority"), default=0)
    status = models.CharField(_("status"), max_length=10, choices=HIT.choices(), default=HIT_OPEN)
    status_at = models.DateTimeField(_("status since"), default=timezone.now)
    status_by = by_whom(_("status set by"))
    reason = models.TextField(_("reason"), blank=True)
    found_at = models.DateTimeField(_("found"), default=timezone.now)

    objects = HitQuerySet.as_manager()

    class Meta:
        verbose_name = _("hit")
        verbose_name_plural = _("hits")
        ordering = ["-priority", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name", "entry"], name="hit_once"),
            models.CheckConstraint(
                name="hit_decision_has_a_reason",
                condition=models.Q(status=HIT_OPEN) | ~models.Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-priority", "id"],
                condition=models.Q(status=HIT_OPEN),
                name="hit_queue",
            )
        ]
        triggers = [
            arrows_trigger(HIT),
            birth_trigger(HIT),
            pgtrigger.ReadOnly(name="hit_identity", fields=["organization", "name"]),
        ]

    def __str__(self) -> str:
        return f"{self.name} / {self.entry.reference}"

    @property
    def state(self) -> State:
        return HIT.state(self.status)
