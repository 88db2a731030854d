"""Loads the shipped vocabularies and countries, and leaves alone what is there already."""

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from alliance.models.country import Country, CountryGroupMembership
from alliance.models.localized import LANGUAGES
from alliance.models.vocabulary import Term, Vocabulary

DATA = Path(__file__).resolve().parent / "data"
GROUPS = CountryGroupMembership.Group.values
# Columns of countries.csv that go into the fields of the same name.
_COPIED = (
    "iso2",
    "iso3",
    "m49",
    *(f"name_{language}" for language in LANGUAGES),
    "m49_region_code",
    "m49_region",
    "m49_subregion_code",
    "m49_subregion",
    "m49_intermediate_code",
    "m49_intermediate",
)


@dataclass(frozen=True)
class Loaded:
    """How many rows a run added."""

    vocabularies: int
    terms: int
    countries: int


@transaction.atomic
def load_reference_data() -> Loaded:
    """Insert the codes that are missing, and nothing else, so that staff's edits survive.

    A country's group memberships come with the country only: one that staff removed stays away.
    Two runs at once do no harm: the later one finds its rows there, and they are ignored.
    """
    shipped = [
        json.loads(path.read_text("utf-8")) for path in sorted(DATA.glob("vocabularies/*.json"))
    ]
    return Loaded(
        vocabularies=_load_vocabularies(shipped),
        terms=_load_terms(shipped),
        countries=_load_countries(),
    )


def _load_vocabularies(shipped: list[dict[str, Any]]) -> int:
    present = set(Vocabulary.objects.values_list("code", flat=True))
    missing = [
        Vocabulary(
            code=entry["code"],
            name=entry["name"],
            description=entry["description"],
            select_mode=entry["select_mode"],
            max_choices=entry["max_choices"],
            allow_other=entry["allow_other"],
        )
        for entry in shipped
        if entry["code"] not in present
    ]
    Vocabulary.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _load_terms(shipped: list[dict[str, Any]]) -> int:
    present = set(Term.objects.values_list("vocabulary", "code"))
    missing = [
        _term(vocabulary, entry, order=10 * place)
        for vocabulary in shipped
        for place, entry in enumerate(vocabulary["terms"], start=1)
        if (vocabulary["code"], entry["code"]) not in present
    ]
    Term.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _term(vocabulary: dict[str, Any], entry: dict[str, Any], *, order: int) -> Term:
    """Origin and source stand with the vocabulary, and with the term where they differ."""
    columns = {
        f"{stem}_{language}": text
        for stem in ("label", "help")
        for language, text in entry.get(stem, {}).items()
    }
    return Term(
        vocabulary_id=vocabulary["code"],
        code=entry["code"],
        order=order,
        origin=entry.get("origin", vocabulary["origin"]),
        source_url=entry.get("source_url", vocabulary["source_url"]),
        data=entry.get("data", {}),
        **columns,
    )


def _load_countries() -> int:
    present = set(Country.objects.values_list("iso2", flat=True))
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        missing = [row for row in csv.DictReader(file) if row["iso2"] not in present]
    Country.objects.bulk_create(map(_country, missing), ignore_conflicts=True)
    CountryGroupMembership.objects.bulk_create(_memberships(missing), ignore_conflicts=True)
    return len(missing)


def _country(row: dict[str, str]) -> Country:
    return Country(
        region=row["portal_region"],
        is_offered=row["in_unterm_197"] == "1",
        **{column: row[column] for column in _COPIED},
    )


def _memberships(rows: Iterable[dict[str, str]]) -> list[CountryGroupMembership]:
    return [
        CountryGroupMembership(country_id=row["iso2"], group=group)
        for row in rows
        for group in GROUPS
        if row[group] == "1"
    ]
