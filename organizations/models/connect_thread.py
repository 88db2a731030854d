"""What follows a Connect message: answers both ways, notes of the staff, and whom it goes to."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.models import OutgoingMail, Term
from organizations.groups import ADMINISTRATOR, REVIEWER, SENIOR_REVIEWER
from organizations.models.by import by_whom
from organizations.models.connect import ConnectMessage


class ConnectReply(models.Model):
    """One answer in the thread of a message, of the secretariat or of the sender."""

    message = models.ForeignKey(
        ConnectMessage, models.CASCADE, verbose_name=_("message"), related_name="replies"
    )
    text = models.TextField(_("text"))
    is_from_sender = models.BooleanField(_("from the sender"), default=False)
    # One sending of one form with one content, as with the message itself.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    made_at = models.DateTimeField(_("written"), auto_now_add=True)
    made_by = by_whom(_("written by"))
    # The mail that took it to the sender; mails are forgotten earlier.
    mail = models.ForeignKey(
        OutgoingMail,
        models.SET_NULL,
        verbose_name=_("mail"),
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("answer to a Connect message")
        verbose_name_plural = _("answers to Connect messages")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=~models.Q(fingerprint=""),
                name="connect_reply_is_sent_once",
            ),
            models.CheckConstraint(
                name="connect_reply_of_sender_is_by_nobody",
                condition=models.Q(is_from_sender=False)
                | models.Q(made_by__isnull=True, mail__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class ConnectNote(models.Model):
    """What staff write for each other about a message; the sender never sees it."""

    message = models.ForeignKey(
        ConnectMessage, models.CASCADE, verbose_name=_("message"), related_name="notes"
    )
    text = models.TextField(_("note"))
    made_at = models.DateTimeField(_("written"), auto_now_add=True)
    made_by = by_whom(_("written by"))

    class Meta:
        verbose_name = _("note on a Connect message")
        verbose_name_plural = _("notes on Connect messages")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.text[:80]


class ConnectRoute(models.Model):
    """Who is told of messages with one reason; without a route the secretariat's mailbox is.

    Of a reported concern only those are told who may read it, whatever stands here.
    """

    class Role(models.TextChoices):
        REVIEWER = REVIEWER, _("Reviewer")
        SENIOR_REVIEWER = SENIOR_REVIEWER, _("Senior reviewer")
        ADMINISTRATOR = ADMINISTRATOR, _("Administrator")

    reason = models.OneToOneField(
        Term, models.PROTECT, verbose_name=_("reason for connecting"), related_name="+"
    )
    role = models.CharField(
        _("everybody with this role is told"), max_length=30, choices=Role.choices, blank=True
    )
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("people who are told"),
        related_name="+",
        blank=True,
    )
    assignee = by_whom(_("assigned to"))

    class Meta:
        verbose_name = _("route of Connect messages")
        verbose_name_plural = _("routes of Connect messages")
        ordering = ["reason__order", "pk"]

    def __str__(self) -> str:
        return str(self.reason)
