"""The sets by which a part of the library can be harvested: its themes and its languages."""

from typing import NamedTuple

from django.db.models import QuerySet

from alliance import vocabularies
from knowledge.machines.oai_requests import OaiError
from knowledge.models import Edition, HarvestRecord, Report
from knowledge.models.edition import LANGUAGES

_THEME, _LANGUAGE = "theme", "language"


class Set(NamedTuple):
    spec: str
    name: str


def all_sets() -> list[Set]:
    """Whether or not they hold anything today, so that the list costs nothing."""
    return [
        *(Set(f"{_THEME}:{code}", label) for code, label in vocabularies.choices_ever(_THEME)),
        *(Set(f"{_LANGUAGE}:{code}", name) for code, name in LANGUAGES),
    ]


def sets_of(report: Report) -> list[str]:
    """The report comes with its codes and editions."""
    return [
        *(f"{_THEME}:{code}" for code in report.theme_codes),
        *(f"{_LANGUAGE}:{edition.language}" for edition in report.editions.all()),
    ]


def within(records: QuerySet[HarvestRecord], spec: str) -> QuerySet[HarvestRecord]:
    """Those of a set; a report that was taken back is still in it. Raises OaiError."""
    kind, _colon, code = spec.partition(":")
    if kind == _THEME:
        held = Report.themes.through.objects.filter(term__vocabulary=_THEME, term__code=code)
        return records.filter(report_number__in=held.values("report_id"))
    if kind == _LANGUAGE:
        editions = Edition.objects.filter(language=code)
        return records.filter(report_number__in=editions.order_by().values("report_id"))
    raise OaiError("noRecordsMatch", "There is no such set.")
