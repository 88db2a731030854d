"""The digests beside the texts of the reports: nothing left out, no wrong figure, no copied words."""

import re
from pathlib import Path

import pytest

from alliance.pdf import ROOT
from knowledge.catalogue.reading import text_of
from tests.knowledge.catalogue import (
    STUDY,
    entry_of,
    every_entry,
    folder_of,
    reading_of,
    words_of,
)

REPORT_TEXTS = sorted((ROOT / "../shared/seeds").glob("00[01]*.txt"))
with_the_reports = pytest.mark.skipif(
    not REPORT_TEXTS, reason="the text of the reports is not at hand"
)
SHINGLE = 8  # words in a row; fewer are shared by chance
# Names and terms are what they are; each counts as one word.
NAMES = (
    "Study of Government Institutions Exchange of Staff",
    "What Do We Know About Exchange for Development",
    "Norwegian Water Resources and Energy Directorate",
    "Norad’s Knowledge Bank",
    "Statistics Norway",
    "Haukeland University Hospital",
    "Oslo University Hospital",
    "Mnazi Mmoja Hospital",
    "Problem-Driven Iterative Adaptation",
)
# Where each part of the study stands in its reading edition: the part's heading, and our ids.
PLACES = {
    "EXECUTIVE SUMMARY": ("abstract", "findings"),
    "BACKGROUND AND FOCUS": ("study", "hopes", "purpose", "beliefs"),
    "LIMITATIONS IN SAMPLING AND LITERATURE": ("method", "sampling", "reading", "limits"),
    "ANALYTIC APPROACH: KNOWLEDGE TRANSFER PROCESSES AND LEARNING OUTCOMES": ("capacity", "levels"),
    "INDIVIDUAL LEARNING OUTCOMES": (
        *("individuals", "skills", "cultures", "creativity", "confidence"),
    ),
    "SUCCESS CRITERIA AND BARRIERS FOR INDIVIDUAL LEARNING": (
        *("person-success", "tasks", "experience", "time", "predecessors"),
        *("person-barriers", "language", "generic-tasks", "licence", "length"),
    ),
    "INSTITUTIONAL LEARNING OUTCOMES": ("institutions-learned", "south", "norway"),
    "CHALLENGES AND BARRIERS FOR INSTITUTIONAL LEARNING": (
        *("institutional-barriers", "age", "outside", "means"),
    ),
    "KNOWLEDGE TRANSFERS": ("transfer", "goals", "managers", "both-ways", "years"),
    "RECOMMENDATIONS FOR PUBLIC INSTITUTIONS": (
        *("to-partners", "why-plan", "why-room", "why-share"),
    ),
    "RECOMMENDATIONS FOR NOREC": (
        *("to-norec", "why-age", "why-differ", "why-light", "why-combine"),
    ),
    "CONCLUSION": ("conclusion",),
    "INSTITUTIONS INTERVIEWED": ("institutions",),
    "ToR QUESTIONS AND KEY STUDY FINDINGS": ("questions",),
    "TERMS OF REFERENCE": ("terms", "paper", "groups", "timetable"),
}
# What the study's digest says, and where the report says the same.
FIGURES = {
    "About 80 people": r"Approximately 80 people",
    "about 10,000 people": r"approx\. 10\.000 people",
    "in over 60 countries": r"more than 60 countries",
    "Roughly a quarter of them": r"About 25% of the 10 000 participants",
    "The other 75 per cent": r"The other 75%",
    "on average about 30 years old": r"average age about 30 years old",
    "each stays for one year": r"duration of 1 year for each participant",
    "chosen together with Norec: seven in Norway": r"seven institutional partners in Norway",
    "five in Kenya, Malawi and Tanzania": r"five institutional partners from Kenya, Tanzania and Mal",
    "For 70 years": r"For the last 70 years",
    "Norad published in 2017": r"Norad’s Results Report from 2017",
    "some four months": r"after around four months",
    "cultural understanding needs two years": r"minimum of two years",
    "six months can be too much": r"Six months exchanges might, however",
    "three months of observation in Norway, then at least three": (
        r"3 months observation in Norway, followed by 3 months \(or more\)"
    ),
    "from place 156 to place 11": r"from the 156th to the 11th place",
    "sent six tonnes of it": r"donated 6 ton of",
    "up to 35 years of age": r"age restriction of 35 years",
    "probably takes ten years of exchange or more": r"minimum 10 years, are probably needed",
    "for twelve months and the other for six": r"12 months exchanges, .{0,90} 6 month abroad",
    "after more than 10 years": r"Partnerships of more than 10 years",
    "an exchange of more than six months": r"\(more than 6 months\)",
    "More than 3 years, broad agreement": r"\(more than 3 years, broad cooperation agreement\)",
    "an exchange of 6 to 12 months": r"between 6-12 month exchanges",
    "12 to 15 agencies in Norway and 6 to 8": r"12-15 agencies in Norway and 6-8",
    "of 10 to 12 pages": r"10-12 pages paper",
    "50 working days": r"in 50 working days",
    "26 March": r"March 26, 2019: Closing date",
    "1 April": r"April 1, 2019: Selection",
    "5 April 2019, in Førde": r"April 5, 2019: Signing of contract and Start-up",
    "14 June": r"June 14, 2019: First draft",
    "21 June": r"June 21, 2019: Feedback",
    "5 July": r"July 5, 2019: Revised draft",
    "9 August": r"August 9, 2019: Finalization",
    "Early September 2019": r"September 2019",
}
# Numbers that no sentence of the reports gives: we counted.
COUNTED = {16: "institutions in the list of the study"}
_WORDS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
]


def one_line(text: str) -> str:
    return " ".join(text.split())


def words_with_names_as_one(text: str) -> list[str]:
    plain = " ".join(words_of(text))
    for number, name in enumerate(NAMES):
        plain = plain.replace(" ".join(words_of(name)), f"name{number}")
    return plain.split()


def runs(words: list[str]) -> set[str]:
    return {" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}


def copied_runs(ours: str, theirs: list[str]) -> set[str]:
    found: set[str] = set()
    for text in theirs:
        # A report's text breaks words at the end of a line, with a hyphen or without.
        for variant in (text, re.sub(r"-\n", "", text), re.sub(r"-?\n", "", text)):
            found |= runs(words_with_names_as_one(variant))
    return runs(words_with_names_as_one(ours)) & found


def numbers_in(text: str) -> set[int]:
    """Every number of a text, in digits or in words, without what sets thousands apart."""
    joined = re.sub(r"(?<=\d)[., ](?=\d{3}\b)", "", text)
    digits = {int(number) for number in re.findall(r"\d+", joined)}
    words = {_WORDS.index(word) for word in words_of(text) if word in _WORDS}
    return digits | words


def everything_said(folder: Path) -> str:
    """The words of an entry that we wrote: its reading edition and what its record adds."""
    entry = entry_of(folder)
    texts = [entry["kind"], entry["date_note"], entry["abstract"], entry["digest"]["basis"]]
    texts += [*entry["key_findings"], *(each["text"] for each in entry["recommendations"])]
    return "\n".join([(folder / "reading.html").read_text(encoding="utf-8"), *texts])


def reports() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in REPORT_TEXTS]


def test_every_part_of_the_study_has_its_place() -> None:
    elements = reading_of(folder_of(STUDY))
    ids = {element["id"] for element in elements if element["tag"] in ("h2", "h3")}

    assert [id_ for part in PLACES.values() for id_ in part if id_ not in ids] == []


@with_the_reports
def test_the_parts_are_those_of_the_report() -> None:
    text = one_line(reports()[1])

    assert [part for part in PLACES if part not in text] == []


def test_study_gives_the_figures_of_the_report() -> None:
    text = " ".join(text_of(element) for element in reading_of(folder_of(STUDY)))

    assert [said for said in FIGURES if said not in text] == []


@with_the_reports
def test_figures_of_the_study_stand_in_the_report() -> None:
    text = one_line(reports()[1])

    assert [said for said, there in FIGURES.items() if not re.search(there, text)] == []


@with_the_reports
@every_entry
def test_every_number_stands_in_the_report(folder: Path) -> None:
    known = set().union(*(numbers_in(text) for text in reports())) | set(COUNTED)

    assert numbers_in(re.sub(r"<[^>]*>", " ", everything_said(folder))) - known == set()


@with_the_reports
@every_entry
def test_no_sentence_is_copied_from_the_reports(folder: Path) -> None:
    assert copied_runs(everything_said(folder), reports()) == set()


def test_a_copied_sentence_and_a_wrong_number_are_found() -> None:
    report = (
        "Each of the twelve partners of Statistics Norway went home with 1.250 new insti-\ntutions."
    )

    assert copied_runs("Of the twelve partners of Statistics Norway went all", [report]) == set()
    assert copied_runs("Of the twelve partners of Statistics Norway went home", [report])
    assert copied_runs("Statistics Norway went home with 1,250 new institutions!", [report])
    assert numbers_in(report) == {12, 1250}
    assert numbers_in("from place 156 to place 11; ten or 10,000") == {156, 11, 10, 10_000}
