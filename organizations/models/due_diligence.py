from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.workflow import State, arrows_trigger, birth_trigger
from organizations.models.organization import Organization
from organizations.workflow import CLEARED_STATES, DUE_DILIGENCE, NOT_STARTED


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
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

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
        triggers = [arrows_trigger(DUE_DILIGENCE), birth_trigger(DUE_DILIGENCE)]

    def __str__(self) -> str:
        return f"{self.organization}: {self.state.label}"

    @property
    def state(self) -> State:
        return DUE_DILIGENCE.state(self.status)

    @property
    def is_cleared(self) -> bool:
        return self.status in CLEARED_STATES
