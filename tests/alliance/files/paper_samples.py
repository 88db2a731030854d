"""Documents for the tests, made on the spot: sound ones, and each with one thing wrong."""

import gzip
import io
import struct
import zipfile
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

OFFICE = "application/vnd.openxmlformats-officedocument"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
MAIN = {
    "docx": ("word/document.xml", f"{OFFICE}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OFFICE}.spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OFFICE}.presentationml.presentation.main+xml"),
}

Parts = dict[str, str | bytes]


def relations(*rows: tuple[str, str, bool]) -> str:
    """Relationships, each (type, target, whether it leads outside)."""
    mode = {True: ' TargetMode="External"', False: ""}
    inner = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/{kind}" Target="{target}"{mode[outside]}/>'
        for number, (kind, target, outside) in enumerate(rows)
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{namespace}">{inner}</Relationships>'


def office_parts(kind: str, *, main_type: str = "", defaults: str = "") -> Parts:
    part, content_type = MAIN[kind]
    return {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/'
            'vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{defaults}'
            f'<Override PartName="/{part}" ContentType="{main_type or content_type}"/></Types>'
        ),
        "_rels/.rels": relations(("officeDocument", part, False)),
        part: f'<w:document xmlns:w="{WORD}"><w:body><w:p>Rain</w:p></w:body></w:document>',
    }


def zipped(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return whole.getvalue()


def office(kind: str = "docx", more: Parts | None = None, **options: str) -> bytes:
    """A sound file of the kind, with more parts, or others in place of its own."""
    return zipped(office_parts(kind, **options) | (more or {}))


def linked(kind: str, target: str, of: str = "docx") -> bytes:
    """A file with one relationship to the outside."""
    folder = MAIN[of][0].rpartition("/")[0]
    return office(of, {f"{folder}/_rels/x.xml.rels": relations((kind, target, True))})


def word_with(inner: str) -> bytes:
    body = f'<w:document xmlns:w="{WORD}"><w:body><w:p>{inner}</w:p></w:body></w:document>'
    return office("docx", {"word/document.xml": body})


def field(*runs: str) -> str:
    """A field of Word, its code in several runs."""
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{at}"/></w:r>' for at in ("begin", "end"))
    return begin + "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs) + end


def locked_zip() -> bytes:
    """A sound file whose members say that they are encrypted."""
    content = bytearray(office())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 4)
    return bytes(content)


def lying_about_its_size(unpacked: int = 50 * 2**20, said: int = 10) -> bytes:
    """A member that says so many bytes and unpacks to others; its checksum is right."""
    honest = zipped(office_parts("docx") | {"word/media/a.bin": bytes(unpacked)})
    content = bytearray(honest)
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.rfind(signature)
        struct.pack_into("<I", content, at + offset, said)
    return bytes(content)


def sharing_bytes() -> bytes:
    """Members that all unpack the same bytes: small to send, large together."""
    block = bytes(2**20)
    content = zipped(office_parts("docx") | {f"word/media/{n}.bin": block for n in range(20)})
    first = content.index(b"PK\x03\x04", content.index(b"word/document.xml") + 20)
    whole = bytearray(content)
    at = whole.find(b"PK\x01\x02")
    while at >= 0:
        if b"media" in whole[at : at + 70]:
            struct.pack_into("<I", whole, at + 42, first)
            struct.pack_into("<I", whole, at + 20, 10 * 2**20)
        at = whole.find(b"PK\x01\x02", at + 4)
    return bytes(whole)


def nested(levels: int) -> bytes:
    """A workbook inside a workbook inside … a document."""
    content = office("xlsx")
    for _level in range(levels):
        content = office("xlsx", {"xl/embeddings/Microsoft_Excel_Sheet.xlsx": content})
    return office("docx", {"word/embeddings/Microsoft_Excel_Sheet.xlsx": content})


def packed_twice() -> bytes:
    return office("docx", {"word/media/a.bin": gzip.compress(bytes(10**6))})


def pdf(change: Any = None, **saving: Any) -> bytes:
    """A PDF of one page; `change` may do something to it before it is saved."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    if change is not None:
        change(document)
    content = io.BytesIO()
    document.save(content, **saving)
    return content.getvalue()


def packed_pdf(change: Any) -> bytes:
    """The same with its objects packed away in streams."""
    return pdf(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def opening(**action: Any) -> Any:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = document.make_indirect(Dictionary(**action))

    return change


def annotated(**entries: Any) -> Any:
    def change(document: pikepdf.Pdf) -> None:
        given = {"Type": Name.Annot, "Rect": Array([0, 0, 9, 9])} | entries
        document.pages[0].Annots = Array([Dictionary(**given)])

    return change


def attach_a_file(document: pikepdf.Pdf) -> None:
    document.attachments["more.html"] = b"<script>alert(1)</script>"


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def leave_unused_script(document: pikepdf.Pdf) -> None:
    """Nothing refers to it, but a reader that repairs the file might."""
    document.Root.Unused = document.make_indirect(script())
