from datetime import timedelta

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UndeliverableAddressQuerySet(models.QuerySet["UndeliverableAddress"]):
    def given_up(self) -> "UndeliverableAddressQuerySet":
        """Those to which nothing is to be sent that nobody waits for."""
        return self.filter(given_up_at__isnull=False)

    def of(self, email: str) -> "UndeliverableAddress | None":
        """What is known of an address that nothing reaches; None where mail arrives."""
        return self.given_up().filter(email=email.lower()).first()


class UndeliverableAddress(models.Model):
    """An address from which mail came back. `alliance.undeliverable` writes the rows.

    It is given up when a mail was refused for good, or MOST_SOFT came back for a passing reason
    with never more than QUIET_AFTER between two of them.
    """

    MOST_SOFT = 5
    QUIET_AFTER = timedelta(days=60)

    email = models.EmailField(_("address"), max_length=254, unique=True)
    soft_bounces = models.PositiveSmallIntegerField(_("came back for a passing reason"), default=0)
    bounced_at = models.DateTimeField(_("last came back"))
    given_up_at = models.DateTimeField(_("given up"), null=True, blank=True)
    # As the mail server said it; `alliance.mail_errors` explains it.
    reason = models.TextField(_("reason"), blank=True)

    objects = UndeliverableAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("undeliverable address")
        verbose_name_plural = _("undeliverable addresses")
        constraints = [
            models.CheckConstraint(
                name="undeliverable_email_is_lower_case",
                condition=models.Q(email=Lower("email")),
            )
        ]

    def __str__(self) -> str:
        return self.email
