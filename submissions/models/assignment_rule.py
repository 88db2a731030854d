from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.models.kinds import Kind
from submissions.models.submission import Submission


class AssignmentRule(models.Model):
    """Whose the cases of a region, kind or partner category become; an empty column fits all.

    Of several that fit, the one that says most counts; of equals the one with the lower order.
    """

    region = models.CharField(_("region"), max_length=50, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, blank=True)
    partner_category = models.CharField(_("partner category"), max_length=50, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("goes to"),
        related_name="assignment_rules",
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=10, help_text=_("Among rules that say equally much, the lower first.")
    )

    class Meta:
        verbose_name = _("rule of assignment")
        verbose_name_plural = _("rules of assignment")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kind", "partner_category", "person"],
                name="assignment_rule_once",
                violation_error_message=_("There is such a rule for this person already."),
            )
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.region, self.kind, self.partner_category))) or "*"

    @property
    def says(self) -> int:
        """How many columns it names: the more, the more specific."""
        return sum(map(bool, (self.region, self.kind, self.partner_category)))

    def fits(self, submission: Submission) -> bool:
        return all(
            wanted in {"", given}
            for wanted, given in (
                (self.region, submission.region),
                (self.kind, submission.kind),
                (self.partner_category, submission.partner_category),
            )
        )
