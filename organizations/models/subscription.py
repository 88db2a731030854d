"""Subscriptions to the news: what somebody wants to hear of, and when the next digest is due."""

from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from organizations.models.confirmed import ConfirmedByMail, ConfirmedByMailQuerySet

# The digest leaves on Tuesdays at six in the morning, UTC: read in the same week it tells of.
DIGEST_WEEKDAY = 1  # as in datetime.weekday()
DIGEST_HOUR = 6
_CODE = 80  # characters; the longest code of a term


def next_digest(after: datetime | None = None) -> datetime:
    """The first moment at which a digest leaves after `after`, or after now."""
    start = after or timezone.now()
    day = start.astimezone(timezone.get_default_timezone()).replace(
        hour=DIGEST_HOUR, minute=0, second=0, microsecond=0
    )
    day += timedelta(days=(DIGEST_WEEKDAY - day.weekday()) % 7)
    return day if day > start else day + timedelta(days=7)


class SubscriptionQuerySet(ConfirmedByMailQuerySet["Subscription"]):
    def due(self) -> Self:
        """Those whose next digest is to be looked for now, the longest waiting first."""
        return self.active().filter(due_at__lte=timezone.now()).order_by("due_at", "pk")


class Subscription(ConfirmedByMail):
    """An address that wants news; it counts once its owner has followed the link we sent.

    `themes` and `regions` are codes of terms, of which one is enough; none stands for all of them.
    `due_at` says when the next digest is due: it tells of what is newer than `seen_until`.
    """

    email = models.EmailField(_("email"), max_length=254, unique=True)
    themes = ArrayField(
        models.CharField(max_length=_CODE), verbose_name=_("themes"), default=list, blank=True
    )
    regions = ArrayField(
        models.CharField(max_length=_CODE), verbose_name=_("regions"), default=list, blank=True
    )
    seen_until = models.DateTimeField(_("told of what came until"), default=timezone.now)
    due_at = models.DateTimeField(_("next digest"), default=next_digest)

    objects = SubscriptionQuerySet.as_manager()

    class Meta(ConfirmedByMail.Meta):
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="subscription_due",
                condition=models.Q(confirmed_at__isnull=False, ended_at__isnull=True),
            )
        ]

    @property
    def choice_in_words(self) -> str:
        """What it is about, for its owner: `Health or Trade; Africa`."""
        chosen = (("theme", self.themes), ("region", self.regions))
        told = [
            gettext(" or ").join(vocabularies.label(vocabulary, code) for code in codes)
            for vocabulary, codes in chosen
            if codes
        ]
        return "; ".join(told) or gettext("All themes and regions")
