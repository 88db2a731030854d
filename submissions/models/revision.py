from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.models import Term
from alliance.searching import PlainStrings
from submissions.models.attachment import Attachment
from submissions.models.submission import Submission


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
            models.UniqueConstraint(fields=["submission", "number"], name="revision_number_unique")
        ]
        indexes = [GinIndex(PlainStrings("answers"), name="revision_search")]
        triggers = [pgtrigger.ReadOnly(name="revision_is_frozen", exclude=["made_by"])]

    def __str__(self) -> str:
        return f"{self.submission} ({self.number})"

    @property
    def logo(self) -> FieldFile:
        """The picture that went along; false where none did."""
        return Submission(logo=self.logo_name).logo


class DeclarationAnswer(models.Model):
    """One statement of the declaration as it was answered: wording, version, language, who, when."""

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        CANNOT_CONFIRM = "cannot_confirm", _("Cannot confirm")
        NOT_GIVEN = "not_given", _("Not given (optional)")

    revision = models.ForeignKey(
        Revision, models.CASCADE, verbose_name=_("revision"), related_name="declaration"
    )
    statement = models.ForeignKey(
        Term, models.PROTECT, verbose_name=_("statement"), related_name="+"
    )
    statement_version = models.PositiveIntegerField(_("version"))
    wording = models.TextField(_("wording shown"))
    language = models.CharField(_("language shown"), max_length=10)
    answer = models.CharField(_("answer"), max_length=20, choices=Answer.choices)
    explanation = models.TextField(_("explanation"), blank=True)
    answered_at = models.DateTimeField(_("answered"), default=timezone.now, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("answered by"),
        related_name="+",
        null=True,
    )

    class Meta:
        verbose_name = _("answer to the declaration")
        verbose_name_plural = _("answers to the declaration")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "statement"], name="declaration_answer_once"
            ),
            models.CheckConstraint(
                name="declaration_explained",
                condition=models.Q(answer="cannot_confirm") & ~models.Q(explanation="")
                | ~models.Q(answer="cannot_confirm") & models.Q(explanation=""),
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="declaration_is_frozen", exclude=["answered_by"])]

    def __str__(self) -> str:
        return f"{self.statement.code}: {self.get_answer_display()}"
