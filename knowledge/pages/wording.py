"""What lists and pages say of a report alike."""

from collections.abc import Sequence

from django.utils.translation import get_language

from alliance import vocabularies
from alliance.models import Term
from knowledge.models import Edition, Report
from knowledge.models.edition import LANGUAGES

LANGUAGE_NAMES = dict(LANGUAGES)


def edition_in(report: Report, languages: Sequence[str]) -> Edition | None:
    """The edition in one of `languages`, else in the reader's, else the original; None if none."""
    editions = {edition.language: edition for edition in report.editions.all()}
    wanted = [*languages, (get_language() or "").split("-")[0], *editions]
    return next((editions[language] for language in wanted if language in editions), None)


def goals_of(report: Report) -> list[Term]:
    """The Sustainable Development Goals that `with_codes` brought."""
    terms = (vocabularies.term("sdg", code) for code in report.goal_codes)
    return [term for term in terms if term is not None]


def country_name(code: str) -> str:
    country = vocabularies.country(code)
    return country.name if country else code
