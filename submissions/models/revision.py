from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from alliance.searching import PlainStrings
from submissions.models.attachment import Attachment
from submissions.models.declaration import StatementAnswer
from submissions.models.submission import Submission


class HasLooseExplanation(models.Func):
    """Whether a statement that cannot be confirmed is left unexplained, or another is explained."""

    function = "jsonb_path_exists"
    template = (
        "%(function)s(%(expressions)s, '$[*] ? "
        '(@.answer == "cannot_confirm" && @.explanation == "" || '
        '@.answer != "cannot_confirm" && @.explanation != "")\')'
    )
    output_field = models.BooleanField()


class Revision(models.Model):
    """What was sent, frozen: answers with the labels that were shown, never changed afterwards.

    `answers` maps a field's name to its value: text as typed, or for choices the code
    (`{"code": "africa", "label": "Africa"}`, a list of such where several may be chosen).
    """

    SEARCHED = PlainStrings("answers")

    submission = models.ForeignKey(
        Submission, models.CASCADE, verbose_name=_("submission"), related_name="revisions"
    )
    number = models.PositiveSmallIntegerField(_("revision"))
    answers: models.JSONField[Any, Any] = models.JSONField(_("answers"), encoder=DjangoJSONEncoder)
    # The declaration of an application, see `statements`; when and by whom it was given.
    declaration: models.JSONField[Any, Any] = models.JSONField(
        _("declaration"), default=list, blank=True
    )
    declared_at = models.DateTimeField(_("declared"), null=True, blank=True, editable=False)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("declared by"),
        related_name="+",
        null=True,
        blank=True,
    )
    logo_name = models.CharField(_("logo"), max_length=200, blank=True)
    attachments = models.ManyToManyField(
        Attachment, verbose_name=_("attachments"), related_name="revisions", blank=True
    )
    language = models.CharField(_("language shown"), max_length=10)
    made_at = models.DateTimeField(_("sent"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("sent by"),
        related_name="+",
        null=True,
    )

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="revision_number_unique"),
            models.CheckConstraint(
                name="revision_declaration_has_time",
                condition=models.Q(declaration=[], declared_at__isnull=True)
                | ~models.Q(declaration=[]) & models.Q(declared_at__isnull=False),
            ),
            models.CheckConstraint(
                name="revision_declaration_explained",
                condition=~HasLooseExplanation("declaration"),
            ),
        ]
        indexes = [GinIndex(PlainStrings("answers"), name="revision_search")]
        triggers = [
            pgtrigger.ReadOnly(name="revision_is_frozen", exclude=["made_by", "declared_by"])
        ]

    def __str__(self) -> str:
        return f"{self.submission} ({self.number})"

    @property
    def logo(self) -> FieldFile:
        """The picture that went along; false where none did."""
        return Submission(logo=self.logo_name).logo

    @property
    def statements(self) -> list[StatementAnswer]:
        """The declaration, statement by statement; empty where the form has none."""
        return [StatementAnswer(**kept) for kept in self.declaration]
