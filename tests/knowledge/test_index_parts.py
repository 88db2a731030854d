"""The places of words: many pages together, in as many parts as vectors have room for."""

from django.test import Client

from knowledge.indexing import index_due, mark_due
from knowledge.models import IndexEntry, Page, Report
from knowledge.search import Query, matching
from knowledge.search.places import places
from tests.knowledge.factories import add_text, make_report


def with_pages(title: str, *texts: str) -> Report:
    """A report with a PDF of these pages, read into the index."""
    report = make_report(title)
    add_text(report, *texts)
    mark_due(report)
    index_due()
    return report


def found(text: str, **chosen: list[str]) -> list[str]:
    return [report.title for report in matching(Query(text, chosen))]


def pages_with(report: Report, *words: str) -> dict[int, int]:
    """How often any of the words stands on each page."""
    return {hit.number: len(hit.places) for hit in places([report.pk], words).hits}


def parts_of(report: Report) -> list[list[int]]:
    """The numbers of the pages of each part."""
    entry = IndexEntry.objects.get(report=report)
    further = entry.further_parts.order_by("pk").values_list("pages", flat=True)
    return [entry.pages, *further]


def test_pages_that_follow_each_other_are_one_part() -> None:
    report = with_pages("Report", "The tide came.", "", "And a tide went, a high tide.")
    entry = IndexEntry.objects.get(report=report)
    assert (entry.pages, entry.starts) == ([1, 2, 3], [0, 3, 3])
    assert not entry.further_parts.exists()
    assert pages_with(report, "tide") == {1: 1, 3: 2}
    [first, _third] = sorted(places([report.pk], ["tide"]).hits, key=lambda hit: hit.number)
    assert first.places == {2: "tide"}


def test_word_that_stands_too_often_for_one_vector_keeps_all_of_its_places() -> None:
    report = with_pages("Report", *["tide " * 100] * 10)
    assert parts_of(report) == [[1, 2], [3], [4, 5], [6, 7], [8], [9, 10]]
    assert pages_with(report, "tide") == dict.fromkeys(range(1, 11), 100)


def test_words_of_a_long_report_meet_whichever_part_they_stand_in() -> None:
    pages = [" ".join(f"w{page}x{n}" for n in range(6000)) for page in range(4)]
    pages[3] += " silt harbours life"
    report = with_pages("The River", *pages)
    assert parts_of(report) == [[1, 2], [3, 4]]
    assert found("river silt w0x5") == ["The River"]
    assert found('"silt harbours"') == ["The River"]
    assert found('"harbours silt"') == []
    assert pages_with(report, "silt", "w0x5") == {1: 1, 4: 1}


def test_parts_are_made_anew_when_the_pages_change() -> None:
    report = with_pages("Report", *["tide " * 200] * 4)
    assert len(parts_of(report)) == 4
    Page.objects.all().delete()
    add_text(report, "Rain.")
    mark_due(report)
    index_due()
    assert parts_of(report) == [[1]]
    assert (found("rain"), found("tide")) == (["Report"], [])


def test_phrase_is_found_where_a_page_ends_within_it() -> None:
    with_pages("Report", "Here the silt", "harbours life.")
    assert found('"silt harbours"') == ["Report"]


def test_words_of_which_no_place_is_known_are_no_phrase() -> None:
    """Those of the title stand in the same vector as those of the pages, but have no place there."""
    with_pages("Silt", "It harbours life.")
    assert found("silt harbours") == ["Silt"]
    assert found('"silt harbours"') == []


def test_choice_beside_words_follows_the_report_at_once(client: Client) -> None:
    def listed(**chosen: str | list[str]) -> list[str]:
        response = client.get("/library/", {"q": "tide", **chosen})
        return [entry.title for entry in response.context["entries"]]

    report = with_pages("Report", "The tide.")
    assert listed(year="2019") == ["Report"]
    report.year = 2024
    report.save()
    mark_due(report)
    assert listed(year="2019") == []
    assert listed(year="2024", publisher=["Norec", "It's \\ 'x'"]) == ["Report"]


def test_codes_are_not_found_as_words() -> None:
    with_pages("Report", "The tide.")
    assert found("year:2019 publisher:norec") == found("year") == []


def test_pages_of_the_list_follow_each_other_from_both_ends(client: Client) -> None:
    for number in range(41):
        year = 2000 + number % 7 if number % 5 else None
        make_report(f"Report {number % 9}", year=year, edition=False)
    for order in ("newest", "title"):
        ids = list(matching(Query(sort=order)).values_list("pk", flat=True))
        shown = [
            entry.pk
            for page in (1, 2, 3)
            for entry in client.get(f"/library/?sort={order}&page={page}").context["entries"]
        ]
        assert shown == ids
