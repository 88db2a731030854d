"""What harvesting machines are told of a report: that it is there, that it changed, that it went.

A row here outlives its report. It is written by the database itself, so that no way of changing a
report, bulk updates and raw SQL included, gets past the machines that copied it.
"""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class HarvestRecord(models.Model):
    """A report that has been public, with the moment of its last change as harvesters see it.

    `is_deleted` is a tombstone: the report was retired, taken back, or deleted. Rows are never
    deleted, which is what OAI-PMH calls persistent.
    """

    # No foreign key: the tombstone of a report that is gone stays.
    report_number = models.BigIntegerField(_("number of the report"), primary_key=True)
    changed_at = models.DateTimeField(_("changed"), help_text=_("To the second."))
    is_deleted = models.BooleanField(_("no longer there"), default=False)

    class Meta:
        verbose_name = _("record for harvesters")
        verbose_name_plural = _("records for harvesters")
        indexes = [models.Index(fields=["changed_at", "report_number"], name="harvest_in_order")]

    def __str__(self) -> str:
        return f"{self.report_number}, {self.changed_at:%Y-%m-%dT%H:%M:%SZ}"


def tells_harvesters() -> pgtrigger.Trigger:
    """For the table of reports.

    It fires when the transaction ends, by the clock of that moment: a harvester that asks from
    the moment of its last answer on must not miss what was saved before it and committed after.
    """
    return pgtrigger.Trigger(
        name="tells_harvesters",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        func="""
            IF TG_OP = 'UPDATE' AND (OLD.changed_at, OLD.status, OLD.embargoed_until)
                IS NOT DISTINCT FROM (NEW.changed_at, NEW.status, NEW.embargoed_until) THEN
                RETURN NULL;
            END IF;
            IF TG_OP <> 'DELETE' AND (
                NEW.status = 'published' OR (
                    NEW.status = 'embargoed'
                    AND NEW.embargoed_until <= (clock_timestamp() AT TIME ZONE 'UTC')::date
                )
            ) THEN
                INSERT INTO knowledge_harvestrecord (report_number, changed_at, is_deleted)
                VALUES (NEW.id, date_trunc('second', clock_timestamp()), false)
                ON CONFLICT (report_number) DO UPDATE
                SET changed_at = EXCLUDED.changed_at, is_deleted = false;
            ELSE
                UPDATE knowledge_harvestrecord
                SET changed_at = date_trunc('second', clock_timestamp()), is_deleted = true
                WHERE report_number = COALESCE(OLD.id, NEW.id) AND NOT is_deleted;
            END IF;
            RETURN NULL;
        """,
    )
