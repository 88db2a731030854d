"""The board: what is published, as anybody finds and reads it."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import feedparser
import psycopg2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.browsing.kept import forget
from knowledge.search import asking
from organizations.models import Membership, Organization, User
from submissions import actions
from submissions.directory.writing import follow_marked
from submissions.models import Kind, PublicEntry, Submission
from submissions.public.addresses import address
from tests import factories
from tests.submissions.publishing import change, suspend

GAUGES = "We read river gauges by hand. Between gauge and village there is no signal."
MAKERS = [("demands", factories.demand), ("offers", factories.offer)]
Make = Callable[..., Submission]


def page_of(submission: Submission) -> str:
    entry = PublicEntry.objects.get(submission=submission)
    return address(submission.kind, str(submission), entry.slug)


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize(("path", "make"), MAKERS)
def test_a_list_shows_what_is_published_and_leads_to_its_page(
    client: Client, owner: User, path: str, make: Make
) -> None:
    shown = make(owner, "published", description=GAUGES)
    make(owner, "paused", description="Something that is paused.")
    make(owner, "submitted", description="Something that waits.")
    page = text(client, f"/{path}/")
    assert f'href="{page_of(shown)}"' in page
    assert "We read river gauges by hand" in page
    assert "Between gauge and village there is no signal." in page
    assert "Malawi" in page
    assert "Something that" not in page


def questions(client: Client, path: str) -> list[str]:
    """What a page asks that is not kept yet; the test's savepoints and the cache do not count."""
    text(client, path)
    forget()
    with CaptureQueriesContext(connection) as captured:
        text(client, path)
    asked = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in asked if not re.search("SAVEPOINT|TO DEFAULT|_cache", sql)]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("tail", ["", "?theme=climate", "?q=gauges", "?q=gauges&region=africa"])
def test_a_list_asks_as_much_for_three_as_for_one(
    client: Client, owner: User, rows: int, tail: str
) -> None:
    for _number in range(rows):
        factories.demand(owner, "published", description=GAUGES)
    # The state and the rows; with words also what is found.
    assert len(questions(client, f"/demands/{tail}")) == (3 if "q=" in tail else 2)
    assert text(client, f"/demands/{tail}").count('class="entry"') == rows


def test_twenty_stand_on_a_page_and_the_address_says_which(client: Client, owner: User) -> None:
    for number in range(21):
        factories.demand(owner, "published", description=f"Well number {number}.")
    first, second = (
        text(client, "/demands/?theme=climate"),
        text(client, "/demands/?theme=climate&page=2"),
    )
    assert (first.count('class="entry"'), second.count('class="entry"')) == (20, 1)
    assert "21 Demands" in first
    assert 'href="?theme=climate&amp;page=2"' in first


def test_facets_count_and_chips_take_a_choice_away(client: Client, owner: User) -> None:
    factories.demand(owner, "published", themes=["climate"], description="Rain.")
    factories.demand(owner, "published", themes=["health"], description="Nurses.")
    page = text(client, "/demands/?theme=health&q=nurses")
    assert re.search(r'value="health" checked><span>[^<]+</span><span class="n">1</span>', page)
    assert 'href="/demands/?q=nurses"' in page
    assert "<mark>Nurses</mark>" in page
    assert "Rain" not in page


def test_where_nothing_is_published_it_says_what_to_do(client: Client, db: None) -> None:
    page = text(client, "/offers/")
    assert "No Offers yet" in page
    assert page.count('href="/offers/new/"') == 1


def test_a_list_without_anything_to_choose_from_has_no_button_for_it(
    client: Client, owner: User
) -> None:
    opens = 'class="btn quiet open"'
    assert opens not in text(client, "/demands/")
    factories.demand(owner, "published")
    assert opens in text(client, "/demands/")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?theme=health", "Take one of your choices away"),
        ("?q=zebra", "another spelling"),
        ("?q=zebra&theme=health", "Try fewer words, or take one of your choices away"),
    ],
)
def test_where_nothing_is_found_it_says_what_to_change(
    client: Client, owner: User, query: str, said: str
) -> None:
    factories.demand(owner, "published")
    page = text(client, f"/demands/{query}")
    assert said in page
    assert 'href="/demands/"' in page


def test_a_title_of_no_known_language_runs_in_its_own_direction(
    client: Client, owner: User
) -> None:
    shown = factories.demand(owner, "published", description="ماء. بئر.", outcomes="ماء")
    assert PublicEntry.objects.get(submission=shown).card["language"] == ""
    page = text(client, "/demands/")
    assert '<h3 dir="auto"><a' in page
    assert '<p dir="auto">بئر.</p>' in page


@pytest.mark.parametrize("query", ["?page=99999999", "?page=-1", "?sort=x&theme=%00", "?q=%00"])
@pytest.mark.parametrize("tail", ["", "feed/"])
def test_hostile_addresses_do_no_harm(client: Client, owner: User, tail: str, query: str) -> None:
    factories.demand(owner, "published")
    assert client.get(f"/demands/{tail}{query}").status_code in {200, 400}


@pytest.mark.parametrize(("path", "make"), MAKERS)
def test_a_page_says_what_was_published(client: Client, owner: User, path: str, make: Make) -> None:
    submission = make(owner, "published", description=GAUGES)
    page = text(client, page_of(submission))
    for words in (
        "We read river gauges by hand",
        "Between gauge and village there is no signal.",
        "A warning reaches the last village within an hour.",
        "Climate action; Disaster risk reduction and resilience",
        "Africa; Least developed countries",
        "6 to 12 months",
        submission.organization.name,
        "Malawi",
        str(submission),
    ):
        assert words in page
    assert f'<link rel="canonical" href="http://localhost:8000{page_of(submission)}">' in page
    assert f'href="/{path}/"' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_asks_three_questions(client: Client, owner: User, rows: int) -> None:
    submission = factories.demand(owner, "published")
    for _number in range(rows):
        factories.offer(owner, "published")
    path = page_of(submission)
    # The terms, the item, and all that stands around it.
    assert len(questions(client, path)) == 3
    assert text(client, path).count('class="entry"') == rows


def test_a_page_shows_the_accepted_words_and_its_old_name_leads_to_the_new(
    client: Client, owner: User, senior: User
) -> None:
    submission = factories.demand(owner, "published", description=GAUGES)
    before = page_of(submission)
    newer = change(submission, owner, "We carry warnings by bicycle.")
    assert "bicycle" not in text(client, before)
    actions.accept_change(newer, by=senior)
    response = client.get(f"{before}?x=1")
    assert (response.status_code, response["Location"]) == (301, f"{page_of(submission)}?x=1")
    assert "We carry warnings by bicycle" in text(client, page_of(submission))
    for other in ("", "-", "-Cut…", "-(x)%0A", "-" + 300 * "x"):
        bare = client.get(f"/demands/{submission.reference}{other}/".replace("DEM", "dem"))
        assert (bare.status_code, bare["Location"]) == (301, page_of(submission))


def test_a_page_of_another_kind_or_of_nothing_is_not_there(client: Client, owner: User) -> None:
    offer = factories.offer(owner, "published")
    waiting = factories.demand(owner)
    text(client, page_of(offer).replace("/offers/", "/demands/"), 404)
    text(client, f"/demands/{waiting}/", 404)
    text(client, "/demands/DEM-2026-999999/", 404)
    text(client, "/demands/anything/", 404)


@pytest.mark.parametrize(
    ("status", "expected"),
    [("fulfilled", 410), ("closed", 410), ("expired", 410), ("paused", 404)],
)
def test_what_is_no_longer_shown_says_so_without_its_words(
    client: Client, owner: User, status: str, expected: int
) -> None:
    submission = factories.demand(owner, status, description=GAUGES)
    page = text(client, f"/demands/{submission}-we-read-river-gauges-by-hand/", expected)
    assert str(submission) in page
    assert '<meta name="robots" content="noindex">' in page
    for words in ("gauges by hand", submission.organization.name, "hour"):
        assert words not in page


def test_a_suspended_organization_is_gone_from_pages_with_the_next_request(
    client: Client, owner: User
) -> None:
    submission = factories.demand(owner, "published", description=GAUGES)
    other = factories.member(factories.organization(), Membership.Role.OWNER)
    beside = factories.offer(other, "published", description="We have radios.")
    path, list_page = page_of(submission), "/demands/"
    assert "river gauges" in text(client, list_page)
    assert "river gauges" in text(client, page_of(beside))
    feed = client.get("/demands/feed/")
    assert feed["Cache-Control"] == "public, no-cache"
    suspend(submission.organization)
    for address_of, status in ((list_page, 200), (path, 404), (page_of(beside), 200)):
        assert "river gauges" not in text(client, address_of, status)
    known = {"If-None-Match": feed["ETag"]}
    again = client.get("/demands/feed/", headers=known)
    assert again.status_code == 200
    assert "river gauges" not in again.content.decode()
    assert client.get("/demands/feed/", headers={"If-None-Match": again["ETag"]}).status_code == 304


def test_nothing_of_people_and_papers_is_shown(client: Client, owner: User) -> None:
    """The field for additional information is where people write whom to call."""
    draft = factories.draft(
        owner, Kind.DEMAND, additional="Call Thandiwe Zulu, +265 1 234 567.", description=GAUGES
    )
    document = factories.attachment(draft, by=owner)
    draft.refresh_from_db()
    submission = factories.submit_draft(draft, by=owner)
    factories.clear(submission.organization)
    submission = factories.decided(submission, "publish", by=factories.staff("Senior reviewer"))
    page = text(client, page_of(submission))
    assert "river gauges" in page
    pages = page + text(client, "/demands/") + text(client, "/demands/feed/")
    for told in (owner.last_name, owner.email, "Zulu", "+265", document.name, "Read twice"):
        assert told not in pages
    # Nor is it found by what is not shown.
    for path in ("/demands/?q=%s", "/demands/feed/?q=%s", "/search/?q=%s"):
        assert "river gauges" in text(client, path % "hand")
        for word in ("Thandiwe", "Zulu", "265", owner.last_name):
            assert "river gauges" not in text(client, path % word)


def test_help_is_offered_through_connect_with_the_item_named(client: Client, owner: User) -> None:
    submission = factories.demand(owner, "published", description=GAUGES)
    page = text(client, page_of(submission))
    link = re.search(r'href="(/connect/\?about=[^"]+)"', page)
    assert link is not None
    form = text(client, link[1].replace("&amp;", "&"))
    assert f"{submission}: We read river gauges by hand" in form
    assert '<option value="respond-demand" selected>' in form


def test_help_with_what_has_gone_meanwhile_still_names_its_reference(
    client: Client, owner: User
) -> None:
    submission = factories.demand(owner, "published", description=GAUGES)
    waiting = factories.demand(owner, "submitted")
    suspend(submission.organization)
    form = client.get("/connect/", {"about": page_of(submission)})
    assert form.context["page"].title == str(submission)
    assert "river gauges" not in form.context["page"].title
    never_shown = client.get("/connect/", {"about": f"/demands/{waiting}/"})
    assert never_shown.context["page"] is None


def test_a_page_is_told_to_search_engines(client: Client, owner: User) -> None:
    submission = factories.demand(owner, "published", description="</script><b>Wells.")
    page = text(client, page_of(submission))
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found is not None
    item, crumbs = json.loads(found[1])["@graph"]
    assert item["name"] == "</script><b>Wells"
    assert item["creator"]["name"] == submission.organization.name
    assert item["url"] == f"http://localhost:8000{page_of(submission)}"
    assert [step["name"] for step in crumbs["itemListElement"]] == ["Demands", str(submission)]


@pytest.mark.parametrize(("path", "make"), MAKERS)
def test_the_feed_brings_what_the_list_shows(
    client: Client, owner: User, path: str, make: Make
) -> None:
    first = make(owner, "published", description=GAUGES, themes=["climate"])
    make(owner, "published", description="Nurses.", themes=["health"])
    response = client.get(f"/{path}/feed/?theme=climate")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = feedparser.parse(response.content)
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.title == "We read river gauges by hand"
    assert entry.link == f"http://localhost:8000{page_of(first)}"
    assert entry.author == first.organization.name
    assert len(feedparser.parse(client.get(f"/{path}/feed/").content).entries) == 2
    assert len(feedparser.parse(client.get(f"/{path}/feed/?q=nurse").content).entries) == 1


def test_an_entry_of_the_feed_keeps_its_name_when_its_title_changes(
    client: Client, owner: User, senior: User
) -> None:
    submission = factories.demand(owner, "published", description=GAUGES)
    (before,) = feedparser.parse(client.get("/demands/feed/").content).entries
    actions.accept_change(change(submission, owner, "We ride bicycles."), by=senior)
    (after,) = feedparser.parse(client.get("/demands/feed/").content).entries
    assert after.title == "We ride bicycles"
    assert after.id == before.id
    assert after.updated > before.updated


def test_what_ends_soonest_can_come_first(client: Client, owner: User) -> None:
    soon = factories.demand(owner, "published", description="Soon over.")
    factories.demand(owner, "published", description="Newer.")
    day = timezone.localdate() + timedelta(days=2)
    PublicEntry.objects.filter(submission=soon).update(until=day)
    page = text(client, "/demands/?sort=ending")
    assert page.index("Soon over") < page.index("Newer")


def test_an_organization_that_is_renamed_is_shown_by_its_name_of_today(
    client: Client, owner: User
) -> None:
    submission = factories.demand(owner, "published")
    PublicEntry.objects.update(picture="share/drawn.png")
    Organization.objects.filter(pk=submission.organization_id).update(name="Office of Rivers")
    assert "Office of Rivers" in text(client, "/demands/")
    assert "Office of Rivers" in text(client, page_of(submission))
    follow_marked()
    assert page_of(submission) in text(client, "/demands/?q=office")
    assert PublicEntry.objects.get().picture == ""  # to be drawn anew
    assert follow_marked() == 0


def test_members_find_the_public_page_from_their_own(owner: User) -> None:
    submission = factories.demand(owner, "published")
    own = factories.logged_in(owner)
    path = f"/submissions/{submission.uuid}/"
    assert f'href="{page_of(submission)}"' in text(own, path)
    actions.pause(submission, by=owner)
    assert f'href="/demands/{submission}' not in text(own, path)


def test_search_engines_find_the_pages_and_leave_combinations_alone(
    client: Client, owner: User
) -> None:
    submission = factories.demand(owner, "published")
    paused = factories.offer(owner, "paused")
    assert f"http://localhost:8000{page_of(submission)}" in text(client, "/sitemap-board.xml")
    assert str(paused) not in text(client, "/sitemap-board.xml")
    assert "/sitemap-board.xml" in text(client, "/sitemap.xml")
    assert "http://localhost:8000/offers/" in text(client, "/sitemap-pages.xml")
    assert "Disallow: /demands/?theme=" in text(client, "/robots.txt")
    suspend(submission.organization)
    assert str(submission) not in text(client, "/sitemap-board.xml")
    assert client.get("/sitemap-board.xml")["Cache-Control"] == "public, no-cache"


def test_a_page_that_takes_too_long_says_to_come_again_and_connect_still_works(
    contents: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table is held by somebody else, so that a question to it never ends by itself."""
    submission = factories.demand(factories.member(factories.organization(), "owner"), "published")
    path = page_of(submission)
    monkeypatch.setattr(asking, "LONGEST", 100)
    other = psycopg2.connect(**connection.get_connection_params())
    try:
        other.cursor().execute(f"LOCK TABLE {PublicEntry._meta.db_table}")
        slow, form = client.get(path), client.get(f"/connect/?about={path}")
    finally:
        other.close()
    assert (slow.status_code, slow["Retry-After"]) == (503, "60")
    assert "load the page again" in slow.content.decode()
    assert str(submission) in form.content.decode()
    text(client, path)
