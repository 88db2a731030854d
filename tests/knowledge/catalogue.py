"""The shipped entries as the tests read them."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from knowledge.catalogue import entry_folders
from knowledge.catalogue.reading import Element, elements_in, parse, text_of

REVIEW = "what-do-we-know-about-exchange-for-development"
STUDY = "study-of-government-institutions-exchange-of-staff"

every_entry = pytest.mark.parametrize("folder", entry_folders(), ids=lambda folder: folder.name)


def entry_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "entry.json").read_text(encoding="utf-8"))


def reading_of(folder: Path) -> list[Element]:
    return parse((folder / "reading.html").read_text(encoding="utf-8"))


def folder_of(slug: str) -> Path:
    return next(folder for folder in entry_folders() if folder.name == slug)


def items(elements: list[Element]) -> list[str]:
    lists = [element for element in elements if element["tag"] == "ol"]
    return [text_of(item) for each in lists for item in elements_in(each)]


def words_of(markup: str) -> list[str]:
    return re.findall(r"\w+", html.unescape(re.sub(r"<[^>]*>", " ", markup)).lower())
