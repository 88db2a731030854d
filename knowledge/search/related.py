"""Which reports to read next."""

from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from knowledge.models import Report
from knowledge.search.asking import ask

MOST_RELATED = 3
# So many of those with most themes in common are looked at, as some of them may not be public.
_CANDIDATES = 100

_REPORTS = Report._meta.db_table
_NAMED = Report.related.through._meta.db_table
_THEMES = Report.themes.through._meta.db_table
# Narrow rows alone: thousands may share a theme. Only names of our own are put into the text.
_ALIKE = f"""
SELECT report_id, false, count(*) AS common FROM {_THEMES}
WHERE term_id IN (SELECT term_id FROM {_THEMES} WHERE report_id = %(report)s) AND report_id <> %(report)s
GROUP BY report_id ORDER BY common DESC, report_id DESC LIMIT {_CANDIDATES}"""  # noqa: S608
_CHOSEN = f"""
SELECT to_report_id AS id, true AS is_named, 0 AS common FROM {_NAMED} WHERE from_report_id = %(report)s
UNION ALL ({_ALIKE})"""  # noqa: S608
_RELATED = f"""
SELECT report.id, report.slug, report.title, report.publisher, report.year
FROM ({_CHOSEN}) chosen JOIN {_REPORTS} report ON report.id = chosen.id
WHERE report.status = 'published' OR (report.status = 'embargoed' AND report.embargoed_until <= %(day)s)
GROUP BY report.id ORDER BY bool_or(is_named) DESC, max(common) DESC, report.id DESC
LIMIT {MOST_RELATED}"""  # noqa: S608


class Near(NamedTuple):
    """What a page says of another report."""

    pk: int
    slug: str
    title: str
    publisher: str
    year: int | None

    @property
    def url(self) -> str:
        return reverse("library:report", args=[self.pk, self.slug])


def related(report: Report) -> list[Near]:
    """Published reports to read next: those that editors named, then those that share themes.

    Raises TookTooLong.
    """
    values = {"report": report.pk, "day": timezone.localdate()}
    return [Near(*row) for row in ask(_RELATED, values)]
