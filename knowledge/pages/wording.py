"""What lists and pages say of a report alike."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alliance.browsing.facets import Facet
from alliance.browsing.terms import COUNTRIES, GOALS, REGIONS, THEMES
from knowledge.models import Edition, Report
from knowledge.models.edition import LANGUAGES

LANGUAGE_NAMES = dict(LANGUAGES)


def edition_in(report: Report, languages: Sequence[str]) -> Edition | None:
    """The edition in one of `languages`, else in the reader's, else the original; None if none."""
    editions = {edition.language: edition for edition in report.editions.all()}
    wanted = [*languages, (get_language() or "").split("-")[0], *editions]
    return next((editions[language] for language in wanted if language in editions), None)


def _language_name(code: str) -> str:
    return LANGUAGE_NAMES.get(code, code)


def _newest_first(option: tuple[str, str, int]) -> int:
    return -int(option[0])


# In the order of the page.
FACETS = (
    THEMES,
    REGIONS,
    COUNTRIES,
    GOALS,
    Facet("publisher", _("Publisher"), is_open=True),
    Facet("year", _("Year"), is_open=True, sort_key=_newest_first),
    Facet("language", _("Language"), _language_name),
)
