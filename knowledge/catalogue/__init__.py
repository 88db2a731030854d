"""The reports that the portal ships: one folder each, named like the report's address.

``entry.json`` describes the report, ``reading.html`` is the Alliance's digest of it in our own
words, ``digest.pdf`` is made from both by ``python -m knowledge.catalogue.make_pdfs``.
"""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def entry_folders() -> list[Path]:
    """Return the folders of all shipped entries, by name."""
    return sorted(path.parent for path in FOLDER.glob("*/entry.json"))
