"""The search of an alert: kept as the address of the list says it, and told in words."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance import vocabularies
from alliance.widgets import goal_number
from knowledge.models.edition import LANGUAGES
from knowledge.search import FACETS, Query

_LANGUAGES = dict(LANGUAGES)


def query_of(search: str) -> Query:
    """The query that `spelled` wrote so."""
    asked = QueryDict(search)
    chosen = {name: asked.getlist(name) for name in FACETS if name in asked}
    return Query(text=asked.get("q", ""), chosen=chosen)


def spelled(query: Query) -> str:
    """The query string of a search: the same for whatever selects the same."""
    pairs = [("q", " ".join(query.text.split()))] if query.text.strip() else []
    pairs += [(name, code) for name in FACETS for code in sorted(query.chosen.get(name, []))]
    return urlencode(pairs)


def address(search: str) -> str:
    """The list that the search selects, the newest first."""
    return f"{reverse('library:list')}?{search}{'&' if search else ''}sort=newest"


def in_words(search: str) -> str:
    """The search for its owner: `Reports with “exchange”; theme: Health; country: Malawi`."""
    query = query_of(search)
    words = _("Reports with “%(words)s”") % {"words": query.text} if query.text else _("Reports")
    return "; ".join([words, *_choices(query)])


def in_known_words(search: str) -> str:
    """The search without a word that was typed, for a mail to whoever was named as its owner.

    Anybody can enter anybody's address: the portal must not carry strangers' words there.
    """
    query = query_of(search)
    words = _("Reports with the words you typed") if query.text else _("Reports")
    return "; ".join([words, *_choices(query, only_known=True)])


def _choices(query: Query, *, only_known: bool = False) -> list[str]:
    titles = {
        "theme": _("theme"),
        "region": _("region"),
        "country": _("country"),
        "sdg": _("goal"),
        "publisher": _("publisher"),
        "year": _("year"),
        "language": _("language"),
    }
    told = []
    for name, codes in query.chosen.items():
        labels = [_known(name, code) or ("" if only_known else code) for code in codes]
        if any(labels):
            told.append(f"{titles[name]}: {_(' or ').join(filter(None, labels))}")
    return told


def _known(facet: str, code: str) -> str:
    """How a code is called; empty where it means nothing to us."""
    if facet == "year":
        return code
    if facet == "country":
        country = vocabularies.country(code)
        return country.name if country else ""
    if facet == "language":
        return _LANGUAGES.get(code, "")
    term = vocabularies.term(facet, code) if facet != "publisher" else None
    if term is None:
        return ""
    return f"{goal_number(code)} {term.label}" if facet == "sdg" else str(term.label)
