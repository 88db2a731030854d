"""Codes that facets of several lists show alike."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.browsing.facets import Facet
from alliance.text import Text
from alliance.widgets import goal_number


def term_facet(name: str, title: Text, vocabulary: str = "", *, is_open: bool = False) -> Facet:
    """A facet whose codes are terms of a vocabulary, which has the facet's name by default."""
    return Facet(name, title, partial(vocabularies.label, vocabulary or name), is_open)


def country_name(code: str) -> str:
    country = vocabularies.country(code)
    return country.name if country else code


def goal_label(code: str) -> str:
    term = vocabularies.term("sdg", code)
    return f"{goal_number(code)} {term.label}" if term else code


def by_code(option: tuple[str, str, int]) -> Any:
    return option[0]


THEMES = term_facet("theme", _("Theme"), is_open=True)
REGIONS = term_facet("region", _("Region"), is_open=True)
COUNTRIES = Facet("country", _("Country"), country_name)
GOALS = Facet("sdg", _("SDG"), goal_label, sort_key=by_code)
