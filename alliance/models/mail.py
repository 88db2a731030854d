from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self) -> "OutgoingMailQuerySet":
        return self.filter(
            status=OutgoingMail.Status.QUEUED, next_attempt_at__lte=timezone.now()
        ).order_by("next_attempt_at", "id")

    def failed(self) -> "OutgoingMailQuerySet":
        """Given up: nobody gets them unless somebody sends them again."""
        return self.filter(status=OutgoingMail.Status.FAILED)

    def about(self, subject: models.Model) -> "OutgoingMailQuerySet":
        """What was written about a case, newest first."""
        return self.filter(about_type=subject._meta.label_lower, about_id=subject.pk)


class OutgoingMail(models.Model):
    """A message in the outbox: written in the transaction that it tells of, sent by the worker."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        # A server had taken it, and then said that it could not be delivered.
        BOUNCED = "bounced", _("Came back")

    message = models.CharField(_("message"), max_length=80, blank=True)
    recipient = models.EmailField(_("to"))
    sender = models.CharField(_("from"), max_length=320)
    reply_to = models.CharField(_("reply to"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=998)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=255, unique=True)
    # Codes and links that open an account: shown to nobody but the recipient.
    is_secret = models.BooleanField(_("secret"), default=False)
    # The case that it is about, as in the trail: no foreign key, since the ground knows no cases.
    about_type = models.CharField(_("about"), max_length=80, blank=True)
    about_id = models.BigIntegerField(_("number of what it is about"), null=True, blank=True)

    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                name="mail_due",
                condition=models.Q(status="queued"),
            ),
            models.Index(
                fields=["about_type", "about_id"],
                name="mail_about",
                condition=models.Q(about_id__isnull=False),
            ),
            models.Index(fields=["id"], name="mail_failed", condition=models.Q(status="failed")),
        ]
        constraints = [
            models.CheckConstraint(
                name="mail_sent_has_time",
                condition=models.Q(status__in=["sent", "bounced"], sent_at__isnull=False)
                | (~models.Q(status__in=["sent", "bounced"]) & models.Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="mail_about_type_has_number",
                condition=models.Q(about_type="", about_id__isnull=True)
                | (~models.Q(about_type="") & models.Q(about_id__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message or self.subject} ({self.get_status_display()})"

    @property
    def pill(self) -> str:
        """The look of its status, as that of a case's state."""
        return {"sent": "approved", "failed": "declined", "bounced": "declined"}.get(
            self.status, "review"
        )

    @property
    def has_failed(self) -> bool:
        return self.status == self.Status.FAILED

    @property
    def did_not_arrive(self) -> bool:
        return self.status in {self.Status.FAILED, self.Status.BOUNCED}

    @property
    def is_forgotten(self) -> bool:
        """Its text is no longer kept, so there is nothing left to send."""
        return not self.text and not self.html
