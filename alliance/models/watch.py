"""What is kept for whoever looks after the portal: how its sweeps do, and what is wrong."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sweep(models.Model):
    """How one sweep of the worker last went. Written about once a minute, and when that changes."""

    path = models.CharField(_("function"), max_length=150, unique=True)
    last_success_at = models.DateTimeField(_("last went well"), null=True, blank=True)
    last_failure_at = models.DateTimeField(_("last failed"), null=True, blank=True)
    failing_since = models.DateTimeField(_("fails since"), null=True, blank=True)

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                name="sweep_that_fails_has_failed",
                condition=models.Q(failing_since=None) | models.Q(last_failure_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.path


class Alarm(models.Model):
    """Something that needs somebody, from when the worker found it until it is mended.

    `subject` says which, where there are several of a kind: a queue, or a sweep.
    """

    class Kind(models.TextChoices):
        QUEUE_LATE = "queue-late", _("Work waits for longer than it should")
        SWEEP_FAILS = "sweep-fails", _("A part of the worker fails again and again")
        MAIL_STUCK = "mail-stuck", _("Mail has not left for half an hour")
        MAIL_FAILED = "mail-failed", _("Mail could not be delivered and was given up today")
        MAILBOX = "mailbox", _("The mailbox for mail that comes back was not read for a day")
        SCANNER = "scanner", _("Files are not being scanned for viruses")
        TRAIL = "trail", _("The trail of events is broken, or nobody checks it")
        DISK_LOW = "disk-low", _("The disk for files is nearly full")
        REPLICA = "replica", _("The database’s replica is away, or minutes behind")
        COPY_OLD = "copy-old", _("No copy of the portal was made for a day and a half")
        LIST_OLD = "list-old", _("The sanctions list could not be read for two days")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    subject = models.CharField(_("which"), max_length=150, blank=True)
    since = models.DateTimeField(_("since"))
    told_at = models.DateTimeField(_("told by mail"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="alarm_is_one_of_its_kind")
        ]

    def __str__(self) -> str:
        """As people are told of it."""
        words = str(self.get_kind_display())
        return f"{words} ({self.subject})" if self.subject else words
