"""What is shown of the text inside a PDF: one of its pages, for readers on a slow line, or a list.

The text pages say `noindex`: they are parts of one work, and scholarly search engines want one
page for each, the report's, which leads to the PDF that holds the same words.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from knowledge.folding import config_of
from knowledge.forms import TextForm
from knowledge.marking import Marker, sought
from knowledge.models import EditionFile, Page
from knowledge.search.parsing import question
from knowledge.search.places import pages_with

_PARAGRAPH = re.compile(r"\n\s*\n")
# What leads from a line of the contents to its page, in PDF files.
_LEADERS = re.compile(r"(?:\s*\.){5,}")
# The numbers beside the page that is read, in the list of pages.
_ON_EACH_SIDE = 2
# Of the pages that hold some words; who wants more adds a word.
MOST_HITS = 50


@dataclass(frozen=True)
class Place:
    """Another page of the same text; without an address where some are left out."""

    number: int | None
    address: str = ""
    is_current: bool = False


def best_version(versions: list[EditionFile]) -> EditionFile | None:
    """The version whose text is shown: of those that may leave the newest that has been read.

    One that turned out to be pictures was read too: the older text went when it came. While
    nothing is read, or may leave, it is the newest of the rest, to say what is missing.
    """
    is_read = {EditionFile.Text.READ, EditionFile.Text.EMPTY}
    ranked = sorted(
        versions,
        key=lambda file: (file.may_be_handed_out, file.text_state in is_read, file.number),
    )
    return ranked[-1] if ranked else None


def text_page(file: EditionFile, number: int, form: TextForm) -> dict[str, Any]:
    """The context of one page of the text; `page` is None where nothing can be read there."""
    edition = file.edition
    exists = 0 < number <= (file.page_count or 0)
    page = None
    if exists:
        page = Page.objects.filter(file=file, number=number).first()
    text = _LEADERS.sub(" …", page.text.strip()) if page else ""
    paragraphs = _PARAGRAPH.split(text) if text else []
    marker = Marker(form.text, config_of(edition.language), paragraphs)
    return {
        "report": edition.report,
        "edition": edition,
        "file": file,
        "number": number,
        "exists": exists,
        "direction": direction(edition.language),
        "paragraphs": [marker.marked(paragraph) for paragraph in paragraphs],
        "query": form.text,
        "previous": address(file, number - 1, form) if exists and number > 1 else "",
        "next": address(file, number + 1, form) if exists and number != file.page_count else "",
        "places": places(file, number, form),
        "results_url": form.results_address,
    }


def pages_page(file: EditionFile, form: TextForm) -> dict[str, Any]:
    """The context of the list of pages: all of them, or those that hold the words looked for."""
    edition = file.edition
    count = file.page_count or 0
    hits = _hits(file, form) if form.text else []
    return {
        "report": edition.report,
        "edition": edition,
        "file": file,
        "direction": direction(edition.language),
        "form": form,
        "query": form.text,
        "hits": hits[:MOST_HITS],
        "has_more": len(hits) > MOST_HITS,
        "most": MOST_HITS,
        "pages": [(n, address(file, n)) for n in range(1, count + 1)] if not hits else [],
    }


def _hits(file: EditionFile, form: TextForm) -> list[tuple[int, str, str]]:
    """Number, address and passage of each page that holds all of the words; one more than shown."""
    config = config_of(file.edition.language)
    asked = question(" ".join(sought(form.text, config)), [config])
    numbers = pages_with(file.edition.report_id, file.pk, asked.lexemes)[: MOST_HITS + 1]
    found = list(Page.objects.filter(file=file, number__in=numbers))
    marker = Marker(form.text, config, [page.text for page in found])
    return [
        (page.number, address(file, page.number, form), marker.passage(page.text)) for page in found
    ]


def places(file: EditionFile, number: int, form: TextForm) -> list[Place]:
    """The first pages, those around `number`, and the last: what a pager shows."""
    count = file.page_count or 0
    near = range(number - _ON_EACH_SIDE, number + _ON_EACH_SIDE + 1)
    shown = [n for n in sorted({1, *near, count}) if 0 < n <= count]
    found = []
    for before, n in zip([0, *shown], shown, strict=False):
        if n - before > 1:
            found.append(Place(None))
        found.append(Place(n, address(file, n, form), n == number))
    return found


def address(file: EditionFile, number: int, form: TextForm | None = None) -> str:
    """The address of one page of the text, with the words that are looked for."""
    report = file.edition.report
    path = reverse("library:page", args=[report.pk, report.slug, file.edition.language, number])
    query = urlencode(form.carried) if form else ""
    return f"{path}?{query}" if query else path


def direction(language: str) -> str:
    """How text in this language runs, as HTML says it: `ltr` or `rtl`."""
    return "rtl" if language in settings.LANGUAGES_BIDI else "ltr"
