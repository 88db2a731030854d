"""Make ``digest.pdf`` of every shipped entry: ``python -m knowledge.catalogue.make_pdfs``.

Beside each PDF stands ``digest.sources``, a checksum of all that it was made from, by which the
tests see that nobody changed the text and forgot the PDF.
"""

import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alliance.pdf import ROOT, compile_pdf
from knowledge.catalogue import FOLDER, entry_folders
from knowledge.catalogue.reading import parse

TEMPLATE = FOLDER / "digest.typ"
SHARED_SOURCES = (
    TEMPLATE,
    ROOT / "alliance" / "typst" / "house.typ",
    ROOT / "static" / "img" / "meridians.svg",
    ROOT / "static" / "img" / "mark.svg",
)


def sources_checksum(folder: Path) -> str:
    """Return the SHA-256, in hexadecimal, of everything the PDF of ``folder`` is made from."""
    checksum = hashlib.sha256()
    for source in (folder / "entry.json", folder / "reading.html", *SHARED_SOURCES):
        content = source.read_bytes()
        checksum.update(f"{source.name} {len(content)}\n".encode())
        checksum.update(content)
    return checksum.hexdigest()


def make_pdf(folder: Path) -> bytes:
    """Return the PDF of the entry in ``folder``; the same bytes whenever its sources are."""
    entry: dict[str, Any] = json.loads((folder / "entry.json").read_text(encoding="utf-8"))
    reading = parse((folder / "reading.html").read_text(encoding="utf-8"))
    made = datetime.fromisoformat(entry["digest"]["made"]).replace(tzinfo=UTC)
    return compile_pdf(TEMPLATE, {"entry": entry, "reading": reading}, at=made)


def main() -> None:
    """Write the PDF and the checksum of every entry."""
    for folder in entry_folders():
        pdf = make_pdf(folder)
        (folder / "digest.pdf").write_bytes(pdf)
        (folder / "digest.sources").write_text(sources_checksum(folder) + "\n", encoding="ascii")
        sys.stdout.write(f"{folder.name}: {len(pdf):,} bytes\n")


if __name__ == "__main__":
    main()
