from typing import Self

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.by import by_whom


class LetterVersionQuerySet(models.QuerySet["LetterVersion"]):
    def newest(self) -> Self:
        """Of each letter the version that counts."""
        return self.order_by("template_id", "-number").distinct("template_id")


class LetterTemplate(models.Model):
    """A usual letter in one language; what it says is in its versions, the newest counts.

    Which letters there are, and what may be filled in, stands in `submissions.letters`.
    """

    code = models.CharField(_("code"), max_length=40)
    language = models.CharField(_("language"), max_length=10, default="en")
    title = models.CharField(_("letter"), max_length=100)

    class Meta:
        verbose_name = _("letter template")
        verbose_name_plural = _("letter templates")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["code", "language"], name="letter_template_unique")
        ]

    def __str__(self) -> str:
        return self.title


class LetterVersion(models.Model):
    """One wording of a letter, kept for good: a later one takes its place and leaves it alone."""

    template = models.ForeignKey(
        LetterTemplate, models.CASCADE, verbose_name=_("letter"), related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    # It came with the portal; a newer one that comes with it may take its place.
    is_shipped = models.BooleanField(_("came with the portal"), default=False)
    made_at = models.DateTimeField(_("written"), auto_now_add=True)
    made_by = by_whom(_("written by"))

    objects = LetterVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a letter")
        verbose_name_plural = _("versions of letters")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="letter_version_unique")
        ]
        triggers = [
            pgtrigger.ReadOnly(name="letter_version_is_frozen", exclude=["made_by"]),
            pgtrigger.Protect(name="letter_version_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.number})"
