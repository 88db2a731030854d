"""The reports that the portal ships: complete, in our own words, and their PDFs as they should be."""

import csv
import json
import re
from collections import Counter
from ctypes import POINTER, c_ushort, cast, create_string_buffer
from datetime import date
from pathlib import Path

import nh3
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from alliance.pdf import ROOT
from knowledge.catalogue import entry_folders
from knowledge.catalogue.make_pdfs import make_pdf, sources_checksum
from knowledge.catalogue.reading import (
    ATTRIBUTES,
    TAGS,
    ReadingError,
    elements_in,
    parse,
    section,
    text_of,
)
from tests.knowledge.catalogue import (
    REVIEW,
    STUDY,
    entry_of,
    every_entry,
    folder_of,
    items,
    reading_of,
    words_of,
)


def codes_of(vocabulary: str) -> set[str]:
    path = ROOT / "alliance" / "data" / "vocabularies" / f"{vocabulary}.json"
    return {term["code"] for term in json.loads(path.read_text(encoding="utf-8"))["terms"]}


def test_both_norec_reports_are_shipped() -> None:
    assert [folder.name for folder in entry_folders()] == [STUDY, REVIEW]


@every_entry
def test_entry_says_what_the_report_is_and_who_made_it(folder: Path) -> None:
    entry = entry_of(folder)

    assert entry["slug"] == folder.name
    assert entry["full_title"].startswith(entry["title"])
    assert entry["full_title"].endswith(entry["subtitle"])
    assert entry["publisher"] == {
        "name": "Norec",
        "place": "Førde",
        "address": "https://www.norec.no/",
    }
    assert (entry["commissioner"], entry["year"], entry["language"]) == ("Norec", 2019, "en")
    assert entry["kind"]
    assert date.fromisoformat(entry["digest"]["made"]) >= date(2026, 11, 22)
    assert [folder_of(slug).name for slug in entry["related"]] == entry["related"]


def test_authors_are_named_only_where_the_report_names_them() -> None:
    review, study = entry_of(folder_of(REVIEW)), entry_of(folder_of(STUDY))

    assert review["authors"] == [{"prefix": "Dr", "given": "Cliff", "family": "Allum"}]
    assert (study["authors"], study["performer"]) == ([], "")


@every_entry
def test_entry_uses_codes_of_the_vocabularies(folder: Path) -> None:
    entry = entry_of(folder)
    with (ROOT / "alliance" / "data" / "countries.csv").open(encoding="utf-8") as file:
        countries = {row["iso2"] for row in csv.DictReader(file)}

    for field, known in (
        ("themes", codes_of("theme")),
        ("regions", codes_of("region")),
        ("sdgs", codes_of("sdg")),
        ("countries", countries),
    ):
        assert entry[field], field
        assert set(entry[field]) <= known


@every_entry
def test_entry_repeats_the_reading_edition_to_the_letter(folder: Path) -> None:
    entry, reading = entry_of(folder), reading_of(folder)
    headings = [element for element in reading if element["tag"] == "h2"]

    assert entry["abstract"] == "\n\n".join(text_of(p) for p in section(reading, "abstract"))
    assert entry["key_findings"] == items(section(reading, "findings"))
    advice = [each["text"] for each in entry["recommendations"]]
    assert advice == items(section(reading, "recommendations"))
    contents = [(each["id"], each["title"]) for each in entry["contents"]]
    assert contents == [(heading["id"], text_of(heading)) for heading in headings]
    assert min(len(entry["key_findings"]), len(advice)) >= 6


@every_entry
def test_every_heading_has_an_id_of_its_own(folder: Path) -> None:
    headings = [element for element in reading_of(folder) if element["tag"] in ("h2", "h3")]
    ids = Counter(heading["id"] for heading in headings)

    assert [id_ for id_, times in ids.items() if times > 1] == []
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", id_) for id_ in ids)


@every_entry
def test_reading_edition_survives_cleaning_unchanged(folder: Path) -> None:
    markup = (folder / "reading.html").read_text(encoding="utf-8")

    assert nh3.clean(markup, tags=set(TAGS), attributes=ATTRIBUTES, link_rel=None) == markup


@every_entry
def test_tables_have_a_caption_and_headers_with_scope(folder: Path) -> None:
    tables = [element for element in reading_of(folder) if element["tag"] == "table"]

    assert tables
    for table in tables:
        caption, head, body = elements_in(table)
        assert (caption["tag"], head["tag"], body["tag"]) == ("caption", "thead", "tbody")
        (header_row,) = elements_in(head)
        assert {cell["scope"] for cell in elements_in(header_row)} == {"col"}
        widths = {len(elements_in(row)) for row in (header_row, *elements_in(body))}
        assert len(widths) == 1


@every_entry
def test_digest_says_that_it_is_one_and_links_the_publisher(folder: Path) -> None:
    markup = (folder / "reading.html").read_text(encoding="utf-8")
    about = markup.partition('<h2 id="digest">')[2]

    assert "a digest by the UNOSSC Alliance, in our own words" in about
    assert '<a href="https://www.norec.no/">' in about


def test_study_lists_sixteen_institutions_in_five_countries() -> None:
    table = section(reading_of(folder_of(STUDY)), "institutions")[-1]
    rows = [elements_in(row) for row in elements_in(elements_in(table)[-1])]

    counted = {text_of(country): len(elements_in(elements_in(cell)[0])) for country, cell in rows}

    assert counted == {
        "Kenya": 1,
        "Malawi": 3,
        "Norway": 10,
        "South Africa": 1,
        "Tanzania (Zanzibar)": 1,
    }


@every_entry
def test_pdf_is_made_from_the_present_sources(folder: Path) -> None:
    stored = (folder / "digest.sources").read_text(encoding="ascii").strip()

    assert stored == sources_checksum(folder), "run: python -m knowledge.catalogue.make_pdfs"


@every_entry
def test_pdf_is_the_same_whenever_it_is_made(folder: Path) -> None:
    assert make_pdf(folder) == make_pdf(folder)


@every_entry
def test_pdf_is_tagged_and_small_and_has_title_language_and_bookmarks(folder: Path) -> None:
    entry = entry_of(folder)
    with pypdfium2.PdfDocument(folder / "digest.pdf") as pdf:
        assert pdfium.FPDFCatalog_IsTagged(pdf.raw)
        assert language_of(pdf) == "en"
        assert pdf.get_metadata_value("Title").startswith(entry["title"])
        assert pdf.get_metadata_value("Author") == "UNOSSC Alliance"
        bookmarks = [mark.get_title() for mark in pdf.get_toc() if mark.level == 0]
        assert bookmarks == [each["title"] for each in entry["contents"]]
        tags = {tag for number in range(len(pdf)) for tag in tags_of_page(pdf, number)}
    assert {"H1", "P", "L", "LI", "Table", "TH", "TD", "Caption", "Link"} <= tags
    assert (folder / "digest.pdf").stat().st_size < 400_000


@every_entry
def test_pdf_holds_the_whole_reading_edition(folder: Path) -> None:
    with pypdfium2.PdfDocument(folder / "digest.pdf") as pdf:
        pages = [pdf[number].get_textpage().get_text_bounded() for number in range(len(pdf))]
    printed = Counter(words_of(" ".join(pages)))

    missing = Counter(words_of((folder / "reading.html").read_text(encoding="utf-8"))) - printed

    assert missing == Counter()


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("<p>Good</p><script>bad()</script>", "line 1, column 12: <script> has no place"),
        ('<p style="color:red">Good</p>', "<p> may not have the attribute style"),
        ("<p>Good</p>\n<ul>stray</ul>", "line 2, column 5: text outside a paragraph: 'stray'"),
        ("<p><em>Good</p>", "</p> closes nothing"),
        ("<p>Good", "<p> is never closed"),
    ],
)
def test_reading_refuses_what_is_not_plain(markup: str, complaint: str) -> None:
    with pytest.raises(ReadingError) as refusal:
        parse(markup)

    assert complaint in str(refusal.value)


def language_of(pdf: pypdfium2.PdfDocument) -> str:
    size = pdfium.FPDFCatalog_GetLanguage(pdf.raw, None, 0)
    buffer = create_string_buffer(size)
    pdfium.FPDFCatalog_GetLanguage(pdf.raw, cast(buffer, POINTER(c_ushort)), size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")


def tags_of_page(pdf: pypdfium2.PdfDocument, number: int) -> set[str]:
    page = pdf[number]
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    waiting = [
        pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)
        for index in range(pdfium.FPDF_StructTree_CountChildren(tree))
    ]
    tags: set[str] = set()
    buffer = create_string_buffer(64)
    while waiting:
        element = waiting.pop()
        if not element:  # a piece of text, not an element
            continue
        size = pdfium.FPDF_StructElement_GetType(element, buffer, len(buffer))
        tags.add(buffer.raw[:size].decode("utf-16-le").rstrip("\0"))
        waiting += [
            pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
            for index in range(pdfium.FPDF_StructElement_CountChildren(element))
        ]
    pdfium.FPDF_StructTree_Close(tree)
    return tags
