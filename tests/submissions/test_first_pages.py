"""The first page of a form is drawn once for everybody, and says what it would say drawn for one."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string

from alliance import drawn_forms
from alliance.models import Term
from organizations.models import Membership, User
from submissions.desk import Desk
from submissions.labels import FORM_TITLES
from submissions.models import Kind
from tests import factories

pytestmark = pytest.mark.django_db

PATHS = {
    Kind.EXPRESSION_OF_INTEREST: "/apply/",
    Kind.DEMAND: "/demands/new/",
    Kind.OFFER: "/offers/new/",
}
# Masked anew, or signed a second later, with each drawing: what is signed stands before the colon.
_MASKED = re.compile(r'(name="csrfmiddlewaretoken" value|data-seconds)="[^"]+"')
_SIGNED = re.compile(r'(name="(?:made_for|draft)" value="[^":]+):[^"]+"')


@pytest.fixture
def neighbour() -> User:
    """Of an institution whose profile answers the same fields otherwise, one as if it were HTML."""
    place = factories.organization(name='Bureau of <b>"Rain"</b> & Wind', description="Two words.")
    return factories.member(place, Membership.Role.OWNER, first_name="Wanjiru")


@pytest.fixture
def newcomer() -> User:
    """Of an institution whose profile answers other fields."""
    place = factories.organization(website="", logo="logos/a.webp")
    return factories.member(place, Membership.Role.OWNER)


def first_page(person: User, kind: str) -> Any:
    page = factories.logged_in(person).get(PATHS[Kind(kind)], follow=True)
    assert page.status_code == 200
    return page


def as_drawn_for_one(page: Any, kind: str) -> str:
    desk: Desk = page.context["desk"]
    context: dict[str, Any] = {"kind": kind, "address": desk.address, "title": FORM_TITLES[kind]}
    context |= {"desk": desk, "form": desk.blank()}
    return render_to_string("submissions/draft.html", context, page.wsgi_request)


def plain(html: str) -> str:
    return _SIGNED.sub(r'\1"', _MASKED.sub(r'\1=""', html))


@pytest.mark.parametrize("kind", Kind)
def test_first_page_is_to_the_letter_what_would_be_drawn_for_each_reader(
    kind: str, owner: User, neighbour: User, newcomer: User
) -> None:
    drawn_forms.forget()
    for person in (owner, neighbour, newcomer):
        page = first_page(person, kind)
        assert plain(page.content.decode()) == plain(as_drawn_for_one(page, kind))


def test_first_page_says_nothing_of_who_had_it_drawn(owner: User, neighbour: User) -> None:
    drawn_forms.forget()
    first = first_page(owner, Kind.EXPRESSION_OF_INTEREST).content.decode()
    second = first_page(neighbour, Kind.EXPRESSION_OF_INTEREST).content.decode()
    for said in (owner.email, str(owner.memberships.get().organization)):
        assert said in first
        assert said not in second
    assert neighbour.email in second


def test_first_page_shows_at_once_what_staff_have_worded_anew(owner: User) -> None:
    assert "Worded anew" not in first_page(owner, Kind.DEMAND).content.decode()
    Term.objects.filter(vocabulary="theme", code="climate").update(label_en="Worded anew")
    assert "Worded anew" in first_page(owner, Kind.DEMAND).content.decode()
