"""What the forms' lists offer: read here, never by a query of one's own.

Each process keeps one copy of all vocabularies and countries, with the stamp that the database
renews whenever one of them changes (see ReferenceStamp). A read costs one small query, which
compares stamps; inside a request the first read answers for all (see `once_per_request`). So a
change is seen by every process with its next request. Terms that come from here are shared
between threads: read them, do not change them.
"""

import unicodedata
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override

from alliance import states
from alliance.models.country import Country
from alliance.models.localized import column_language, localized, shown_language
from alliance.models.vocabulary import ReferenceStamp, Term, Vocabulary
from alliance.prepared import Prepared

Choices = list[tuple[str, str]]
Handler = Callable[[HttpRequest], HttpResponse]

REGIONAL = "regional"
GLOBAL = "global"


class Wording(TypedDict):
    """What a person was shown, to be kept with what they sent."""

    code: str
    label: str
    language: str
    version: int


class Offer(NamedTuple):
    """What a list offers in one language: codes with labels, and codes with their small print."""

    choices: Choices
    helps: dict[str, str]


@dataclass(frozen=True)
class Snapshot:
    """All reference data as of one stamp; inactive terms and countries too, in their order."""

    stamp: str | None
    vocabularies: dict[str, Vocabulary]
    terms: dict[str, dict[str, Term]]
    countries: dict[str, Country]
    terms_by_id: dict[int, Term]
    sorted_countries: dict[str, Choices] = field(default_factory=dict)
    offers: dict[tuple[str, str], "Offer"] = field(default_factory=dict)


# Asked beside the other states of what anybody sees; see `alliance.states`. Only a name of our own
# is put into the text.
STATE = f"SELECT stamp::text FROM {ReferenceStamp._meta.db_table} ORDER BY id LIMIT 1"  # noqa: S608 - names of our own
# Asked alone by every other page that offers a list.
_stamp = Prepared(lambda: ReferenceStamp.objects.order_by("pk")[:1])
_kept: list[Snapshot] = []  # none or one
_of_request: ContextVar[list[Snapshot] | None] = ContextVar("reference_data", default=None)


def once_per_request(get_response: Handler) -> Handler:
    """Middleware: the first read of a request answers for the whole request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _of_request.set([])
        try:
            return get_response(request)
        finally:
            _of_request.reset(token)

    return middleware


def current() -> Snapshot:
    """All reference data, at the cost of at most one query while nothing has changed."""
    of_request = _of_request.get()
    if of_request:
        return of_request[0]
    # The stamp is read before the data: data newer than its stamp is only read once more.
    stamp = _present_stamp()
    snapshot = next(iter(_kept), None)
    if snapshot is None or stamp is None or snapshot.stamp != stamp:
        snapshot = _read(stamp)
        _kept[:] = [snapshot]
    if of_request is not None:
        of_request.append(snapshot)
    return snapshot


def _present_stamp() -> str | None:
    known = states.known_already()
    if known is not None:
        return known["terms"]
    row = _stamp.first()
    return str(row.stamp) if row else None


def _read(stamp: str | None) -> Snapshot:
    vocabularies = {vocabulary.code: vocabulary for vocabulary in Vocabulary.objects.all()}
    terms: dict[str, dict[str, Term]] = {code: {} for code in vocabularies}
    terms_by_id = {row.pk: row for row in Term.objects.all()}
    for row in terms_by_id.values():
        terms[row.vocabulary_id][row.code] = row
    return Snapshot(
        stamp=stamp,
        vocabularies=vocabularies,
        terms=terms,
        countries={country.iso2: country for country in Country.objects.all()},
        terms_by_id=terms_by_id,
    )


def stamp() -> str:
    """Names the state of all reference data: a key for whatever is rendered from it."""
    return str(current().stamp)


def vocabulary(code: str) -> Vocabulary:
    """A vocabulary with its rules. Raises LookupError where it is not loaded."""
    try:
        return current().vocabularies[code]
    except KeyError:
        raise LookupError(f"No vocabulary {code!r}: run `manage.py load_reference_data`.") from None


def load(*vocabularies: str) -> dict[str, list[Term]]:
    """The terms on offer of several vocabularies, in order. Raises LookupError as `vocabulary`."""
    snapshot = current()
    return {
        code: [row for row in snapshot.terms[vocabulary(code).code].values() if row.is_active]
        for code in vocabularies
    }


def terms(vocabulary_code: str) -> list[Term]:
    return load(vocabulary_code)[vocabulary_code]


def term(vocabulary_code: str, code: str) -> Term | None:
    """One term, retired or not: what was once chosen can still be shown."""
    return current().terms.get(vocabulary_code, {}).get(code)


def term_of_id(number: int) -> Term | None:
    """One term by its row's number, retired or not."""
    return current().terms_by_id.get(number)


def offer(vocabulary_code: str, language: str | None = None) -> Offer:
    """The terms on offer, worded; made once for each language, so read it and do not change it."""
    kept, key = current().offers, (vocabulary_code, column_language(language))
    if key not in kept:
        rows = terms(vocabulary_code)
        kept[key] = Offer(
            choices=[(row.code, localized(row, "label", key[1])) for row in rows],
            helps={row.code: localized(row, "help", key[1]) for row in rows},
        )
    return kept[key]


def choices(vocabulary_code: str, language: str | None = None) -> Choices:
    return [*offer(vocabulary_code, language).choices]


def choices_ever(vocabulary_code: str) -> Choices:
    """The choices on offer, then the retired ones: for lists of what was chosen at any time."""
    rows = current().terms[vocabulary(vocabulary_code).code].values()
    retired = [(row.code, row.label) for row in rows if not row.is_active]
    return choices(vocabulary_code) + retired


def label(vocabulary_code: str, code: str, language: str | None = None) -> str:
    """The label of a term, retired or not; the code itself where there is no such term."""
    row = term(vocabulary_code, code)
    return localized(row, "label", language) if row else code


def wording(row: Term, language: str | None = None) -> Wording:
    """The label as it is shown now, with the version and the language that it really is in."""
    return Wording(
        code=row.code,
        label=localized(row, "label", language),
        language=shown_language(row, "label", language),
        version=row.version,
    )


def country_choices(language: str | None = None) -> Choices:
    """The countries on offer by name in that language, then the two entities without a country.

    Values are ISO codes of two capitals, and `regional` and `global`.
    """
    snapshot = current()
    suffix = column_language(language)
    if suffix not in snapshot.sorted_countries:
        offered = [
            (row.iso2, localized(row, "name", suffix))
            for row in snapshot.countries.values()
            if row.is_offered
        ]
        snapshot.sorted_countries[suffix] = sorted(
            offered, key=lambda choice: _sort_key(choice[1], suffix)
        )
    if language is None:
        return [*snapshot.sorted_countries[suffix], *_entities()]
    with override(language):
        return [*snapshot.sorted_countries[suffix], *_entities()]


def _entities() -> Choices:
    return [(REGIONAL, _("Regional entity")), (GLOBAL, _("Global entity"))]


def _sort_key(name: str, language: str) -> bytes:
    """Dictionary order without the rules of a collation library.

    Accents and hamza do not count; the Chinese national encoding has its common characters in the
    order of their pronunciation.
    """
    if language == "zh":
        return name.encode("gb18030")
    letters = unicodedata.normalize("NFKD", name)
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold().encode()


def country(iso2: str) -> Country | None:
    """One country, offered or not."""
    return current().countries.get(iso2)


def is_country(value: str) -> bool:
    """Whether a value of `country_choices` is a country, not one of the two entities."""
    return value not in (REGIONAL, GLOBAL)


def region_of_country(value: str) -> str:
    """The region that follows from a value of `country_choices`; empty where none does."""
    if value == GLOBAL:
        return GLOBAL
    row = country(value)
    return row.region if row else ""


def goals_of_theme(code: str) -> list[str]:
    """The codes of the Sustainable Development Goals that a theme serves."""
    theme = term("theme", code)
    return list(theme.data.get("sdgs", ())) if theme else []


def declaration_statements(category: str) -> list[Term]:
    """The statements of the declaration that a partner category is asked for, in order.

    Each statement lists its categories in `data["applies_to"]`. The lists were drawn up so:
    States are `government` and `local-government`; the UN is `un-entity`; non-state is every
    category outside the state track, `other` included; `other` answers for everything until staff
    have assigned it. A category that staff added and that no statement names yet is asked what
    `other` is asked: rather too much than nothing.
    """
    statements = terms("declaration")
    asked = [row for row in statements if category in row.data["applies_to"]]
    return asked or [row for row in statements if "other" in row.data["applies_to"]]


def proposal_notice() -> str:
    """Stands where legal wording and region lists are shown, in local mode; else empty."""
    if not settings.LOCAL_MODE:
        return ""
    return _(
        "The legal wording and the lists of regions are proposals. "
        "UNOSSC signs them off before the portal goes live."
    )


def country_disclaimer() -> str:
    """The United Nations' usual words beside a list of countries."""
    return _(
        "The designations employed do not imply the expression of any opinion whatsoever on the "
        "part of the Secretariat of the United Nations concerning the legal status of any "
        "country, territory, city or area or of its authorities, or concerning the delimitation "
        "of its frontiers or boundaries."
    )
