"""What makes a rewriting of the trail show: seals over its events, and what checking them found."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class Seal(models.Model):
    """One link of the chain: the fingerprints of the events that came since the seal before.

    `number` counts from 1 without gaps. `prints` holds pairs of an event's id and its fingerprint,
    by id. `mac` stands for all of it and for the `mac` of the seal before, under the key `key_id`,
    which the database does not know: see `alliance.trail`.
    """

    number = models.BigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("at"))
    prints = models.JSONField(_("fingerprints"))
    key_id = models.CharField(_("key"), max_length=8)
    mac = models.CharField(_("seal"), max_length=64)

    class Meta:
        verbose_name = _("seal of the trail")
        verbose_name_plural = _("seals of the trail")
        ordering = ["number"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.number}:{self.mac}"

    @property
    def last_event(self) -> int:
        """The id up to which all events are under this seal or an earlier one."""
        return int(self.prints[-1][0])


class TrailCheck(models.Model):
    """What comparing the whole trail with its seals found; the last one is what staff are told."""

    class Break(models.TextChoices):
        """What is wrong at the first place where something is."""

        SEAL_MISSING = "seal-missing", _("a seal was removed, or seals were put in another order")
        SEAL_CHANGED = "seal-changed", _("a seal was changed, or made without the key")
        KEY_UNKNOWN = "key-unknown", _("the key of a seal is not known here")
        EVENT_DELETED = "event-deleted", _("an event was deleted")
        EVENT_INSERTED = "event-inserted", _("an event was put in later")
        EVENT_CHANGED = "event-changed", _("an event was changed")
        END_MISSING = "end-missing", _("the last seals were removed, or an older copy was restored")

    at = models.DateTimeField(_("at"), auto_now_add=True)
    seals = models.BigIntegerField(_("seals checked"))
    events = models.BigIntegerField(_("events checked"))
    broken = models.CharField(_("what is broken"), max_length=20, choices=Break, blank=True)
    broken_seal = models.BigIntegerField(_("in the seal"), null=True, blank=True)
    broken_event = models.BigIntegerField(_("at the event"), null=True, blank=True)

    class Meta:
        verbose_name = _("check of the trail")
        verbose_name_plural = _("checks of the trail")
        ordering = ["-id"]
        get_latest_by = "id"

    def __str__(self) -> str:
        return self.place or str(_("whole"))

    @property
    def place(self) -> str:
        """What is broken and where, for people; empty where nothing is."""
        if not self.broken:
            return ""
        where = [
            str(words) % number
            for words, number in (
                (_("event %d"), self.broken_event),
                (_("seal %d"), self.broken_seal),
            )
            if number is not None
        ]
        words = str(self.get_broken_display())
        return f"{words} ({', '.join(where)})" if where else words
