"""What is public stands in one table, written with whatever makes it so or takes it back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from alliance.workflow import Actor, Arrow
from organizations.models import Membership, Organization, User
from submissions import actions
from submissions.actions.moves import locked, move
from submissions.actions.my_data import erase_account
from submissions.models import Kind, PublicChange, PublicEntry, Submission
from submissions.public.addresses import address
from submissions.public.asked import ENDING, PublicQuery
from submissions.public.content import excerpt_of, slug_of
from submissions.public.finding import find
from submissions.public.pictures import draw_due, picture_of
from submissions.public.rows import in_order, page_of
from submissions.public.searching import best_of_each
from submissions.public.state import present
from submissions.public.writing import take_up_missed
from submissions.workflow import DEMAND_OR_OFFER, PUBLISHED
from tests import factories
from tests.submissions.publishing import change, clear_again, suspend

GAUGES = "We read river gauges by hand. Between gauge and village there is no signal."


def titles(query: PublicQuery) -> list[str]:
    return [row.title for row in page_of(query, find(query, present()), 1)]


def shortest_ways() -> Iterator[list[Arrow]]:
    """For each arrow from each of its sources: the way there from a draft, and the arrow."""
    known: dict[str, list[Arrow]] = {"draft": []}
    waiting = ["draft"]
    for status in waiting:
        for arrow in DEMAND_OR_OFFER.arrows:
            if status in arrow.sources:
                yield [*known[status], arrow]
                if arrow.target not in known:
                    known[arrow.target] = [*known[status], arrow]
                    waiting.append(arrow.target)


def walk(submission: Submission, arrow: Arrow, people: dict[Actor, User | None]) -> Submission:
    submission = locked(submission)
    if arrow.name == "publish":
        submission.shown_revision = submission.revisions.get()
        submission.published_at = timezone.now()
        submission.expires_on = timezone.localdate()
    by = next(people[actor] for actor in sorted(arrow.actors) if actor in people)
    columns = ("shown_revision", "published_at", "expires_on")
    move(submission, arrow.name, event="submission.walked", by=by, also_save=columns)
    return submission


def test_after_every_arrow_there_is_an_entry_exactly_where_it_is_published(
    owner: User, senior: User
) -> None:
    people = {Actor.APPLICANT: owner, Actor.SENIOR: senior, Actor.SYSTEM: None}
    received = factories.demand(owner)
    walked = 0
    for way in shortest_ways():
        if way == way[:1]:
            continue  # sending, which has been done
        mark = transaction.savepoint()
        submission = received
        for arrow in way[1:]:
            submission = walk(submission, arrow, people)
            is_shown = PublicEntry.objects.filter(submission=submission).exists()
            assert is_shown == (submission.status == PUBLISHED), [one.name for one in way]
            walked += 1
        transaction.savepoint_rollback(mark)
    assert walked > len(DEMAND_OR_OFFER.pairs())


@pytest.mark.parametrize("kind", [Kind.DEMAND, Kind.OFFER])
def test_an_entry_says_what_is_published(owner: User, kind: Kind) -> None:
    made = factories.demand if kind == Kind.DEMAND else factories.offer
    submission = made(owner, "published", description=GAUGES)
    entry = PublicEntry.objects.get()
    assert (entry.kind, entry.organization, entry.submission) == (
        kind,
        submission.organization,
        submission,
    )
    assert (entry.title, entry.slug) == (
        "We read river gauges by hand",
        "we-read-river-gauges-by-hand",
    )
    assert entry.card["excerpt"] == "Between gauge and village there is no signal."
    assert (entry.since, entry.until) == (submission.published_at, submission.expires_on)
    support = "peer-learning" if kind == Kind.DEMAND else "expertise"
    assert sorted(entry.facets) == [
        "country:MW",
        "modality:study-visit",
        "region:africa",
        "sdg:sdg-11",
        "sdg:sdg-13",
        f"support:{support}",
        "theme:climate",
        "theme:drr-resilience",
    ]


def test_a_change_is_public_when_it_is_accepted_and_not_before(owner: User, senior: User) -> None:
    submission = factories.demand(owner, "published", description=GAUGES)
    newer = change(submission, owner, "We carry warnings by bicycle.")
    # Written anew while the change waits, too.
    call_command("index_public")
    actions.resume(actions.pause(submission, by=owner), by=owner)
    assert PublicEntry.objects.get().title == "We read river gauges by hand"
    assert titles(PublicQuery("bicycle")) == []
    actions.accept_change(newer, by=senior)
    entry = PublicEntry.objects.get()
    assert entry.title == "We carry warnings by bicycle"
    assert entry.changed_at > entry.since
    query = PublicQuery("bicycle")
    assert titles(query) == [entry.title]
    assert titles(PublicQuery("gauges")) == []


def test_accepting_a_change_of_what_is_paused_shows_nothing(owner: User, senior: User) -> None:
    submission = factories.demand(owner, "published")
    newer = change(submission, owner, "We carry warnings by bicycle.")
    actions.pause(submission, by=owner)
    actions.accept_change(newer, by=senior)
    assert not PublicEntry.objects.exists()
    actions.resume(submission, by=owner)
    assert PublicEntry.objects.get().title == "We carry warnings by bicycle"


def test_a_renewal_moves_the_last_day(owner: User) -> None:
    submission = factories.demand(owner, "published")
    soon = timezone.localdate() + timedelta(days=3)
    Submission.objects.filter(pk=submission.pk).update(expires_on=soon)
    submission = actions.renew(submission, by=owner)
    assert PublicEntry.objects.get().until == submission.expires_on != soon


def test_what_a_suspended_organization_has_is_gone_with_the_next_question(owner: User) -> None:
    submission = factories.demand(owner, "published", description=GAUGES)
    other = factories.member(factories.organization(), Membership.Role.OWNER)
    factories.demand(other, "published", description="We look for seeds.")
    everything, words = PublicQuery(), PublicQuery("gauges")
    assert titles(everything) == ["We look for seeds", "We read river gauges by hand"]
    assert titles(words) == ["We read river gauges by hand"]
    assert [row.title for row in best_of_each("gauges", present())["demand"].rows]

    suspend(submission.organization)
    assert PublicEntry.objects.filter(submission=submission).exists()  # no sweep has run
    assert titles(everything) == ["We look for seeds"]
    assert titles(words) == []
    assert best_of_each("gauges", present())["demand"].rows == []

    clear_again(submission.organization)
    assert titles(words) == ["We read river gauges by hand"]


@pytest.mark.parametrize("ended", [{"valid_until": "2020-01-01"}, {"status": "expired"}])
def test_so_it_is_when_the_clearance_has_run_out(owner: User, ended: dict[str, str]) -> None:
    submission = factories.demand(owner, "published")
    submission.organization.due_diligence_cycles.update(**ended)
    assert titles(PublicQuery()) == []


def test_so_it_is_when_the_organization_is_closed(owner: User) -> None:
    submission = factories.demand(owner, "published")
    Organization.objects.filter(pk=submission.organization_id).update(closed_at=timezone.now())
    assert titles(PublicQuery()) == []


def test_lists_follow_the_choices_and_count_what_another_would_leave(owner: User) -> None:
    factories.demand(owner, "published", description="Rain.", themes=["climate"])
    factories.demand(owner, "published", description="Snow.", themes=["health"])
    factories.offer(owner, "published", description="Hail.", themes=["climate"])
    query = PublicQuery(chosen={"theme": ["climate"]})
    found = find(query, present())
    assert found.total == 1
    assert found.facets["theme"] == {"climate": 1, "health": 1}
    assert found.facets["sdg"] == {"sdg-13": 1}
    assert titles(query) == ["Rain"]
    assert titles(PublicQuery(kind=Kind.OFFER)) == ["Hail"]
    with_words = PublicQuery("snow", {"theme": ["climate"]})
    found = find(with_words, present())
    assert (found.total, found.facets["theme"]) == (0, {"health": 1})


@pytest.mark.parametrize("text", ["", "weather"])
def test_choices_in_two_facets_count_what_each_leaves_of_the_other(owner: User, text: str) -> None:
    for theme, modality in (
        ("climate", "study-visit"),
        ("climate", "training"),
        ("health", "training"),
        ("health", "study-visit"),
        ("gender", "study-visit"),
    ):
        factories.demand(
            owner,
            "published",
            description=f"Weather, {theme}.",
            themes=[theme],
            modalities=[modality],
        )
    chosen = {"theme": ["climate", "health"], "modality": ["training"]}
    found = find(PublicQuery(text, chosen), present())
    assert found.total == 2
    assert found.facets["theme"] == {"climate": 1, "health": 1}
    assert found.facets["modality"] == {"study-visit": 2, "training": 2}
    assert found.facets["country"] == {"MW": 2}


def test_the_newest_come_first_or_what_ends_soonest(owner: User) -> None:
    first = factories.demand(owner, "published", description="First.")
    factories.demand(owner, "published", description="Second.")
    PublicEntry.objects.filter(submission__gt=first.pk).update(until="2099-01-01")
    assert titles(PublicQuery()) == ["Second", "First"]
    assert titles(PublicQuery(sort=ENDING)) == ["First", "Second"]


@pytest.mark.parametrize(
    ("description", "typed"),
    [
        ("Notre programme forme des infirmières dans les villages de la région.", "infirmiere"),
        ("We organise training programmes for nurses.", "program"),
        ("Мы обучаем медицинских сестёр в деревнях нашей области и других областей.", "деревня"),
        ("نبحث عن خبرة في إدارة المياه والري في القرى الصغيرة", "المياة"),
        ("我们寻求水资源管理方面的经验", "水资源"),
        ("Water for Lomé.", '"water for lome"'),
    ],
)
def test_words_are_found_in_other_spellings_and_languages(
    owner: User, description: str, typed: str
) -> None:
    factories.demand(owner, "published", description=description)
    factories.demand(owner, "published", description="Something else.")
    query = PublicQuery(typed)
    assert [row.card["excerpt"] + row.title for row in page_of(query, find(query, present()), 1)]
    assert find(query, present()).total == 1


def test_the_best_of_each_kind_come_in_one_answer(owner: User) -> None:
    for number in range(6):
        factories.demand(owner, "published", description=f"Wells number {number}.")
    factories.offer(owner, "published", description="We dig wells.")
    best = best_of_each("wells", present())
    assert {kind: (of.total, len(of.rows)) for kind, of in best.items()} == {
        "demand": (6, 5),
        "offer": (1, 1),
    }
    assert best["offer"].rows[0].marked == ([3], ())
    assert best_of_each("nothing", present()) == {}


def test_a_title_in_another_script_has_a_readable_address() -> None:
    assert slug_of("نبحث عن خبرة") != ""
    assert slug_of("…") == ""
    assert slug_of("x" * 300) == "x" * 80


def test_an_excerpt_goes_on_where_the_title_ends() -> None:
    long = "word " * 60
    assert excerpt_of("One.\n\nTwo!") == "Two!"
    assert excerpt_of("One.") == ""
    assert excerpt_of(long).startswith("word word")


def test_every_writing_and_removing_is_another_state(owner: User) -> None:
    before = present()
    submission = factories.demand(owner, "published")
    shown = present()
    actions.pause(submission, by=owner)
    assert len({before, shown, present()}) == 3


def test_what_came_without_an_action_is_taken_up_by_the_sweep(owner: User) -> None:
    submission = factories.demand(owner, "published")
    PublicEntry.objects.all().delete()
    assert take_up_missed() == 1
    assert PublicEntry.objects.get().submission == submission
    assert take_up_missed() == 0
    Submission.objects.filter(pk=submission.pk).update(status="paused")
    assert take_up_missed() == 1
    assert not PublicEntry.objects.exists()


def test_the_sweep_keeps_few_changes(owner: User) -> None:
    PublicChange.objects.bulk_create([PublicChange() for _number in range(250)])
    take_up_missed()
    assert PublicChange.objects.count() == 1


def test_a_command_makes_all_entries_anew(owner: User) -> None:
    factories.demand(owner, "published", description=GAUGES)
    PublicEntry.objects.update(title="Wrong")
    call_command("index_public")
    assert PublicEntry.objects.get().title == "We read river gauges by hand"


def test_what_is_erased_is_no_longer_found(owner: User, editor: User) -> None:
    submission = factories.demand(
        owner, "published", description=f"Ask {editor.get_full_name()}, {editor.email}."
    )
    assert titles(PublicQuery(editor.last_name)) != []
    erase_account(editor, by=editor)
    entry = PublicEntry.objects.get(submission=submission)
    assert editor.last_name not in f"{entry.title} {entry.card}"
    assert titles(PublicQuery(editor.last_name)) == []


def test_rows_can_be_had_without_counting(owner: User) -> None:
    factories.demand(owner, "published", description="One.")
    factories.demand(owner, "published", description="Two.")
    assert [row.title for row in in_order(PublicQuery(), rows=1)] == ["Two"]


def test_every_entry_gets_a_picture_that_changes_with_its_words(
    owner: User, senior: User, client: Client
) -> None:
    submission = factories.demand(owner, "published", description=GAUGES)
    assert draw_due() == 1
    assert draw_due() == 0
    first = PublicEntry.objects.get()
    with storages["pictures"].open(first.picture) as file, Image.open(file) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
    path = address(submission.kind, str(submission), first.slug)
    url = f"http://localhost:8000/media/{first.picture}"
    assert f'<meta property="og:image" content="{url}">' in client.get(path).content.decode()
    kept = client.get(f"/media/{first.picture}")
    assert kept["Cache-Control"] == "public, max-age=31536000, immutable"
    actions.accept_change(change(submission, owner, "We ride bicycles."), by=senior)
    assert draw_due() == 1
    assert PublicEntry.objects.get().picture != first.picture


def test_a_picture_is_gone_as_soon_as_its_item_is(
    owner: User, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    gone, stays = (factories.demand(owner, "published", description=d) for d in ("A.", "B."))
    assert draw_due() == 2
    pictures = [
        f"/media/{PublicEntry.objects.get(submission=submission).picture}"
        for submission in (gone, stays)
    ]
    assert [client.get(path).status_code for path in pictures] == [200, 200]
    with django_capture_on_commit_callbacks(execute=True):
        actions.close(gone, by=owner)
    assert [client.get(path).status_code for path in pictures] == [404, 200]


@pytest.mark.parametrize("wide", ["title", "organization"])
def test_a_picture_shows_a_word_that_no_line_holds_to_its_last_letter(
    owner: User, wide: str
) -> None:
    factories.demand(owner, "published")
    entry = PublicEntry.objects.select_related("organization__country").get()
    entry.title, entry.organization.name = "W" * 119, "W" * 119

    def with_last(letter: str) -> bytes:
        word = "W" * 119 + letter
        if wide == "title":
            entry.title = word
        else:
            entry.organization.name = word
        return picture_of(entry)

    assert with_last("A") != with_last("V")


@pytest.mark.parametrize(
    "title", ["نبحث عن خبرة", "我们寻求水资源管理方面的经验", "Ищем опыт", "w" * 299]
)
def test_a_picture_shows_titles_in_any_script(owner: User, title: str) -> None:
    """Each is another picture than one in which all of its signs were the same empty box."""
    factories.demand(owner, "published")
    entry = PublicEntry.objects.select_related("organization__country").get()
    entry.title = title
    shown = picture_of(entry)
    entry.title = "\U0010fffd" * len(title)
    assert shown != picture_of(entry)
