"""The search: what is found, in any spelling and language, what comes first, and what never shows."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from alliance.browsing.kept import forget
from knowledge.folding import fold, spans, tokens
from knowledge.indexing import index_due, mark_due
from knowledge.models import IndexWord, Page, Report
from knowledge.search import Query, candidates, finding, matching
from knowledge.search.state import present
from tests.knowledge.factories import add_pdf, make_report


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Numbers of rows begin anew with each test's database, and so do the names of states."""
    forget()
    yield
    forget()


def with_pages(title: str, *texts: str, **given: Any) -> Report:
    """A report with a PDF of so many pages, read into the index."""
    report = make_report(title, **given)
    file = add_pdf(report, pages=len(texts), width=200 + report.pk % 300)
    Page.objects.bulk_create(
        Page(file=file, number=number, text=text) for number, text in enumerate(texts, start=1)
    )
    mark_due(report)
    index_due()
    return report


def found(text: str, **chosen: list[str]) -> list[str]:
    return [report.title for report in matching(Query(text, chosen))]


def page(client: Client, text: str, **more: str) -> str:
    response = client.get("/library/", {"q": text} | more)
    assert response.status_code == 200
    return response.content.decode()


def listed(client: Client, text: str, **more: str) -> list[str]:
    response = client.get("/library/", {"q": text} | more)
    return [entry.title for entry in response.context["entries"]]


def snippets(content: str) -> list[tuple[str, str, str]]:
    """Address, label and text of each passage."""
    return re.findall(
        r'<p class="snippet"><a href="([^"]+)">([^<]+)</a> <span[^>]*>(.*?)</span></p>', content
    )


# --- Order -------------------------------------------------------------------------------------


def test_title_comes_before_abstract_and_abstract_before_pages(client: Client) -> None:
    with_pages("Third", "A mill stands here. A mill, a mill.", year=2025)
    make_report("Second", edition_abstract="With a word on the mill.", year=2024)
    make_report("The Mill", year=2001)
    assert listed(client, "mill") == ["The Mill", "Second", "Third"]


def test_word_of_the_title_and_word_of_a_page_meet(client: Client) -> None:
    with_pages("River Stations", "Nothing.", "A gauge was read.")
    assert listed(client, "river gauge") == ["River Stations"]
    assert listed(client, "river harbour") == []


def test_more_than_a_thousand_are_said_and_titles_come_first(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST", 3)
    make_report("Old Tide", year=1990)
    for number in range(4):
        make_report(f"Report {number}", year=2020 + number, edition_abstract="About the tide.")
    content = page(client, "tide")
    assert "More than 3 reports" in content
    assert listed(client, "tide") == ["Old Tide", "Report 3", "Report 2"]
    assert '<span class="n">' not in content.replace('<span class="n">0', "")


def test_choices_narrow_what_is_looked_for_and_not_only_the_first_thousand(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST", 3)
    make_report("Oldest", year=1990, edition_abstract="The tide.", countries=["KE"])
    for number in range(4):
        make_report(f"Report {number}", year=2020 + number, edition_abstract="The tide.")
    assert listed(client, "tide", country="KE") == ["Oldest"]


@pytest.mark.parametrize(
    ("typed", "chosen", "sort", "expected"),
    [
        ("tide", {}, "", ["Tide of old", "2025 b", "2025 a"]),
        ("tide", {}, "newest", ["2025 b", "2025 a", "2024 b"]),
        ("tide", {"country": ["KE"]}, "", ["2022 a", "2021 a", "2020 a"]),
        ("tide", {"year": ["2020", "2021"]}, "", ["2021 b", "2021 a", "2020 b"]),
        ("tide -mud", {}, "", ["Tide of old", "2025 b", "2025 a"]),
        ('"high tide"', {}, "", ["2025 b", "2025 a", "2024 b"]),
        ("tide", {}, "title", ["2020 a", "2020 b", "2021 a"]),
        ("herring", {}, "", ["2025 b", "2021 b", "2020 b"]),
    ],
)
def test_latest_years_are_asked_first_and_the_same_is_found(
    typed: str,
    chosen: dict[str, list[str]],
    sort: str,
    expected: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Years of which two hold enough candidates, and then so many that all of them are asked."""
    monkeypatch.setattr(finding, "MOST", 3)
    monkeypatch.setattr(finding, "_MOST_FOR_PHRASES", 3)
    make_report("Tide of old", year=1990)
    make_report("Without a year", year=None, edition_abstract="A herring.")
    for year in range(2020, 2026):
        said = f"The high tide. {'A herring.' if year in (2020, 2021, 2025) else ''}"
        make_report(
            f"{year} a",
            year=year,
            edition_abstract=f"The high tide. {'Mud.' if year == 2024 else ''}",
            countries=["KE"] if year < 2023 else [],
        )
        make_report(f"{year} b", year=year, edition_abstract=said)
    query = Query(typed, chosen, sort)
    state, day = present()
    answers = []
    for times, years in ((1, ["2025", "2024"]), (5, [])):
        monkeypatch.setattr(candidates, "_TIMES", times)
        by_year = finding.find(Query(), state, day).facets["year"]
        assert candidates.latest_years(by_year, 3) == years
        forget()
        answers.append(finding.find(query, state, day))
    assert answers[0] == answers[1]
    assert [Report.objects.get(pk=pk).title for pk in answers[0].ids] == expected


# --- Spelling and languages --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("The programmes of an organisation", "program organization"),
        ("The program of an organization", "programmes organisations"),
        ("Labour centres analysed", "labor center analyze"),
        ("Labor centers analyzed", "labour centre analysing"),
        ("Travelling paediatric catalogues", "traveled pediatric catalog"),
        ("Café Genève", "cafe geneve"),
        ("Cafe Geneve", "CAFÉ GENÈVE"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("South-South cooperation", "south south"),
        ("A fact/figure", "figure"),
        ("İstanbul", "istanbul"),
        ("Førde", "forde"),
        ("Œuvres de Łódź", "oeuvres lodz"),
    ],
)
def test_spellings_meet_whichever_of_them_was_typed(
    written: str, typed: str, client: Client
) -> None:
    make_report("Report", edition_abstract=written)
    assert listed(client, typed) == ["Report"]
    # As it was typed, and not as another word that was suggested.
    assert found(typed) == ["Report"]


@pytest.mark.parametrize(
    ("language", "written", "typed"),
    [
        ("fr", "Les échanges entre écoles", "échange école"),
        ("es", "Cooperación entre países", "cooperaciones país"),
        ("ru", "Международное сотрудничество", "международный сотрудничества"),
        ("ar", "التعاون بين البلدان النامية في الأُمم المتحـدة", "الامم المتحدة"),
        ("zh", "关于南南合作的报告", "南南合作"),
        ("zh", "关于南南合作的报告", "报"),
        ("hi", "दक्षिण सहयोग की रिपोर्ट", "सहयोग"),
        ("sw", "Ushirikiano wa Kusini", "ushirikiano"),
    ],
)
def test_reports_are_found_in_the_language_of_their_edition(
    language: str, written: str, typed: str, client: Client
) -> None:
    make_report("Report", languages=[language], edition_abstract=written)
    make_report("Other")
    assert listed(client, typed) == ["Report"]


def test_words_without_meaning_in_one_language_do_not_hide_another(client: Client) -> None:
    make_report("The river and the gauge")
    make_report("Le fleuve", languages=["fr"])
    assert listed(client, "the gauge") == ["The river and the gauge"]
    assert listed(client, "le fleuve") == ["Le fleuve"]


def test_quotes_minus_and_or_are_understood(client: Client) -> None:
    with_pages("Together", "Here silt harbours life.", "Silt.")
    with_pages("Apart", "Harbours here.", "Silt there.")
    make_report("Bread")
    assert sorted(listed(client, "silt harbours")) == ["Apart", "Together"]
    assert listed(client, '"silt harbours"') == ["Together"]
    assert listed(client, "silt -life") == ["Apart"]
    assert sorted(listed(client, "bread or silt")) == ["Apart", "Bread", "Together"]
    assert sorted(listed(client, 'bread or "silt harbours"')) == ["Bread", "Together"]
    assert listed(client, "-silt") == []


# --- Passages ----------------------------------------------------------------------------------


def test_a_page_of_text_leads_back_to_the_narrowed_results(client: Client) -> None:
    with_pages("Reading the Rain", "Silt harbours life.")
    results = "/library/?q=silt&language=en&sort=newest"
    content = client.get(results).content.decode()
    [(address, _label, _text)] = snippets(content)
    content = client.get(address.replace("&amp;", "&")).content.decode()
    assert f'<a href="{results.replace("&", "&amp;")}">Back to the results</a>' in content


def test_passages_lead_to_their_pages_with_the_words_marked(client: Client) -> None:
    report = with_pages(
        "Reading the Rain",
        "Nothing of interest.",
        "Our organisations keep <b>Programmes</b> going & going.",
        "The end.",
    )
    [(address, label, text)] = snippets(page(client, "organization program"))
    assert address == f"{report.get_absolute_url()}en/pages/2/?q=organization+program"
    assert label == "Page 2"
    assert text == (
        "Our <mark>organisations</mark> keep &lt;b&gt;<mark>Programmes</mark>&lt;/b&gt; going"
        " &amp; going."
    )
    assert client.get(address.replace("&amp;", "&")).status_code == 200


def test_best_two_pages_are_shown_in_their_order(client: Client) -> None:
    with_pages("Report", "gauge", "none", "river gauge river", "gauge river and more gauge")
    assert [label for _a, label, _t in snippets(page(client, "river gauge"))] == [
        "Page 3",
        "Page 4",
    ]


def test_words_of_the_title_are_marked_as_they_are_written(client: Client) -> None:
    make_report("Exchanges of Staff")
    assert "<mark>Exchanges</mark> of Staff</a>" in page(client, "exchange")
    make_report("南南合作", languages=["zh"])
    assert "<mark>南南合作</mark>" in page(client, "南南合作")


def test_long_page_is_cut_around_the_words(client: Client) -> None:
    with_pages("Report", "before " * 200 + "tide" + " after" * 200)
    [(_address, _label, text)] = snippets(page(client, "tide"))
    assert text.startswith("… before")
    assert text.endswith("after …")
    assert "<mark>tide</mark>" in text
    assert len(text) < 300


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@example("0E0A and 1e5x or 2e5", "english")
@given(st.text(max_size=80), st.sampled_from(["english", "french", "arabic", "simple"]))
def test_words_are_counted_as_postgresql_counts_them(text: str, config: str) -> None:
    """A mark stands at the n-th word: both sides must agree which that is."""
    words = fold(text.replace("\0", ""), config).split()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT place) FROM ts_parse('default', %s) WITH ORDINALITY"
            " parsed(kind, token, place) WHERE token <> ' '",
            [" ".join(words)],
        )
        assert cursor.fetchone()[0] == len(words)
    counted = [(token.start, token.end) for token in tokens(text, config)]
    assert list(spans(text, config, range(1, len(counted) + 1))) == counted


# --- What nobody may find ----------------------------------------------------------------------


def test_what_is_not_published_is_never_found_counted_or_suggested(client: Client) -> None:
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    for status, more in (
        ("draft", {}),
        ("retired", {}),
        ("embargoed", {"embargoed_until": tomorrow}),
    ):
        with_pages("Zephyrine", "Zephyrine pages.", status=status, publisher="Zephyr Press", **more)
    make_report("Open")
    for text in ("zephyrine", "zephyrime", '"zephyrine pages"', "zephyr or zephyrine", "-open"):
        content = page(client, text)
        assert "0 reports" in content
        assert "Zephyr Press" not in content
        assert "Zephyrine" not in content
        assert "<strong>zephyrine" not in content
    with_pages("Zephyrine", "Zephyrine pages.")
    assert "1 report" in page(client, "zephyrine")
    assert "<strong>zephyrine</strong>" in page(client, "zephyrime")


def test_word_of_a_draft_is_not_suggested_beside_one_that_is_found(client: Client) -> None:
    with_pages("Zephyrine", "Zephyrine pages.", status="draft")
    make_report("Open")
    for text in ("open or zephyrime", "zephyrime or open", "open -zephyrime"):
        content = page(client, text)
        assert "1 report" in content
        assert "zephyrine" not in content.lower()


def test_report_that_is_withdrawn_is_gone_from_the_next_search(client: Client) -> None:
    report = make_report("Tides")
    assert listed(client, "tides") == ["Tides"]
    report.status = Report.Status.RETIRED
    report.save()
    mark_due(report)
    assert listed(client, "tides") == []
    assert "0 reports" in client.get("/library/").content.decode()


# --- Did you mean ------------------------------------------------------------------------------


def test_misspelt_word_is_put_right_where_nothing_is_found(client: Client) -> None:
    with_pages("Report", "The exchange programme of a ministry.")
    content = page(client, "exchnage programe")
    assert "Nothing was found for <em>exchnage programe</em>" in content
    assert "Shown: results for <strong>exchange programme</strong>" in content
    assert listed(client, "exchnage programe") == ["Report"]


def test_better_word_is_offered_as_a_link_where_little_is_found(client: Client) -> None:
    make_report("Programe of 1992")
    with_pages("Report", "The programme of a ministry.")
    with_pages("Other", "The programme.")
    IndexWord.objects.filter(word="programe").delete()
    content = page(client, "programe ministry", year="2019")
    assert 'Did you mean <a href="/library/?q=programme+ministry&amp;year=2019">' in content


def test_words_that_a_report_has_and_unknown_names_stay_as_they_are(client: Client) -> None:
    with_pages("Report", "Mbewe and the programme of Norec.")
    with_pages("Other", "The programmer.")
    for text in ("Mbewe", "programmer", "Xolotlan", '"programe"'):
        assert "Shown: results for" not in page(client, text)
        assert "Did you mean" not in page(client, text)


def test_other_spelling_that_was_looked_for_already_is_not_offered(client: Client) -> None:
    with_pages("Report", "The organization of a programme.")
    with_pages("Other", "The organization.")
    assert sorted(listed(client, "organisation")) == ["Other", "Report"]
    assert "Did you mean" not in page(client, "organisation")


# --- Hostile and slow --------------------------------------------------------------------------


@settings(
    max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.text(alphabet=st.characters(exclude_characters="\0"), max_size=120))
def test_whatever_is_typed_is_answered(client: Client, text: str) -> None:
    if not Report.objects.exists():
        with_pages("Report", "Some words.")
    response = client.get("/library/", {"q": text.encode("utf-8", "ignore").decode()})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "'",
        "\\",
        "a'b\\c",
        "!!",
        "a & b | !c",
        "<->",
        "a:*",
        "or",
        "or or",
        '"',
        '"-"',
        "-",
        "%s %(day)s",
    ],
)
def test_signs_of_the_database_mean_nothing(text: str, client: Client) -> None:
    make_report("Report", edition_abstract="a b c")
    assert client.get("/library/", {"q": text}).status_code == 200
