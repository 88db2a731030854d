"""Whether a page is put together as HTML wants it, by the rules that browsers mend in silence.

A nested form loses the outer one's fields, a second `id` takes the first one's label, a `div` ends
the paragraph around it. The Nu checker knows more rules, and needs Java; `docs/weight.md` says how
to ask it.
"""

from html.parser import HTMLParser

_VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
_INTERACTIVE = {"a", "button", "label", "select", "textarea", "summary"}
_BLOCKS = {
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "dialog",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
}
# These hold phrases alone.
_PHRASES = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "span", "strong", "em", "b", "a", "button"}
_OPEN_TO_BLOCKS = {"a"}
_PARENTS = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "tr": {"thead", "tbody", "tfoot", "table"},
    "td": {"tr"},
    "th": {"tr"},
    "option": {"select", "optgroup", "datalist"},
    "legend": {"fieldset"},
    "summary": {"details"},
    "figcaption": {"figure"},
    "caption": {"table"},
}
_CHILDREN = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"dt", "dd", "div"},
    "tr": {"td", "th"},
    "select": {"option", "optgroup", "hr"},
}
_REFERENCES = ("for", "form", "list", "headers", "popovertarget")
_SPOKEN_REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")


class _Nesting(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._open: list[str] = []
        self._ids: set[str] = set()
        self._wanted: list[tuple[str, str]] = []
        self.feed(page)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag in self._open]
        self.faults += [
            f"{place}: no #{id_}" for place, id_ in self._wanted if id_ not in self._ids
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note_place(tag)
        self._note_names(tag, attrs)
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note_place(tag)
        self._note_names(tag, attrs)
        if tag not in _VOID and not self._is_in({"svg"}) and tag != "svg":
            self.faults.append(f"<{tag}/> closes nothing")

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            self.faults.append(f"</{tag}> closes nothing")
            return
        while (last := self._open.pop()) != tag:
            self.faults.append(f"<{last}> is not closed")

    def _is_in(self, tags: set[str]) -> bool:
        return not tags.isdisjoint(self._open)

    def _note_place(self, tag: str) -> None:
        parent = self._open[-1] if self._open else ""
        if parent == "template" or self._is_in({"svg"}):
            return
        holder = f"<{tag}> in <{parent}>"
        if (tag == "form" and self._is_in({"form"})) or (
            tag in _INTERACTIVE - {"label"} and self._is_in({"a", "button"})
        ):
            self.faults.append(f"<{tag}> within its like")
        elif (
            (tag in _BLOCKS and parent in _PHRASES - _OPEN_TO_BLOCKS)
            or parent not in _PARENTS.get(tag, {parent})
            or tag not in _CHILDREN.get(parent, {tag})
        ):
            self.faults.append(holder)

    def _note_names(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if len(given) < len(attrs):
            self.faults.append(f"<{tag}> says something twice")
        id_ = given.get("id")
        if id_ in self._ids or id_ == "":
            self.faults.append(f"#{id_} twice or empty")
        self._ids |= {id_} if id_ else set()
        self._wanted += [(tag, given[name]) for name in _REFERENCES if given.get(name)]
        spoken = [each for name in _SPOKEN_REFERENCES for each in given.get(name, "").split()]
        self._wanted += [(tag, each) for each in spoken]
        if given.get("href", "").startswith("#") and len(given["href"]) > 1:
            self._wanted.append((tag, given["href"][1:]))


def nesting_faults(page: str) -> list[str]:
    """What a browser would mend in silence, or could not find; empty for a sound page."""
    return _Nesting(page).faults
