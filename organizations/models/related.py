from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.searching import words_of
from organizations.models.organization import Organization


class RelatedName(models.Model):
    """A name that belongs to an organization beside its own; screening reads them all."""

    class Kind(models.TextChoices):
        FORMER_NAME = "former_name", _("Former name")
        PARENT = "parent", _("Parent organization")
        HEAD = "head", _("Head")
        OWNER = "owner", _("Owner")
        BOARD = "board", _("Member of the board")

    SEARCHED = words_of("name")

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        verbose_name=_("organization"),
        related_name="related_names",
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=300)

    class Meta:
        verbose_name = _("related name")
        verbose_name_plural = _("related names")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "name"], name="related_name_once"
            ),
            models.CheckConstraint(name="related_name_is_not_empty", condition=~models.Q(name="")),
        ]
        indexes = [GinIndex(words_of("name"), name="related_name_search")]

    def __str__(self) -> str:
        return self.name
