"""The reading edition: which HTML it may hold, and the same text as a tree.

A reading edition is plain: headings with ids, paragraphs, lists, tables, quotations. Whoever
shows one cleans it with ``TAGS`` and ``ATTRIBUTES``; whoever draws one (the PDF) walks the tree.
"""

import re
from html.parser import HTMLParser
from typing import Final, NotRequired, TypedDict, Union

TAGS: Final = frozenset(
    {"a", "blockquote", "caption", "em", "h2", "h3", "li", "ol", "p", "strong", "table", "tbody"}
    | {"td", "th", "thead", "tr", "ul"}
)
ATTRIBUTES: Final[dict[str, set[str]]] = {
    "a": {"href"},
    "h2": {"id"},
    "h3": {"id"},
    "th": {"scope"},
}
# Between the parts of these, white space says nothing.
_HOLD_NO_TEXT: Final = frozenset({"", "ol", "table", "tbody", "thead", "tr", "ul"})


class Element(TypedDict):
    """One element; ``children`` are elements and runs of text, in order."""

    tag: str
    children: list[Union["Element", str]]
    id: NotRequired[str]
    href: NotRequired[str]
    scope: NotRequired[str]


class ReadingError(ValueError):
    """The text is not the plain HTML of a reading edition; the message says where."""


class _Walker(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[Element] = [{"tag": "", "children": []}]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self._refuse(f"<{tag}> has no place in a reading edition")
        element: Element = {"tag": tag, "children": []}
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, ()):
                self._refuse(f"<{tag}> may not have the attribute {name}")
            # ATTRIBUTES names only keys that an Element has.
            element[name] = value or ""  # type: ignore[literal-required]
        self.open[-1]["children"].append(element)
        self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1]["tag"] != tag:
            self._refuse(f"</{tag}> closes nothing")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        inside = self.open[-1]
        text = re.sub(r"[ \t\r\n]+", " ", data)
        if inside["tag"] not in _HOLD_NO_TEXT:
            inside["children"].append(text)
        elif text.strip():
            self._refuse(f"text outside a paragraph: {text.strip()[:40]!r}")

    def _refuse(self, why: str) -> None:
        line, column = self.getpos()
        raise ReadingError(f"line {line}, column {column + 1}: {why}")


def parse(html: str) -> list[Element]:
    """Return the top-level elements of a reading edition.

    Raises ``ReadingError`` for an element or attribute that is not allowed, for text outside
    any block, and for elements that are not closed in order.
    """
    walker = _Walker()
    walker.feed(html)
    walker.close()
    if len(walker.open) > 1:
        raise ReadingError(f"<{walker.open[-1]['tag']}> is never closed")
    return elements_in(walker.open[0])


def elements_in(element: Element) -> list[Element]:
    """Return the elements directly inside ``element``, without its own runs of text."""
    return [child for child in element["children"] if not isinstance(child, str)]


def text_of(element: Element | str) -> str:
    """Return the words of an element without its markup."""
    if isinstance(element, str):
        return element
    return "".join(text_of(child) for child in element["children"])


def section(elements: list[Element], id_: str) -> list[Element]:
    """Return what stands between the h2 named ``id_`` and the next h2; empty if there is none."""
    found: list[Element] = []
    inside = False
    for element in elements:
        if element["tag"] == "h2":
            inside = element.get("id") == id_
        elif inside:
            found.append(element)
    return found
