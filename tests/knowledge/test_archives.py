"""ZIP archives with a table and PDFs: what is sound is read, whatever hurts is refused in words."""

import io
import struct
import unicodedata
import zipfile
from collections.abc import Callable

import pytest

from alliance.files.checks import FileRefused
from knowledge.exchange import archive
from knowledge.exchange.archive import Archive
from knowledge.exchange.beside import NotThere

CSV = b"title,file_en\nA,files/a.pdf\n"
PDF = b"%PDF-1.7 nearly"


def packed(*entries: tuple[str | zipfile.ZipInfo, bytes], table: str = "reports.csv") -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(table, CSV)
        for name, content in entries:
            made.writestr(name, content)
    return file


def read(file: io.BytesIO, name: str) -> bytes:
    with Archive(file) as opened, opened.open(name) as found:
        return found.read()


def refusal(file: io.BytesIO) -> str:
    try:
        with Archive(file) as opened:
            opened.table()
            with opened.open("a.pdf"):
                return "not refused"
    except FileRefused as refused:
        return str(refused)


def entry(name: str, **facts: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    for fact, value in facts.items():
        setattr(info, fact, value)
    return info


def patched(file: io.BytesIO, change: Callable[[bytearray, int], None]) -> io.BytesIO:
    """Change the last entry of the directory, given where it begins."""
    content = bytearray(file.getvalue())
    change(content, content.rfind(b"PK\x01\x02"))
    return io.BytesIO(bytes(content))


def test_table_and_files_are_found_also_in_a_folder_with_litter_beside() -> None:
    file = packed(
        ("library/files/a.pdf", PDF),
        ("__MACOSX/library/._reports.csv", b"x"),
        ("library/.DS_Store", b"x"),
        ("library/notes.csv", b"x"),
        table="library/reports.csv",
    )
    assert read(file, "files/a.pdf") == PDF
    with Archive(file) as opened:
        assert opened.table() == CSV


def test_a_file_is_found_however_its_name_was_written() -> None:
    apart = unicodedata.normalize("NFD", "files/Übersicht.pdf")
    file = packed((apart, PDF), (r"files\b.pdf", b"b"))
    assert read(file, "files/Übersicht.pdf") == PDF
    assert read(file, "files/b.pdf") == b"b"

    # A program that writes UTF-8 and does not say so.
    def unflag(content: bytearray, at: int) -> None:
        own = content.rfind(b"PK\x03\x04")
        content[at + 8 : at + 10] = content[own + 6 : own + 8] = b"\0\0"

    assert read(patched(packed(("files/Ü.pdf", PDF)), unflag), "files/Ü.pdf") == PDF


@pytest.mark.parametrize("name", ["files/none.pdf", "../secret", "/etc/passwd", "reports.csv/x"])
def test_a_cell_that_names_no_entry_finds_nothing(name: str) -> None:
    with pytest.raises(NotThere):
        read(packed(("files/a.pdf", PDF)), name)


@pytest.mark.parametrize(
    "name", ["../a.pdf", "files/../../a.pdf", "/a.pdf", r"C:\a.pdf", r"..\a.pdf", "a\x1b.pdf"]
)
def test_names_that_lead_out_of_the_folder_are_refused(name: str) -> None:
    assert "leads out of its folder" in refusal(packed((name, PDF)))


def test_links_and_devices_are_refused() -> None:
    for kind in (0o120777, 0o020666, 0o010666):
        link = entry("files/a.pdf", create_system=3, external_attr=kind << 16)
        assert "a link or a device" in refusal(packed((link, b"/etc/passwd")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_the_same_name_are_refused() -> None:
    assert "the same name" in refusal(packed(("a.pdf", PDF), ("a.pdf", PDF)))
    assert "the same name" in refusal(packed(("a.pdf", PDF), ("./A.PDF", PDF)))


def test_what_is_locked_or_packed_in_another_way_is_refused() -> None:
    def lock(content: bytearray, at: int) -> None:
        content[at + 8] |= 1

    assert "locked with a password" in refusal(patched(packed(("a.pdf", PDF)), lock))
    assert "an ordinary ZIP" in refusal(
        packed((entry("a.pdf", compress_type=zipfile.ZIP_LZMA), PDF))
    )


def test_bombs_are_refused_before_anything_is_unpacked() -> None:
    assert "unpacks to more" in refusal(packed(("a.pdf", bytes(30 * 2**20))))

    def vast(content: bytearray, at: int) -> None:
        content[at + 20 : at + 28] = struct.pack("<II", 10 * 2**20, 201 * 2**20)

    assert "unpacks to more" in refusal(patched(packed(("a.pdf", PDF)), vast))


def test_an_entry_that_holds_more_than_it_says_is_cut_there_and_refused() -> None:
    def understate(content: bytearray, at: int) -> None:
        content[at + 24 : at + 28] = struct.pack("<I", 10)

    file = patched(packed(("a.pdf", bytes(10 * 2**20))), understate)
    assert "damaged" in refusal(file)


def test_too_many_entries_are_refused_by_the_end_record_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "MOST_ENTRIES", 3)
    many = [(f"{number}.pdf", b"") for number in range(4)]
    with monkeypatch.context() as unread:
        file = packed(*many)
        unread.setattr(zipfile, "ZipFile", None)
        assert "unpacks to more" in refusal(file)

    def two(content: bytearray, at: int) -> None:  # the end record says less than there are
        content[-12:-10] = b"\2\0"

    assert "unpacks to more" in refusal(patched(packed(*many), two))


def test_a_record_that_points_to_other_numbers_is_refused() -> None:
    content = packed(("a.pdf", PDF)).getvalue()
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, 0, 1)
    assert "unpacks to more" in refusal(io.BytesIO(content[:-22] + locator + content[-22:]))


@pytest.mark.parametrize("cut", [1, 10, 22, 60, 100])
def test_a_torn_archive_is_refused(cut: int) -> None:
    assert "damaged" in refusal(io.BytesIO(packed(("a.pdf", PDF)).getvalue()[:-cut]))


def test_an_archive_without_one_table_says_what_it_needs() -> None:
    assert "no table" in refusal(packed(table="list.txt"))
    assert "several tables" in refusal(packed(("other.csv", CSV), table="one.csv"))
    assert "an Excel file" in refusal(packed(("[Content_Types].xml", b"<x/>"), table="a.xml"))


def test_bytes_of_any_kind_are_refused_and_never_raise() -> None:
    sound = packed(("files/a.pdf", PDF)).getvalue()
    for at in range(len(sound)):
        broken = sound[:at] + bytes([sound[at] ^ 0xFF]) + sound[at + 1 :]
        try:
            with Archive(io.BytesIO(broken)) as opened:
                opened.table()
                with opened.open("files/a.pdf") as found:
                    assert found.read() == PDF
        except (FileRefused, NotThere):
            pass
