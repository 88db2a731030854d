from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.models import Term


class ConnectMessage(models.Model):
    """What somebody wrote in the Connect form; it waits in the secretariat's inbox."""

    class Status(models.TextChoices):
        NEW = "new", _("New")
        DONE = "done", _("Dealt with")

    name = models.CharField(_("your name"), max_length=150)
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
    message = models.TextField(_("short message"), blank=True)
    # The public page from which the person came, as in /library/1-title/.
    about_path = models.CharField(_("about the page"), max_length=300, blank=True)
    about_title = models.CharField(_("about"), max_length=300, blank=True)
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

    class Meta:
        verbose_name = _("Connect message")
        verbose_name_plural = _("Connect messages")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name}, {self.organization}"


class Subscription(models.Model):
    """An address that wants news; it counts once its owner has followed the link we sent."""

    email = models.EmailField(_("email"), max_length=254, unique=True)
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.email
