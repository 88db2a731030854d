"""Tables of reports: what programs make of them is read, and what is wrong is told by its place."""

from pathlib import Path

import pytest

from knowledge.exchange.beside import Folder, NotThere
from knowledge.exchange.cells import defused, joined_names, listed_names, restored
from knowledge.exchange.entries import Entry, read_entry
from knowledge.exchange.known import Known
from knowledge.exchange.problems import Wrong
from knowledge.exchange.tables import Row, read_table


def entry(**cells: str) -> Entry:
    return read_entry(Row(7, {"title": "T"} | cells), Known.load())


def told(**cells: str) -> list[str]:
    """What is said of a row in which something is wrong."""
    with pytest.raises(Wrong) as wrong:
        entry(**cells)
    return [str(problem) for problem in wrong.value.problems]


@pytest.mark.parametrize(
    "text", ["=1+1", "'=1+1", "''@x", "-5", "'", "'quoted'", "\t=x", "＝x", "plain", "", "a=b"]
)
def test_a_formula_is_defused_and_comes_back_as_it_was(text: str) -> None:
    assert restored(defused(text)) == text


def test_what_a_spreadsheet_would_run_begins_with_a_quote() -> None:
    assert [defused(text) for text in ("=1+1", "@x", "plain")] == ["'=1+1", "'@x", "plain"]


@pytest.mark.parametrize(
    "names",
    [
        [("Mensah", "Ama", "Dr"), ("Obi", "", "")],
        [("Smith, Jones; Co", "A\\", ""), ("\\", ";", ",")],
        [("Only", "", "Prof")],
        [],
    ],
)
def test_names_come_back_whatever_signs_they_hold(names: list[tuple[str, str, str]]) -> None:
    assert listed_names(joined_names(names)) == names


@pytest.mark.parametrize(
    "content",
    [
        "title,publisher\nSøndag,Norec\n".encode(),
        "\ufefftitle;publisher\r\nSøndag;Norec\r\n".encode(),
        "title\tpublisher\nSøndag\tNorec\n".encode("utf-16"),
        "Title;Publisher;;\nSøndag;Norec;;\n".encode("latin-1"),
        'sep=;\n"title";"publisher"\n"Søndag";"Norec"\n;\n'.encode(),
    ],
)
def test_a_table_is_read_however_a_program_saved_it(content: bytes) -> None:
    (row,) = read_table(content)
    assert row.cells == {"title": "Søndag", "publisher": "Norec"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1: The table is empty."),
        (b"titel,year\n", "line 1, titel: There is no such column. Did you mean “title”?"),
        (b"title,title\n", "line 1, title: This column is there twice."),
        (b'title\n"a\nb"\nx,y\n', "line 3: This line has more cells than there are columns"),
        (b'title\n"' + 6_000_000 * b"x", "line 2: This cannot be read: field larger"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(content: bytes, words: str) -> None:
    with pytest.raises(Wrong) as wrong:
        read_table(content)
    assert str(wrong.value).startswith(words)


def test_an_unknown_code_is_told_with_the_nearest_right_one() -> None:
    assert told(themes="health; helth", countries="Kenya") == [
        "line 7, themes: The list has no “helth”. Did you mean “health”?",
        "line 7, countries: The list has no “KENYA”. Did you mean “KE”?",
    ]


def test_a_year_that_is_no_number_is_told_as_one_would_say_it() -> None:
    assert told(year="20x9") == ["line 7, year: “20x9” is no year. Write years as in 2019."]


def test_everything_that_is_wrong_in_a_row_is_told_at_once() -> None:
    assert told(title="", year="12", date="31.12.2019", status="publishd", languages="en; xx") == [
        "line 7, title: Every report has a title.",
        "line 7, year: Please give 1900 or more.",
        "line 7, date: Write days as in 2019-12-31.",
        "line 7, status: “publishd” is none of these: draft, embargoed, published, retired. "
        "Did you mean “published”?",
        "line 7, languages: “xx” is none of these: ar, de, en, es, fr, hi, id, nb, pt, ru, sw, tr, "
        "vi, zh.",
    ]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"id": "-1"}, "id: This is not the number of a report: “-1”."),
        ({"doi": "doi:10.1"}, "doi: Write a DOI as in 10.1000/182."),
        ({"authors": "A, B, C, D"}, "authors: Write “Family name, Given name, Title; …”"),
        ({"title_fr": 301 * "x"}, "title_fr: At most 300 characters; this has 301."),
        ({"status": "embargoed"}, "embargoed_until: Say until when the report is embargoed."),
        ({"file_is_digest_en": "maybe", "languages": "en"}, "file_is_digest_en: Write “yes” or"),
    ],
)
def test_a_mistake_is_told_by_line_and_column(cells: dict[str, str], words: str) -> None:
    (problem,) = told(**cells)
    assert problem.startswith(f"line 7, {words}")


def test_reading_edition_is_cleaned_before_it_is_compared() -> None:
    read = entry(reading_html_en="<p>x</p><script>alert(1)</script>")
    assert read.editions["en"].texts == {"reading_html": "<p>x</p>"}


@pytest.mark.parametrize("name", ["../secret.pdf", "/etc/passwd", "out/secret.pdf", "a\0b", "gone"])
def test_no_name_and_no_link_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret.pdf").write_bytes(b"secret")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "here.pdf").write_bytes(b"here")
    (folder / "out").symlink_to(tmp_path)
    with pytest.raises(NotThere):
        Folder(folder).open(name)
    with Folder(folder).open("here.pdf") as file:
        assert file.read() == b"here"
