"""Countries and terms that rows refer to: from memory, and never outdated ones."""

import pytest
from django.http import HttpRequest, HttpResponse
from pytest_django import DjangoAssertNumQueries

from alliance import vocabularies
from alliance.models import Country, Term
from organizations.models import Organization
from tests import factories

pytestmark = pytest.mark.django_db


def plain() -> Organization:
    """An organization without anything that belongs to it."""
    return Organization.objects.get(pk=factories.organization().pk)


def test_both_are_followed_at_the_cost_of_the_stamp(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    place = plain()

    def view(request: HttpRequest) -> HttpResponse:
        assert place.country is not None
        return HttpResponse(f"{place.country.iso2} {place.type.code}")

    vocabularies.current()
    with django_assert_num_queries(1):
        answer = vocabularies.once_per_request(view)(HttpRequest())
    assert (
        answer.content.decode() == f"{place.country_id} {Term.objects.get(pk=place.type_id).code}"
    )


def test_a_changed_wording_is_followed_at_once() -> None:
    first, second = plain(), plain()
    assert first.type.label_en != "Renamed"
    Term.objects.filter(pk=second.type_id).update(label_en="Renamed")
    assert second.type.label_en == "Renamed"


def test_what_came_later_than_the_copy_is_asked_of_the_database() -> None:
    place = plain()

    def view(request: HttpRequest) -> HttpResponse:
        vocabularies.current()
        Country.objects.create(iso2="XY", iso3="XYZ", m49="999", name_en="Late", region="africa")
        place.country_id = "XY"
        assert place.country is not None
        return HttpResponse(place.country.name_en)

    assert vocabularies.once_per_request(view)(HttpRequest()).content == b"Late"


def test_an_entity_without_a_country_has_none() -> None:
    place = plain()
    place.country = None
    assert place.country is None
