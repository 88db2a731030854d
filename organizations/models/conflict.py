from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.by import by_whom
from organizations.models.organization import Membership, Organization


class ConflictOfInterestQuerySet(models.QuerySet["ConflictOfInterest"]):
    def open(self) -> Self:
        """Those that still keep their person from the organization's cases."""
        return self.filter(ended_at__isnull=True)

    def of(self, person: models.Model) -> Self:
        return self.filter(person_id=person.pk)


class ConflictOfInterest(models.Model):
    """Why a member of the secretariat has no part in the cases of an organization.

    It holds from the moment that it is declared until a senior reviewer ends it.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("person"),
        related_name="conflicts_of_interest",
    )
    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        verbose_name=_("organization"),
        related_name="conflicts_of_interest",
    )
    reason = models.TextField(_("reason"))
    declared_at = models.DateTimeField(_("declared"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = by_whom(_("ended by"))
    ended_reason = models.TextField(_("why it ended"), blank=True)

    objects = ConflictOfInterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organization"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_conflict_of_interest",
            ),
            models.CheckConstraint(
                name="conflict_of_interest_has_a_reason", condition=~models.Q(reason="")
            ),
            models.CheckConstraint(
                name="conflict_of_interest_ended_with_a_reason",
                condition=models.Q(ended_at__isnull=True, ended_reason="")
                | models.Q(ended_at__isnull=False) & ~models.Q(ended_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.organization}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


def closed_to(user: models.Model) -> models.Q:
    """Rows about organizations in whose cases this person has no part, to be left out of lists.

    Their own organization, and those where they have declared a conflict of interest; the same
    as `can_review_organization` says of one.
    """
    own, declared = _closed_by(user)
    return models.Q(organization__in=own) | models.Q(organization__in=declared)


def closed_organizations(user: models.Model) -> tuple[int, ...]:
    """The numbers of these organizations, for whoever asks for their rows again and again."""
    own, declared = _closed_by(user)
    return tuple(pk for (pk,) in own.union(declared).values_list("organization"))


def _closed_by(user: models.Model) -> tuple[models.QuerySet[Any, Any], models.QuerySet[Any, Any]]:
    own = Membership.objects.filter(user_id=user.pk).order_by()
    declared = ConflictOfInterest.objects.open().of(user).order_by()
    return own.values("organization"), declared.values("organization")
