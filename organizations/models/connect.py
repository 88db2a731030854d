from datetime import datetime, time
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.dates import working_days_before
from alliance.models import Term
from organizations.models.by import by_whom


class ConnectMessageQuerySet(models.QuerySet["ConnectMessage"]):
    def open_to(self, *, may_read_concerns: bool) -> Self:
        """Without the right to read them, reports of a concern are left out."""
        return self if may_read_concerns else self.filter(is_concern=False)

    def waiting(self) -> Self:
        """The secretariat has the next word."""
        return self.filter(status=ConnectMessage.Status.NEW)

    def waiting_for(self, user: models.Model, *, may_read_concerns: bool) -> Self:
        """What this colleague may take up: theirs, and what is nobody's."""
        free = models.Q(assignee=None) | models.Q(assignee=user.pk)
        return self.waiting().open_to(may_read_concerns=may_read_concerns).filter(free)

    def held_back(self) -> Self:
        """What looks like advertising, until a person has looked at it."""
        return self.filter(status=ConnectMessage.Status.HELD)

    def overdue(self) -> Self:
        """Those that have waited for an answer for longer than they should."""
        return self.waiting().filter(status_at__lt=_answered_since())


def _answered_since() -> datetime:
    """Whoever has waited since before this moment should have had an answer."""
    day = working_days_before(timezone.localdate(), ConnectMessage.ANSWER_WITHIN)
    return timezone.make_aware(datetime.combine(day, time.min))


class ConnectMessage(models.Model):
    """What somebody wrote in the Connect form; it waits in the secretariat's inbox."""

    # Working days.
    ANSWER_WITHIN = 5

    class Status(models.TextChoices):
        NEW = "new", _("New")
        ANSWERED = "answered", _("Answered")
        DONE = "done", _("Dealt with")
        # Looks like advertising: nobody was told of it.
        HELD = "held", _("Held back")

    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("email"), max_length=254)
    organization = models.CharField(_("organization / institution"), max_length=300)
    job_title = models.CharField(_("job title / role"), max_length=150)
    reason = models.ForeignKey(
        Term,
        models.PROTECT,
        verbose_name=_("reason for connecting"),
        related_name="+",
        null=True,
        blank=True,
    )
    # Decided when the message arrives: a later change of the list opens no old report.
    is_concern = models.BooleanField(
        _("report of a concern"),
        default=False,
        help_text=_("Only senior reviewers and administrators may read it."),
    )
    message = models.TextField(_("short message"), blank=True)
    # The public page from which the person came, as in /library/1-title/.
    about_path = models.CharField(_("about the page"), max_length=300, blank=True)
    about_title = models.CharField(_("about"), max_length=300, blank=True)
    # One sending of one form with one content: a double click finds its row here.
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.NEW
    )
    status_at = models.DateTimeField(_("status since"), auto_now_add=True)
    status_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("status set by"),
        related_name="+",
        null=True,
        blank=True,
    )

    assignee = by_whom(_("assigned to"))

    objects = ConnectMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("Connect message")
        verbose_name_plural = _("Connect messages")
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "-id"], name="connect_inbox")]

    def __str__(self) -> str:
        return f"{self.name}, {self.organization}"

    @property
    def pill(self) -> str:
        """The look of its status, as that of a case's state."""
        return {"new": "action", "answered": "review"}.get(self.status, "closed")

    @property
    def is_overdue(self) -> bool:
        return self.status == self.Status.NEW and self.status_at < _answered_since()
