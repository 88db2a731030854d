from datetime import date
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.workflow import State, arrows_trigger, birth_trigger
from organizations.models.by import by_whom
from organizations.models.conflict import closed_to
from organizations.models.organization import Organization
from organizations.workflow import CLEARED_STATES, DUE_DILIGENCE, NOT_STARTED


class DueDiligenceQuerySet(models.QuerySet["DueDiligence"]):
    def newest(self) -> Self:
        """The cycle that counts of each organization."""
        newer = self.model._default_manager.filter(
            organization=models.OuterRef("organization"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(newer))

    def reviewable_by(self, user: models.Model) -> Self:
        """What this member of staff may work on: see `can_review_organization`."""
        return self.exclude(closed_to(user))

    def at_work(self) -> Self:
        """Those that count and have no finding, or lost it: somebody has to go on."""
        return self.newest().filter(status__in=DUE_DILIGENCE.open_codes())

    def ending_until(self, day: date) -> Self:
        """Clearances whose last day is `day` or earlier."""
        return self.filter(status__in=CLEARED_STATES, valid_until__lte=day)


def _shows_its_changes(
    name: str, operation: pgtrigger.Operation, condition: pgtrigger.Condition | None = None
) -> pgtrigger.Trigger:
    """What the public sees of an organization follows its clearance: it is looked at again."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        condition=condition,
        func=f"UPDATE {Organization._meta.db_table} SET shown_at = NULL "  # noqa: S608 - our table
        "WHERE id = NEW.organization_id AND shown_at IS NOT NULL; RETURN NEW;",
    )


class DueDiligence(models.Model):
    """One cycle of checks on an organization; the newest one counts, older ones stay."""

    class Level(models.TextChoices):
        BASIC = "basic", _("Basic")
        STANDARD = "standard", _("Standard")
        ENHANCED = "enhanced", _("Enhanced")

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        verbose_name=_("organization"),
        related_name="due_diligence_cycles",
    )
    number = models.PositiveSmallIntegerField(_("cycle"), default=1)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    status = models.CharField(
        _("status"), max_length=30, choices=DUE_DILIGENCE.choices(), default=NOT_STARTED
    )
    status_at = models.DateTimeField(_("status since"), auto_now_add=True)
    status_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("status set by"),
        related_name="+",
        null=True,
        blank=True,
    )
    reason = models.TextField(_("reason"), blank=True)
    words = models.TextField(
        _("words to the organization"),
        blank=True,
        help_text=_("Conditions, or why it is not cleared: as in the letter to its owners."),
    )
    # What the organization wants to do, as its application said: codes of the vocabularies.
    partner_category = models.CharField(_("partner category"), max_length=50, blank=True)
    engagement = ArrayField(
        models.CharField(max_length=50), verbose_name=_("kind of engagement"), default=list
    )
    level_reason = models.TextField(
        _("reason for the level"),
        blank=True,
        help_text=_("Empty as long as the level is the proposed one."),
    )
    level_by = by_whom(_("level set by"))
    recommended_at = models.DateTimeField(_("clearing recommended"), null=True, blank=True)
    recommended_by = by_whom(_("clearing recommended by"))
    recommendation = models.TextField(_("recommendation"), blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("assigned to"),
        related_name="assigned_due_diligence",
        null=True,
        blank=True,
    )

    objects = DueDiligenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("due diligence")
        verbose_name_plural = _("due diligence")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"], name="due_diligence_number_unique"
            ),
            models.CheckConstraint(
                name="due_diligence_clearance_has_an_end",
                condition=~models.Q(status__in=CLEARED_STATES)
                | models.Q(valid_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["valid_until"],
                condition=models.Q(status__in=CLEARED_STATES),
                name="due_diligence_expiry",
            )
        ]
        triggers = [
            arrows_trigger(DUE_DILIGENCE),
            birth_trigger(DUE_DILIGENCE),
            _shows_its_changes("shows_its_births", pgtrigger.Insert),
            _shows_its_changes(
                "shows_its_changes",
                pgtrigger.Update,
                condition=pgtrigger.AnyChange("status", "valid_until"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.state.label}"

    @property
    def state(self) -> State:
        return DUE_DILIGENCE.state(self.status)

    @property
    def has_application(self) -> bool:
        """Whether an application has said what the organization wants to do."""
        return bool(self.partner_category or self.engagement)

    @property
    def is_cleared(self) -> bool:
        return self.status in CLEARED_STATES


class Check(models.Model):
    """The answer to one check of a cycle, with what it rests on; `code` is one of `checks`."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")

    cycle = models.ForeignKey(
        DueDiligence, models.CASCADE, verbose_name=_("due diligence"), related_name="checks"
    )
    code = models.SlugField(_("check"), max_length=40)
    answer = models.CharField(_("answer"), max_length=15, choices=Answer.choices)
    note = models.TextField(_("note"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    answered_at = models.DateTimeField(_("answered"), default=timezone.now)
    answered_by = by_whom(_("answered by"))

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "code"], name="check_once"),
            models.CheckConstraint(
                name="check_explained_unless_yes",
                condition=models.Q(answer="yes") | ~models.Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.get_answer_display()}"
