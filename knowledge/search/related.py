"""Which reports to read next."""

from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from knowledge.models import IndexEntry, Report
from knowledge.search.asking import ask

MOST_RELATED = 3
# So many of the newest with a theme in common are compared, however large the library is.
_COMPARED = 100

_ENTRIES = IndexEntry._meta.db_table
_REPORTS = Report._meta.db_table
_NAMED = Report.related.through._meta.db_table
# Only names of our own are put into the text.
_ALIKE = f"""
SELECT report_id, facets FROM {_ENTRIES}
WHERE facets && %(themes)s::varchar[] AND shown_from <= %(day)s AND report_id <> %(report)s
ORDER BY year DESC NULLS LAST, report_id DESC LIMIT {_COMPARED}"""  # noqa: S608
_CHOSEN = f"""
SELECT to_report_id AS id, true AS is_named, 0 AS common FROM {_NAMED} WHERE from_report_id = %(report)s
UNION ALL
SELECT report_id, false, (SELECT count(*) FROM unnest(facets) code WHERE code = ANY(%(themes)s::varchar[]))
FROM ({_ALIKE}) alike"""  # noqa: S608
# What is retired by whatever way is gone at once, also before the index has heard of it.
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

    The report comes with its codes. Raises TookTooLong.
    """
    values = {
        "report": report.pk,
        "themes": [f"theme:{code}" for code in report.theme_codes],
        "day": timezone.localdate(),
    }
    return [Near(*row) for row in ask(_RELATED, values)]
