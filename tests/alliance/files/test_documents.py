"""Documents that are taken, and what is refused in them, each with a word that says what to do."""

import contextlib
import io
import os
import random
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from alliance.files.checks import FileRefused
from alliance.files.documents import check_document, check_document_head, keep_document
from alliance.files.names import PDF, kind_by_name
from alliance.files.office import DOCX, PPTX, XLSX
from tests.alliance.files import paper_samples as papers
from tests.alliance.files import samples

MUTATED = int(os.environ.get("MUTATED_DOCUMENTS", "40"))
MB = 2**20


@pytest.fixture
def written(tmp_path: Path) -> Callable[[bytes], Any]:
    def write(content: bytes) -> Any:
        path = tmp_path / "file"
        path.write_bytes(content)
        return path.open("rb")

    return write


def refusal(written: Callable[[bytes], Any], content: bytes, name: str, announced: str = "") -> str:
    with written(content) as file, pytest.raises(FileRefused) as refused:
        check_document(file, name=name, announced=announced)
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("Rain.docx", papers.office("docx"), DOCX),
        ("rain.XLSX", papers.office("xlsx"), XLSX),
        ("rain.v2.pptx", papers.office("pptx"), PPTX),
        ("plan.docx.pdf", papers.pdf(), "application/pdf"),
        ("packed.pdf", papers.packed_pdf(None), "application/pdf"),
        ("a.png", samples.logo(), "image/png"),
        ("a.jpeg", samples.saved(samples.noise(64, 64), "JPEG"), "image/jpeg"),
        ("chart.docx", papers.nested(0), DOCX),
        ("link.docx", papers.linked("hyperlink", "https://example.org/a%20b"), DOCX),
        ("mail.docx", papers.linked("hyperlink", "mailto:a@example.org"), DOCX),
        ("own.docx", papers.linked("attachedTemplate", "file:///C:\\Office\\a.dotx"), DOCX),
        ("field.docx", papers.word_with(papers.field(" PAGE ")), DOCX),
        ("added.docx", papers.word_with("The DDE addressed the matter"), DOCX),
        (
            "link.pdf",
            papers.pdf(papers.annotated(A=Dictionary(S=Name.URI, URI="https://example.org"))),
            "application/pdf",
        ),
        ("page.pdf", papers.pdf(papers.opening(S=Name.GoTo)), "application/pdf"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[-6:] else "",
)
def test_sound_document_is_taken_for_what_it_is(
    written: Callable[[bytes], Any], name: str, content: bytes, kind: str
) -> None:
    with written(content) as file:
        assert check_document(file, name=name) == kind
    assert check_document_head(content) is not None


def of_size(name: str, size: int) -> bytes:
    """A sound document of about so many bytes, none of which can be packed."""
    filling = random.Random(size).randbytes(size)
    kind = name.rpartition(".")[2]
    if kind == "pdf":
        return papers.pdf(
            lambda paper: paper.pages[0].__setitem__(Name.Filling, paper.make_stream(filling))
        )
    if kind in {"png", "jpeg"}:
        side = int((size / 3) ** 0.5)
        return samples.saved(samples.noise(side, side), kind.upper())
    return papers.office(kind, {"media/filling.bin": filling})


@pytest.mark.django_db
@pytest.mark.parametrize("size", [5_000, 70_000, 3 * MB])
@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pptx", "a.pdf", "a.png", "a.jpeg"])
def test_a_document_is_kept_byte_by_byte(
    written: Callable[[bytes], Any], name: str, size: int
) -> None:
    content = of_size(name, size)
    with written(content) as file:
        held = keep_document(file, "attachment", name=name, sent_size=len(content))
    assert held.open().read() == content


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", papers.zipped({"a.txt": "Hello"}), "an archive (ZIP)"),
        ("a.pdf", b"<html><script>alert(1)</script></html>" * 3, "of the kind HTML"),
        ("a.pdf", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "kind SVG"),
        ("a.pdf", b"<html>" + papers.pdf(), "of the kind HTML"),
        ("a.docx", b"MZ" + bytes(100), "is a program"),
        ("a.docx", papers.OLE, "locked with a password, or of an older Office kind"),
        ("a.docx", b"Hello", "not a PDF, DOCX"),
        ("a.pdf", b"", "not a PDF, DOCX"),
        ("a.docx", papers.office("xlsx"), "name says DOCX, but its content is XLSX"),
        ("a.png", papers.pdf(), "name says PNG, but its content is PDF"),
        ("a.pdf", papers.office(), "name says PDF, but its content is DOCX"),
        ("a.jpg", samples.logo(), "name says JPEG, but its content is PNG"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_content_that_is_not_what_the_name_says_is_refused(
    written: Callable[[bytes], Any], name: str, content: bytes, words: str
) -> None:
    assert words in refusal(written, content, name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("invoice.pdf.exe", "ends in “.exe” are not taken"),
        ("invoice.exe.pdf", "hides another kind of file (“.exe”)"),
        ("page.HTML.docx", "hides another kind of file (“.html”)"),
        ("report", "does not say what it is"),
        ("", "does not say what it is"),
        (".pdf", "does not say what it is"),
        ("report.docm", "can hold macros, which are programs. Please save it as DOCX"),
        ("sums.xlsb", "save it as XLSX or PDF"),
        ("report.doc", "Please save this file as DOCX or PDF"),
        ("sums.ods", "Please save this file as XLSX or PDF"),
        ("talk.ppt", "Please save this file as PPTX or PDF"),
        ("a.zip", "ends in “.zip” are not taken"),
        ("a.pdf.html", "ends in “.html” are not taken"),
    ],
)
def test_name_that_promises_something_else_is_refused(name: str, words: str) -> None:
    with pytest.raises(FileRefused) as refused:
        kind_by_name(name)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.docx", "ends in “.docx” are not taken. Please choose a PDF."),
        ("a.zip", "ends in “.zip” are not taken. Please choose a PDF."),
        ("a.doc", "Please save this file as PDF, and choose the new file."),
        ("a.docm", "which are programs. Please save it as PDF, and choose the new file."),
        ("a", "it should end in .pdf. Please rename it"),
    ],
)
def test_where_only_a_pdf_is_taken_nothing_else_is_advised(name: str, words: str) -> None:
    with pytest.raises(FileRefused) as refused:
        kind_by_name(name, [PDF])
    assert words in str(refused.value)
    assert "DOCX" not in str(refused.value)


@pytest.mark.parametrize("announced", ["text/html", "image/svg+xml", "image/png"])
def test_announced_kind_has_to_fit(written: Callable[[bytes], Any], announced: str) -> None:
    assert "Please choose a PDF" in refusal(written, papers.pdf(), "a.pdf", announced)


def _dde_sheet() -> bytes:
    link = '<externalLink xmlns="s"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    return papers.office("xlsx", {"xl/externalLinks/externalLink1.xml": link})


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("docx", papers.office("docx", {"word/vbaProject.bin": papers.OLE}), "holds macros"),
        (
            "docx",
            papers.office(
                main_type="application/vnd.ms-word.document.macroEnabled.main+xml",
            ),
            "holds macros",
        ),
        ("xlsx", papers.office("xlsx", {"xl/macrosheets/sheet1.xml": "<a/>"}), "holds macros"),
        ("docx", papers.linked("vbaProject", "elsewhere.bin"), "holds macros"),
        ("docx", papers.office(more={"word/activeX/activeX1.xml": "<a/>"}), "built into it"),
        ("docx", papers.office(more={"word/embeddings/o.bin": papers.OLE}), "built into it"),
        ("docx", papers.linked("oleObject", "https://example.org"), "built into it"),
        ("docx", papers.packed_twice(), "built into it"),
        ("docx", papers.office(more={"word/media/a.png": b"MZ\x90"}), "built into it"),
        ("docx", papers.linked("attachedTemplate", "https://x.org/a.dotm"), "from elsewhere"),
        ("docx", papers.linked("attachedTemplate", "\\\\host\\a.dotm"), "from elsewhere"),
        ("docx", papers.linked("attachedTemplate", "file://host/a.dotm"), "from elsewhere"),
        ("docx", papers.linked("image", "https://example.org/pixel.png"), "from elsewhere"),
        ("xlsx", papers.linked("externalLinkPath", "b.xlsx", of="xlsx"), "from elsewhere"),
        ("xlsx", papers.office("xlsx", {"xl/connections.xml": "<a/>"}), "from elsewhere"),
        ("pptx", papers.linked("hyperlink", "file:///c:/cmd.exe", of="pptx"), "start a program"),
        ("docx", papers.linked("hyperlink", "javascript:alert(1)"), "start a program"),
        ("docx", papers.linked("hyperlink", "ms-word:ofe|u|https://x.org"), "start a program"),
        ("docx", papers.linked("hyperlink", "\\\\host\\share"), "lead to a folder"),
        ("docx", papers.linked("hyperlink", "http://["), "lead to a folder"),
        ("docx", papers.word_with(papers.field('DDEAUTO c:\\\\cmd.exe "/k"')), "(DDE)"),
        ("docx", papers.word_with(papers.field("DD", "E cmd")), "(DDE)"),
        ("docx", papers.word_with(papers.field("QUOTE 68 68 69 65 85 84 79 ")), "(DDE)"),
        ("docx", papers.word_with('<w:fldSimple w:instr="DDE cmd x"/>'), "(DDE)"),
        ("xlsx", _dde_sheet(), "(DDE)"),
        ("docx", papers.locked_zip(), "locked with a password"),
        (
            "docx",
            papers.office(main_type=f"{papers.OFFICE}.wordprocessingml.template.main+xml"),
            "may be a template",
        ),
        ("docx", papers.office()[:-30], "damaged or not complete"),
        ("docx", papers.lying_about_its_size(2000, 1999), "damaged"),
        ("docx", papers.lying_about_its_size(2000, 2001), "damaged"),
        ("docx", papers.office() + b"<html><script>", "contains another file"),
        ("docx", papers.office(more={"../evil.bin": b"x"}), "damaged"),
        ("docx", papers.office(more={"word/a.xml": "<a><b></a>"}), "damaged"),
        (
            "docx",
            papers.office(more={"word/a.xml": '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'}),
            "damaged",
        ),
    ],
)
def test_office_file_that_acts_hides_or_fetches_is_refused(
    written: Callable[[bytes], Any], kind: str, content: bytes, words: str
) -> None:
    found = refusal(written, content, f"a.{kind}")
    assert words in found
    assert "Please" in found


def _many_members() -> bytes:
    return papers.office(more={f"word/media/{number}.bin": b"" for number in range(6000)})


@pytest.mark.parametrize(
    "make",
    [
        lambda: papers.office(more={"word/media/a.bin": bytes(400 * MB)}),
        lambda: papers.office(more={"word/a.xml": b"<a>" + b" " * (100 * MB) + b"</a>"}),
        _many_members,
        papers.lying_about_its_size,
        papers.sharing_bytes,
        lambda: papers.nested(3),
    ],
    ids=["large", "large XML", "many members", "lies", "shared bytes", "nested"],
)
def test_archive_bomb_costs_little_and_is_refused(
    written: Callable[[bytes], Any], make: Callable[[], bytes]
) -> None:
    content = make()
    assert len(content) < 2 * MB
    began = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "Please" in refusal(written, content, "a.docx")
    assert time.monotonic() - began < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


def _form_with(**entries: Any) -> Any:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.AcroForm = Dictionary(Fields=Array([]), **entries)

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (papers.opening(S=Name.JavaScript, JS="app.alert(1)"), "program code"),
        (papers.annotated(A=papers.script()), "program code"),
        (papers.annotated(AA=Dictionary(E=papers.script())), "program code"),
        (papers.leave_unused_script, "program code"),
        (_form_with(XFA="<xdp/>"), "program code"),
        (papers.opening(S=Name.Launch, F="cmd.exe"), "by itself"),
        (papers.annotated(A=Dictionary(S=Name.Launch, F="cmd.exe")), "by itself"),
        (papers.opening(S=Name.URI, URI="https://example.org"), "by itself"),
        (
            papers.annotated(AA=Dictionary(PO=Dictionary(S=Name.URI, URI="https://x.org"))),
            "by itself",
        ),
        (papers.annotated(A=Dictionary(S=Name.SubmitForm, F="https://x.org")), "by itself"),
        (papers.annotated(A=Dictionary(S=Name.GoToR, F="\\\\host\\a.pdf")), "by itself"),
        (papers.annotated(Subtype=Name.RichMedia), "by itself"),
        (papers.attach_a_file, "other files attached"),
        (papers.annotated(A=Dictionary(S=Name.URI, URI="javascript:alert(1)")), "start a program"),
        (papers.annotated(A=Dictionary(S=Name.URI, URI="file:///c:/a.exe")), "start a program"),
    ],
)
@pytest.mark.parametrize("make", [papers.pdf, papers.packed_pdf], ids=["plain", "packed"])
def test_pdf_that_acts_or_carries_files_is_refused(
    written: Callable[[bytes], Any], make: Callable[[Any], bytes], change: Any, words: str
) -> None:
    found = refusal(written, make(change), "a.pdf")
    assert words in found
    assert "Please" in found


@pytest.mark.parametrize("user", ["", "secret"], ids=["restricted", "locked"])
def test_pdf_with_a_password_is_refused(written: Callable[[bytes], Any], user: str) -> None:
    content = papers.pdf(encryption=pikepdf.Encryption(owner="owner", user=user))
    assert "locked or restricted with a password" in refusal(written, content, "a.pdf")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\n" + b"nothing " * 20, "cannot be opened"),
        (papers.pdf() + papers.zipped({"a.html": "<script>"}), "contains another file"),
        (papers.pdf(lambda document: document.pages.remove(p=1)), "cannot be opened"),
    ],
    ids=["none inside", "archive behind", "no pages"],
)
def test_pdf_that_is_none_is_refused(
    written: Callable[[bytes], Any], content: bytes, words: str
) -> None:
    assert words in refusal(written, content, "a.pdf")


def test_mutated_documents_are_taken_or_refused_and_nothing_else(
    written: Callable[[bytes], Any],
) -> None:
    chance = random.Random(7)
    whole = [("a.docx", papers.nested(0)), ("a.pdf", papers.packed_pdf(papers.attach_a_file))]
    for round_ in range(MUTATED):
        name, content = whole[round_ % 2]
        broken = bytearray(content)
        for _change in range(chance.randint(1, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        part = bytes(broken[: chance.choice([None, len(broken) // 2])])
        with written(part) as file, contextlib.suppress(FileRefused):
            assert check_document(file, name=name)


def test_judging_by_the_head_waits_for_enough_of_it() -> None:
    assert check_document_head(b"%PDF") is None
    with pytest.raises(FileRefused):
        check_document_head(io.BytesIO(b"<html>" * 20).getvalue())
