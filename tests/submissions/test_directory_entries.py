"""Who is in the public directory: every way in, and every way out."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from alliance.models import Country
from organizations.actions.due_diligence import expire_clearances
from organizations.actions.listing import say_listing
from organizations.actions.renaming import rename
from organizations.models import Organization, User
from submissions import actions
from submissions.actions.my_data import erase_account
from submissions.directory.entry import public_address
from submissions.directory.writing import follow_marked
from submissions.models import PublicEntry, Submission
from tests import factories
from tests.submissions.listing import is_listed, listed
from tests.submissions.publishing import clear_again, suspend

pytestmark = pytest.mark.django_db


def owner_of(place: Organization) -> User:
    return User.objects.get(memberships__organization=place, memberships__role="owner")


def reopen(place: Organization) -> None:
    application = Submission.objects.get(organization=place)
    senior = factories.staff("Senior reviewer")
    actions.reopen(application, by=senior, reason="A new fact came up.")


def run_out(place: Organization) -> None:
    """The last day of its clearance has passed, and no worker has noticed."""
    yesterday = timezone.localdate() - timedelta(days=1)
    place.due_diligence_cycles.update(valid_until=yesterday)


def expire(place: Organization) -> None:
    run_out(place)
    expire_clearances()


def take_back(place: Organization) -> None:
    say_listing(place, by=owner_of(place), agrees=False)


def erase(place: Organization) -> None:
    owner = owner_of(place)
    erase_account(owner, by=owner)


WAYS_OUT = [reopen, suspend, run_out, expire, take_back, erase]


def entries(place: Organization) -> int:
    return PublicEntry.objects.filter(kind="organization", organization=place).count()


@pytest.mark.parametrize("leave", WAYS_OUT)
def test_it_is_gone_with_the_next_request_and_the_worker_drops_its_entry(
    leave: Callable[[Organization], None],
) -> None:
    place = listed()
    stays = listed(name="Centre that stays")
    follow_marked()
    assert is_listed(place)
    leave(place)
    assert not is_listed(place)
    follow_marked()
    assert (entries(place), entries(stays)) == (0, 1)
    assert is_listed(stays)
    assert "1 organization</h2>" in Client().get("/organizations/").content.decode()


def test_approval_writes_the_entry_at_once_and_only_with_the_agreement() -> None:
    assert is_listed(listed())
    silent = listed(agrees=False, name="Silent institute")
    assert (entries(silent), is_listed(silent)) == (0, False)


def test_it_comes_back_with_the_clearance() -> None:
    place = listed()
    suspend(place)
    follow_marked()
    clear_again(place)
    follow_marked()
    assert is_listed(place)


def test_it_comes_when_its_owner_agrees_later() -> None:
    place = listed(agrees=False)
    say_listing(place, by=owner_of(place), agrees=True)
    follow_marked()
    assert is_listed(place)
    # New is what the public has not seen before: a digest tells of it, however old the approval.
    place.refresh_from_db()
    assert PublicEntry.objects.get(kind="organization").since == place.listing_said_at


def test_who_takes_it_back_and_agrees_again_is_nothing_new() -> None:
    place = listed()
    first = PublicEntry.objects.get(kind="organization").since
    take_back(place)
    follow_marked()
    say_listing(place, by=owner_of(place), agrees=True)
    follow_marked()
    assert is_listed(place)
    assert PublicEntry.objects.get(kind="organization").since == first


def test_who_was_declined_is_not_listed_though_it_agreed(
    owner: User, organization: Organization
) -> None:
    senior = factories.staff("Senior reviewer")
    factories.decided(factories.for_decision(owner, reviewer=senior), "decline", by=senior)
    say_listing(organization, by=owner, agrees=True)
    follow_marked()
    assert (entries(organization), is_listed(organization)) == (0, False)


def test_entry_follows_name_profile_and_country() -> None:
    place = listed(name="Old Name Institute")
    follow_marked()
    rename(place, by=owner_of(place), name="معهد المياه")
    Organization.objects.filter(pk=place.pk).update(
        country=Country.objects.get(pk="KE"), description="We measure rivers."
    )
    assert follow_marked() == 1
    assert follow_marked() == 0
    entry = PublicEntry.objects.get(kind="organization")
    assert (entry.title, entry.card["excerpt"]) == ("معهد المياه", "We measure rivers.")
    assert "country:KE" in entry.facets
    page = Client().get("/organizations/?q=rivers").content.decode()
    assert "<mark>rivers</mark>" in page
    assert "معهد المياه" in page


def test_its_themes_are_those_of_what_it_has_published() -> None:
    place = listed()
    offer = factories.offer(owner_of(place), "published", themes=["health"])
    follow_marked()
    entry = PublicEntry.objects.get(kind="organization")
    assert "theme:health" in entry.facets
    page = Client().get(public_address(place)).content.decode()
    assert f'href="/offers/{offer.reference}-' in page
    found = re.search(r'href="(/offers/[^"]+-[^"]+)"', page)
    assert found is not None
    assert Client().get(found[1]).status_code == 200
    actions.close(offer, by=owner_of(place))
    follow_marked()
    assert "theme:health" not in PublicEntry.objects.get(kind="organization").facets


def test_who_erases_their_account_leaves_no_word_of_their_closed_organization() -> None:
    place = listed()
    Organization.objects.filter(pk=place.pk).update(description="Ask Thandiwe about rivers.")
    follow_marked()
    assert "Thandiwe" in str(PublicEntry.objects.get(kind="organization").card)
    erase(place)
    assert entries(place) == 0
