"""Whatever somebody writes is shown as text, wherever the public finds it."""

import feedparser
import pytest
from django.test import Client

from organizations.models import Organization
from submissions.directory.entry import public_address
from submissions.directory.writing import follow_marked
from submissions.models import PublicEntry, Submission
from submissions.public.addresses import address
from tests import factories
from tests.submissions.listing import listed

pytestmark = pytest.mark.django_db

MARKUP = "<img src=x onerror=y> wells </script>"


@pytest.fixture
def place() -> Organization:
    """It is called, does, looks for and gives what is written in the language of pages."""
    place = listed(name=f"{MARKUP} office")
    Organization.objects.filter(pk=place.pk).update(description=f"{MARKUP} of ours")
    owner = factories.member(place, "owner")
    for make in (factories.demand, factories.offer):
        make(owner, "published", description=f"{MARKUP} title. {MARKUP} rest")
    follow_marked()
    return Organization.objects.get(pk=place.pk)


def test_what_looks_like_a_page_is_shown_as_text(place: Organization) -> None:
    demand = PublicEntry.objects.get(kind="demand")
    item = address("demand", str(Submission.objects.get(public_entry=demand)), demand.slug)
    pages = ["/", "/demands/", "/offers/", "/organizations/", "/search/?q=wells", item]
    pages += [f"/{name}/?q=wells" for name in ("demands", "offers", "organizations")]
    pages += [public_address(place), f"/connect/?about={item}"]
    for path in pages:
        page = Client().get(path).content.decode()
        assert "&lt;img src=x" in page, path
        assert "<img src=x" not in page, path
        assert page.count("</script>") == page.count("<script"), path
        assert ("<mark>wells</mark>" in page) == ("q=wells" in path), path


def test_a_feed_says_it_as_text_too(place: Organization) -> None:
    feed = feedparser.parse(Client().get("/demands/feed/").content)
    assert not feed.bozo
    (entry,) = feed.entries
    assert "<img src=x onerror=y>" in entry.author
