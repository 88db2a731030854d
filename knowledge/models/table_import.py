from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.models import StagedUpload

_MOST_ATTEMPTS = 3


class TableImportQuerySet(models.QuerySet["TableImport"]):
    def sent_by(self, user: models.Model) -> Self:
        """A person's own, while they last."""
        return self.filter(upload__uploaded_by=user.pk, upload__in=StagedUpload.objects.waiting())

    def due(self) -> Self:
        """Those that somebody waits for, unless a worker is at it; a dead one's minute ends."""
        now = timezone.now()
        free = models.Q(leased_until=None) | models.Q(leased_until__lt=now)
        waits = models.Q(state__in=TableImport.WAITING, attempts__lt=_MOST_ATTEMPTS)
        return self.filter(waits & free, upload__in=StagedUpload.objects.waiting())


class TableImport(models.Model):
    """A table of reports that an editor sent: tried first, then taken over when they say so.

    It goes with its upload, after a day. What is said of rows counts as the spreadsheet does.
    """

    class State(models.TextChoices):
        DUE = "due", _("Waits to be tried")
        TRIED = "tried", _("Tried; nothing is changed yet")
        WANTED = "wanted", _("Being taken over")
        TAKEN = "taken", _("Taken over")
        REFUSED = "refused", _("Cannot be read")

    WAITING = (State.DUE, State.WANTED)
    LEASE = timedelta(minutes=1)
    MOST_ATTEMPTS = _MOST_ATTEMPTS

    upload = models.OneToOneField(StagedUpload, models.CASCADE, verbose_name=_("table"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(_("held by a worker until"), null=True, blank=True)
    total = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("rows looked at"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    same = models.PositiveIntegerField(_("stay the same"), default=0)
    wrong = models.PositiveIntegerField(_("wrong"), default=0)
    # Of each row that adds or changes: line, "added" or "changed", title, the columns that differ.
    differing = models.JSONField(_("rows that add or change"), default=list)
    # Of each mistake: line, column, what is wrong.
    problems = models.JSONField(_("mistakes"), default=list)

    objects = TableImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a table")
        verbose_name_plural = _("imports of tables")
        constraints = [
            models.CheckConstraint(
                name="table_import_counts_its_rows",
                condition=models.Q(
                    done=models.F("added")
                    + models.F("changed")
                    + models.F("same")
                    + models.F("wrong")
                ),
            )
        ]

    def __str__(self) -> str:
        return str(self.upload)

    @property
    def has_failed(self) -> bool:
        """No worker is at it any more, and none will be."""
        is_held = self.leased_until is not None and self.leased_until > timezone.now()
        return self.state in self.WAITING and self.attempts >= _MOST_ATTEMPTS and not is_held

    @property
    def is_waiting(self) -> bool:
        return self.state in self.WAITING and not self.has_failed

    @property
    def can_be_taken(self) -> bool:
        """Everything in it is right, and something in it is new."""
        is_right = self.state == self.State.TRIED and not self.wrong
        return is_right and bool(self.added or self.changed)
