"""The loader: everything is there, and what staff edited stays."""

from collections import Counter

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from alliance.models.country import Country, CountryGroupMembership
from alliance.models.vocabulary import Term
from alliance.reference_data import Loaded, load_reference_data

COUNTS = {
    "connect-reason": 10,
    "contribution-type": 14,
    "declaration": 21,
    "exclusion": 12,
    "geographic-focus": 13,
    "interest": 9,
    "modality": 18,
    "organization-type": 28,
    "partner-category": 11,
    "person-role": 13,
    "region": 7,
    "sdg": 17,
    "stage-demand": 6,
    "stage-offer": 6,
    "support-type": 15,
    "theme": 25,
    "timeframe": 7,
}


@pytest.fixture(autouse=True)
def reference_data(db: None) -> None:
    load_reference_data()


def test_every_list_of_the_forms_is_there_with_all_its_terms() -> None:
    assert Counter(Term.objects.of(*COUNTS).values_list("vocabulary", flat=True)) == COUNTS
    assert Country.objects.count() == 249


def test_every_shipped_term_passes_the_rules_for_what_staff_enter() -> None:
    for row in Term.objects.select_related("vocabulary"):
        row.full_clean()


def test_a_second_run_adds_nothing_in_three_queries_and_a_savepoint(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(5):
        assert load_reference_data() == Loaded(vocabularies=0, terms=0, countries=0)


def test_the_edits_of_staff_survive_another_run() -> None:
    row = Term.objects.get(vocabulary="theme", code="health")
    row.label_en, row.order, row.is_active = "Health for all", 5, False
    row.save()
    Country.objects.filter(pk="NR").update(name_en="Nauru", is_offered=False)
    CountryGroupMembership.objects.get(country="BD", group="ldc").delete()

    load_reference_data()

    row.refresh_from_db()
    assert (row.label_en, row.order, row.is_active) == ("Health for all", 5, False)
    nauru = Country.objects.get(pk="NR")
    assert (nauru.name_en, nauru.is_offered) == ("Nauru", False)
    assert not CountryGroupMembership.objects.filter(country="BD", group="ldc").exists()


def test_the_command_says_what_it_added(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_reference_data")
    assert capsys.readouterr().out == (
        "Reference data: 0 vocabularies, 0 terms and 0 countries added.\n"
    )
