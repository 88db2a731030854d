"""Reading a page as a browser would: what runs or styles in it, its forms, its links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """A form with the names of its fields and what stands in them."""

    action: str
    method: str
    encoding: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class PageReader(HTMLParser):
    """Collects while it reads; feed it a whole page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inline: list[str] = []
        self._option_of = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._note_inline(tag, given)
        if tag == "form":
            method = given.get("method", "get").upper()
            encoding = given.get("enctype", "application/x-www-form-urlencoded")
            self.forms.append(Form(given.get("action", ""), method, encoding))
        elif self.forms and tag in {"input", "textarea", "select", "button"}:
            self._note_field(tag, given)
        elif self.forms and tag == "option" and self._option_of and given.get("value"):
            self.forms[-1].fields.setdefault(self._option_of, []).append(given["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._option_of = ""

    def _note_field(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "")
        if not name:
            return
        form = self.forms[-1]
        if kind == "file":
            form.files.add(name)
        elif tag == "select":
            self._option_of = name
            form.fields.setdefault(name, [])
        else:
            form.fields.setdefault(name, []).append(given.get("value", ""))

    def _note_inline(self, tag: str, given: dict[str, str]) -> None:
        """What a strict policy forbids; data that a script reads is none of it."""
        is_data = given.get("type", "").endswith("json")
        if tag == "style" or (tag == "script" and not given.get("src") and not is_data):
            self.inline.append(f"<{tag}>")
        for name, value in given.items():
            runs = value.strip().lower().startswith(("javascript:", "data:text/html"))
            if name == "style" or name.startswith("on") or runs:
                self.inline.append(f'<{tag} {name}="{value[:40]}">')
