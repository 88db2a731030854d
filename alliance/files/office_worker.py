"""Looks through one hostile Office file, in a process made for nothing else.

Run by `office` as a script of its own, in a bare interpreter without Django. Standard input is the
file, standard error takes one JSON object: `kind` ("docx", "xlsx" or "pptx") or `refused` with one
of the codes that `office` has words for. Arguments: the most bytes of memory, the most seconds of
processor time.

An Office file is a ZIP archive of XML parts (ECMA-376, part 2); every part is unpacked once, in
pieces, so that what is declared about it need not be believed.
"""

import io
import json
import posixpath
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from typing import IO
from urllib.parse import unquote, urlsplit
from xml.parsers import expat

MB = 2**20
MOST_MEMBERS = 5_000
MOST_UNPACKED = 300 * MB
# Text packs well, but what unpacks to so many times its size is no text.
MOST_RATIO, RATIO_COUNTS_FROM = 250, 20 * MB
MOST_INNER = 30 * MB
DEEPEST = 2  # a chart's workbook inside a presentation, and one inside that
PIECE = 256 * 1024
LONGEST_CODE = 1 * MB  # of Word's field codes
END_RECORD = 22

OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    f"{OFFICE}wordprocessingml.document.main+xml": "docx",
    f"{OFFICE}spreadsheetml.sheet.main+xml": "xlsx",
    f"{OFFICE}presentationml.presentation.main+xml": "pptx",
}
MACROS = re.compile(r"macro|vba", re.I)
MACRO_PARTS = re.compile(r"vbaproject|vbadata|/macrosheets/", re.I)
ACTIVE_PARTS = re.compile(r"/activex/|/webextensions/", re.I)
ACTIVE_RELATIONS = re.compile(r"/(oleObject|control|activeX\w*|aFChunk|webextension\w*)$", re.I)
MACRO_RELATIONS = re.compile(r"/(vbaProject|wordVbaData|xl\w*Macrosheet|attachedToolbars)$", re.I)
# Files in files that no document needs: archives, programs, old Office files, PDF.
FOREIGN = re.compile(
    rb"\xd0\xcf\x11\xe0|PK\x03\x04|\x1f\x8b|7z\xbc\xaf|Rar!|\xfd7zXZ|BZh\d|MSCF|MZ|\x7fELF|%PDF-"
)
PACKAGE = re.compile(r"/embeddings/[^/]+\.(docx|xlsx|pptx)$", re.I)
DDE = re.compile(r"(?<!\w)DDE(AUTO)?(?!\w)", re.I)
QUOTED = re.compile(r"QUOTE((?:\s+\d{1,5})+)", re.I)
SAFE_SCHEMES = {"http", "https", "mailto", "tel", ""}
LOCAL_TEMPLATE = re.compile(r"(file:///)?[a-z]:[\\/]", re.I)


class Refused(Exception):
    """Holds the code."""


def main() -> None:
    confine(*(int(argument) for argument in sys.argv[1:3]))
    try:
        answer = {"kind": Package(sys.stdin.buffer, Budget()).look_through()}
    except Refused as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": "bomb"}
    except Exception:  # noqa: BLE001 - whatever the reader tripped over, the file is to blame
        answer = {"refused": "damaged"}
    sys.stderr.write(json.dumps(answer))


def confine(memory: int, seconds: int) -> None:
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 1000),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


class Budget:
    """What all parts of a file, and of the files inside it, may come to together."""

    def __init__(self) -> None:
        self.members = 0
        self.unpacked = 0
        self.packed = 0

    def add_member(self, packed: int) -> None:
        self.members += 1
        self.packed += packed
        if self.members > MOST_MEMBERS:
            raise Refused("bomb")

    def add(self, size: int) -> None:
        self.unpacked += size
        is_tight = self.unpacked > max(RATIO_COUNTS_FROM, MOST_RATIO * self.packed)
        if is_tight or self.unpacked > MOST_UNPACKED:
            raise Refused("bomb")


class Package:
    """One Office file; `depth` tells how far inside another it stands."""

    def __init__(self, file: IO[bytes], budget: Budget, depth: int = 0) -> None:
        self.file, self.budget, self.depth = file, budget, depth
        self.main_part = ""
        self.types: dict[str, str] = {}  # by part, or by ending
        self.code = io.StringIO()

    def look_through(self) -> str:
        """The kind of the file; raises Refused."""
        with zipfile.ZipFile(self.file) as archive:
            self._check_frame(archive)
            members = {f"/{info.filename}": info for info in archive.infolist()}
            if len({name.lower() for name in members}) < len(archive.infolist()):
                raise Refused("damaged")
            if "/[Content_Types].xml" not in members or "/_rels/.rels" not in members:
                raise Refused("archive")
            self._parse(archive, members.pop("/[Content_Types].xml"), self._on_type)
            self._parse(archive, members.pop("/_rels/.rels"), self._on_relation)
            kind = KINDS.get(self._type_of(self.main_part))
            if kind is None or self.main_part not in members:
                raise Refused("kind")
            for name, info in members.items():
                self._look_at(archive, name, info)
        self._check_code()
        return kind

    def _check_frame(self, archive: zipfile.ZipFile) -> None:
        """The archive is the whole file, hides nothing, and its members share no bytes."""
        size = self.file.seek(0, io.SEEK_END)
        self.file.seek(0)
        begins = self.file.read(4) == b"PK\x03\x04"
        self.file.seek(size - END_RECORD)
        ends = self.file.read(4) == b"PK\x05\x06"
        infos = archive.infolist()
        if not begins or not ends or min(info.header_offset for info in infos) != 0:
            raise Refused("inside")
        if sum(info.compress_size for info in infos) > size:
            raise Refused("bomb")
        for info in infos:
            self.budget.add_member(info.compress_size)
            if info.flag_bits & 0x41:
                raise Refused("locked")
            parts = info.orig_filename.split("/")
            if ".." in parts or parts[0] == "" or "\\" in info.orig_filename:
                raise Refused("damaged")

    def _look_at(self, archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> None:
        if MACRO_PARTS.search(name):
            raise Refused("macros")
        if ACTIVE_PARTS.search(name):
            raise Refused("object")
        if name.lower() == "/xl/connections.xml":
            raise Refused("remote")
        if name.endswith(".rels"):
            self._parse(archive, info, self._on_relation)
        elif name.lower().endswith(".xml") or self._type_of(name).endswith("xml"):
            handler = self._on_link if "/externalLinks/" in name else None
            self._parse(archive, info, self._on_field if "/word/" in name else handler)
        elif not name.endswith("/"):
            self._look_at_foreign(archive, name, info)

    def _look_at_foreign(self, archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> None:
        pieces = self._unpack(archive, info)
        first = next(pieces, b"")
        if not FOREIGN.match(first):
            for _piece in pieces:
                pass
        elif first.startswith(b"PK") and PACKAGE.search(name) and self.depth < DEEPEST:
            inner = io.BytesIO(first)
            inner.seek(0, io.SEEK_END)
            for piece in pieces:
                inner.write(piece)
                if inner.tell() > MOST_INNER:
                    raise Refused("bomb")
            Package(inner, self.budget, self.depth + 1).look_through()
        else:
            raise Refused("object")

    def _unpack(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """What is really in a member, to its end; refused if that is not what is declared."""
        declared, info.file_size = info.file_size, MOST_UNPACKED + 1
        found = 0
        with archive.open(info) as member:
            while piece := member.read(PIECE):
                found += len(piece)
                self.budget.add(len(piece))
                yield piece
        if found != declared:
            raise Refused("damaged")

    def _parse(
        self,
        archive: zipfile.ZipFile,
        info: zipfile.ZipInfo,
        on_element: Callable[[str, dict[str, str]], None] | None,
    ) -> None:
        """Read XML without document type, hence without entities; `on_element` gets each."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse_doctype
        if on_element is not None:
            parser.StartElementHandler = on_element
        if on_element == self._on_field:
            parser.CharacterDataHandler = self._on_text
        self.is_code = False
        for piece in self._unpack(archive, info):
            parser.Parse(piece, False)
        parser.Parse(b"", True)

    def _on_type(self, element: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        if MACROS.search(kind):
            raise Refused("macros")
        if name := attributes.get("PartName"):
            self.types[name.lower()] = kind
        elif ending := attributes.get("Extension"):
            self.types[f".{ending.lower()}"] = kind

    def _type_of(self, name: str) -> str:
        ending = posixpath.splitext(name)[1].lower()
        return self.types.get(name.lower()) or self.types.get(ending, "")

    def _on_relation(self, element: str, attributes: dict[str, str]) -> None:
        kind, target = attributes.get("Type", ""), attributes.get("Target", "").strip()
        if MACRO_RELATIONS.search(kind):
            raise Refused("macros")
        if ACTIVE_RELATIONS.search(kind):
            raise Refused("object")
        if attributes.get("TargetMode", "").lower() == "external":
            check_external(kind, target)
        elif kind.endswith("/officeDocument") and not self.main_part:
            self.main_part = posixpath.join("/", target)

    def _on_link(self, element: str, attributes: dict[str, str]) -> None:
        if element.rpartition(" ")[2] in ("ddeLink", "oleLink"):
            raise Refused("dde")

    def _on_field(self, element: str, attributes: dict[str, str]) -> None:
        name = element.rpartition(" ")[2]
        self.is_code = name == "instrText"
        if name == "fldSimple":
            for attribute, value in attributes.items():
                if attribute.endswith("instr"):
                    self._on_text(f" {value} ", is_code=True)
        elif name == "fldChar":
            self.code.write(" " if "begin" in attributes.values() else "")

    def _on_text(self, text: str, is_code: bool = False) -> None:
        if self.is_code or is_code:
            self.code.write(text)
            if self.code.tell() > LONGEST_CODE:
                raise Refused("bomb")

    def _check_code(self) -> None:
        """Fields may be written letter by letter, in several runs or as numbers."""
        code = QUOTED.sub(in_letters, self.code.getvalue())
        if DDE.search(code):
            raise Refused("dde")


def in_letters(quoted: re.Match[str]) -> str:
    return "".join(chr(int(number)) for number in quoted[1].split())


def refuse_doctype(*_declared: object) -> None:
    raise Refused("damaged")


def check_external(kind: str, target: str) -> None:
    """Links that a person may follow are good; what the program would fetch by itself is not."""
    if kind.endswith("/hyperlink"):
        if not leads_to_a_page(unquote(target)):
            raise Refused("links")
    elif not (kind.endswith("/attachedTemplate") and LOCAL_TEMPLATE.match(unquote(target))):
        raise Refused("remote")


def leads_to_a_page(address: str) -> bool:
    try:
        is_safe = urlsplit(address).scheme.lower() in SAFE_SCHEMES
    except ValueError:
        return False
    return is_safe and not address.startswith(("\\\\", "//"))


if __name__ == "__main__":
    main()
