"""PDF files as publishers make them, and as nobody should: for the tests of what reads them."""

import io
import tempfile
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import typst
from django.core.files.base import File
from PIL import Image, ImageDraw

from alliance.pdf import FONTS

SEED = Path(__file__).resolve().parents[2].parent / "shared/seeds/001_2ec2280349ab2b95.txt"

_LATIN = '"Noto Sans"'
FONT_OF = {"ar": '("Noto Sans Arabic", "Noto Sans")', "zh": '("Noto Sans SC", "Noto Sans")'}


@cache
def typeset(markup: str, *, language: str = "en", columns: int = 1, page: str = "") -> bytes:
    """The PDF that Typst makes of `markup`, on A5 pages, with soft hyphens at the ends of lines."""
    font = FONT_OF.get(language, _LATIN)
    source = (
        f'#set text(lang: "{language}", size: 10pt, font: {font}, hyphenate: true)\n'
        f'#set page(paper: "a5", columns: {columns}, {page})\n'
        "#set par(justify: true)\n"
        "#set columns(gutter: 14pt)\n" + markup
    )
    with tempfile.NamedTemporaryFile("w", suffix=".typ", encoding="utf-8") as file:
        file.write(source)
        file.flush()
        return typst.compile(file.name, font_paths=[str(FONTS)], ignore_system_fonts=True)


def opened(content: bytes) -> File:
    """On disk, as an upload is; it goes with the last reference."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it goes with the last reference
    file.write(content)
    file.seek(0)
    return File(file)


def saved(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    content = io.BytesIO()
    pdf.save(content, **options)
    return content.getvalue()


def plain(pages: int = 1) -> pikepdf.Pdf:
    """A PDF with so many small pages, each with its number in words on it."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for number in range(pages):
        page = pdf.add_blank_page(page_size=(300, 200))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        words = f"BT /F 12 Tf 20 100 Td (Leaf {number + 1} of the long report) Tj ET"
        page.Contents = pdf.make_stream(words.encode())
    return pdf


def scanned(pages: int = 2) -> bytes:
    """Pages that are pictures, as a scanner makes them: no text in them."""
    pictures = []
    for number in range(pages):
        picture = Image.new("L", (600, 850), 255)
        ImageDraw.Draw(picture).text((80, 80), f"Page {number + 1}", fill=0)
        pictures.append(picture)
    content = io.BytesIO()
    pictures[0].save(content, "PDF", save_all=True, append_images=pictures[1:])
    return content.getvalue()


def locked(password: str = "") -> bytes:
    """Encrypted; without a password everybody opens it, but nobody may copy from it."""
    pdf = plain()
    return saved(pdf, encryption=pikepdf.Encryption(owner="owner", user=password))


def with_script() -> bytes:
    pdf = plain()
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    return saved(pdf)


def with_attachment() -> bytes:
    pdf = plain()
    pdf.attachments["data.txt"] = b"rows"
    return saved(pdf)


def with_what_publishers_add() -> bytes:
    """Opened at a place, with links, names of places, bookmarks and metadata: all of it harmless."""
    pdf = plain(3)
    place = pikepdf.Array([pdf.pages[1].obj, pikepdf.Name.Fit])
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=place)
    pdf.Root.Dests = pikepdf.Dictionary(chapter=place)
    links: Iterable[pikepdf.Dictionary] = (
        pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org/"),
        pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.Name.chapter),
    )
    pdf.pages[0].Annots = pikepdf.Array(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[10, 10, 50, 50], A=action
        )
        for action in links
    )
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Chapter", 1))
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = "Leaf"
    return saved(pdf)


def bomb(megabytes: int = 2000) -> bytes:
    """A page whose drawing unpacks to far more than there is memory, from some kilobytes."""
    packer = zlib.compressobj(9, wbits=-15)
    piece = packer.compress(b"0 0 m 1 1 l S " * 75_000) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = zlib.compress(b"\x78\x9c" + megabytes * piece + packer.flush(), 9)
    pdf = plain()
    stream = pdf.make_stream(packed)
    stream.write(packed, filter=pikepdf.Array([pikepdf.Name.FlateDecode] * 2), decode_parms=None)
    pdf.pages[0].Contents = stream
    return saved(pdf, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def endless_tree() -> bytes:
    """The page tree holds itself: a reader that follows it never comes to an end."""
    tree = b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999999>>endobj\n"
    content = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" + tree
    return content + b"trailer<</Root 1 0 R/Size 3>>\n%%EOF"


def huge_page() -> bytes:
    pdf = plain()
    pdf.pages[0].MediaBox = [0, 0, 10_000_000, 10_000_000]
    return saved(pdf)


def paragraphs_of_seed() -> list[str]:
    """Paragraphs of a report's text as a publisher's PDF gave them, those that are long enough."""
    parts = SEED.read_text(encoding="utf-8").split("\n\n")
    whole = (" ".join(part.split()) for part in parts)
    return [part for part in whole if len(part) > 80][:60]


def marked_up(paragraphs: Iterable[str]) -> str:
    """Paragraphs as Typst takes them for what they are."""
    return "\n\n".join(
        "".join(rf"\{sign}" if sign in r"#$*_\<>@`~[]=/+-" else sign for sign in paragraph)
        for paragraph in paragraphs
    )
