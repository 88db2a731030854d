"""What the secretariat may do to terms and countries in the admin."""

import json
from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory

from alliance.admin_vocabularies import CountryAdmin, TermAdmin, register
from alliance.models.country import Country
from alliance.models.event import Event
from alliance.models.vocabulary import Term, Vocabulary
from alliance.reference_data import load_reference_data
from organizations.models import User
from tests.admin_requests import admin_request

SITE = admin.AdminSite()
register(SITE)


@pytest.fixture(autouse=True)
def reference_data(db: None) -> None:
    load_reference_data()


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_user("amina@example.org", is_staff=True, is_superuser=True)


def edit(term: Term, by: User, **changes: Any) -> HttpResponse:
    """Send the form of a term's page, with its stored values but for the changes."""
    stored = {
        field.name: getattr(term, field.name)
        for field in Term._meta.fields
        if field.name.startswith(("label_", "help_"))
    }
    rest = {"order": term.order, "origin": term.origin, "source_url": term.source_url}
    data = json.dumps(term.data)
    # The page keeps the stored data in a hidden field beside the one for editing.
    rest |= {"is_active": "on", "data": data, "initial-data": data}
    sent = {**stored, **rest, **changes}
    return TermAdmin(Term, SITE).changeform_view(admin_request(by, sent), str(term.pk))


def test_a_new_wording_is_a_new_version_and_an_event(administrator: User) -> None:
    term = Term.objects.get(code="dd-accuracy")
    response = edit(term, administrator, label_en="All that we say is true.", order=1)

    assert response.status_code == 302
    term.refresh_from_db()
    assert (term.label_en, term.order, term.version) == ("All that we say is true.", 1, 2)
    event = Event.objects.get()
    assert (event.name, event.actor_id) == ("term.changed", administrator.pk)
    assert (event.subject_type, event.subject_id) == ("alliance.term", term.pk)
    assert event.data == {"version": 2, "fields": ["order", "label_en"]}


def test_data_that_names_an_unknown_category_comes_back_with_the_reason(
    administrator: User,
) -> None:
    term = Term.objects.get(code="dd-accuracy")
    data = json.dumps({"tick": "must", "applies_to": ["nobody"]})
    response = edit(term, administrator, data=data)

    assert isinstance(response, TemplateResponse)
    assert response.context_data
    errors = response.context_data["adminform"].form.errors
    assert errors == {"data": ["“applies_to” cannot be: nobody."]}
    assert not Event.objects.exists()


def test_codes_can_be_given_once_and_not_edited(administrator: User) -> None:
    request = RequestFactory().get("/")
    terms = TermAdmin(Term, SITE)
    assert "code" not in terms.get_readonly_fields(request)
    assert {"code", "vocabulary"} < set(terms.get_readonly_fields(request, Term.objects.first()))


@pytest.mark.parametrize("model", [Vocabulary, Country])
def test_lists_and_countries_are_neither_added_nor_deleted(
    model: type[Vocabulary | Country], administrator: User
) -> None:
    request = admin_request(administrator)
    page = SITE.get_model_admin(model)
    assert not page.has_add_permission(request)
    assert not page.has_delete_permission(request, model.objects.first())
    assert page.has_change_permission(request)


def test_terms_are_added_and_not_deleted(administrator: User) -> None:
    request = admin_request(administrator)
    page = SITE.get_model_admin(Term)
    assert page.has_add_permission(request)
    assert not page.has_delete_permission(request, Term.objects.first())


def test_a_country_can_only_be_put_into_a_region_that_exists(administrator: User) -> None:
    request = admin_request(administrator)
    form = CountryAdmin(Country, SITE).get_form(request, Country.objects.get(pk="SD"))
    region: Any = form.base_fields["region"]
    assert [code for code, _ in region.choices] == [
        "africa",
        "arab-states",
        "asia-pacific",
        "europe-cis",
        "lac",
        "other-partners",
        "global",
    ]
