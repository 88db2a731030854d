"""What the tables hold about people: how it is handed out, and what becomes of it when they go.

Each app lists its own tables in its `personal_data`, one `Table` for every model and a decision
for every column that can hold words. A test compares the lists with the models, so that a new
column is not forgotten. What is kept for how long, and why, stands in `retention.py` beside it.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from html import escape
from operator import or_
from typing import Any, Protocol
from urllib.parse import quote

import pgtrigger
from django.db import models
from django.db.models.functions import Cast

from alliance.text import Text

# Stands where a name or an address stood, in what others go on reading.
FORMER_MEMBER = "[former member]"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody as the tables know them. `addresses` are in lower case; the rest are ids."""

    pk: int
    addresses: frozenset[str]
    first_name: str
    last_name: str
    organizations: frozenset[int] = frozenset()

    @cached_property
    def _address(self) -> str:
        """A pattern for the addresses, as text, in HTML and in links."""
        return "|".join(
            rf"(?<![\w.+-]){re.escape(spelling)}(?![\w-]|\.\w)"
            for address in sorted(self.addresses)
            for spelling in sorted({address, escape(address), quote(address)})
        )

    @cached_property
    def _name(self) -> list[str]:
        """Patterns for the whole name, in either order, as text and in HTML.

        A first or last name alone is no sign of one person: it is left where it stands.
        """
        if not (self.first_name and self.last_name):
            return []
        # Chinese and other scripts without capitals may write names, and sentences, without spaces.
        has_capitals = self.first_name.lower() != self.first_name.upper()
        gap, before, after = (r"\s+", r"(?<!\w)", r"(?!\w)") if has_capitals else (r"\s*", "", "")
        patterns = []
        for write in (str, escape):
            first, last = (
                r"\s+".join(map(re.escape, write(name).split()))
                for name in (self.first_name, self.last_name)
            )
            patterns += [
                f"{before}{first}{gap}{last}{after}",
                rf"{before}{last}(?:\s*,\s*|{gap}){first}{after}",
            ]
        return patterns

    @cached_property
    def _spelled(self) -> re.Pattern[str]:
        return re.compile("|".join([self._address, *self._name]), re.IGNORECASE)

    def has_address_in(self, value: Any) -> bool:
        """Whether one of the addresses stands in the text or the JSON value, whole."""
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return re.search(self._address, text, re.IGNORECASE) is not None

    def is_named(self, text: str) -> bool:
        """Whether the text is this person's name, or address, and nothing more."""
        return self._spelled.fullmatch(text.strip()) is not None

    def redacted(self, value: Any) -> Any:
        """The text, or the JSON value, with FORMER_MEMBER wherever this person is named."""
        if isinstance(value, str):
            return self._spelled.sub(FORMER_MEMBER, value)
        if isinstance(value, list):
            return [self.redacted(item) for item in value]
        if isinstance(value, dict):
            return {key: self.redacted(item) for key, item in value.items()}
        return value

    def addressed_in(self, columns: Iterable[str]) -> models.Q:
        """Rows that hold one of the addresses in one of these columns, which are cast to text."""
        return _any_of(
            models.Q((f"{column}__icontains", address))
            for column in columns
            for address in self.addresses
        )

    def named_in(self, columns: Iterable[str]) -> models.Q:
        """Rows that may hold the whole name as well."""
        both = self.first_name and self.last_name
        return self.addressed_in(columns) | _any_of(
            models.Q((f"{column}__icontains", self.first_name))
            & models.Q((f"{column}__icontains", self.last_name))
            for column in columns
            if both
        )


def _any_of(conditions: Iterable[models.Q]) -> models.Q:
    return reduce(or_, conditions, models.Q(pk__in=[]))


Rows = Callable[[Person], models.Q]


def anywhere(person: Person) -> models.Q:
    """Every row is looked through for the name, not only those that belong to the person."""
    return models.Q()


class Effect(Protocol):
    """What erasure does to some rows of a table; `columns` None stands for all of them."""

    @property
    def columns(self) -> frozenset[str] | None: ...

    def apply(self, model: type[models.Model], person: Person) -> None: ...


@dataclass(frozen=True)
class Delete:
    """The rows go."""

    rows: Rows
    columns: None = field(default=None, init=False)

    def apply(self, model: type[models.Model], person: Person) -> None:
        model._default_manager.filter(self.rows(person)).delete()


@dataclass(frozen=True)
class DeleteNamed:
    """Of the rows, those go whose `column` is this person's name and nothing more."""

    rows: Rows
    column: str
    columns: None = field(default=None, init=False)

    def apply(self, model: type[models.Model], person: Person) -> None:
        found = model._default_manager.filter(self.rows(person) & person.named_in([self.column]))
        named = [pk for pk, name in found.values_list("pk", self.column) if person.is_named(name)]
        model._default_manager.filter(pk__in=named).delete()


@dataclass(frozen=True)
class Overwrite:
    """The rows stay, with these values; a callable makes its value for the person."""

    rows: Rows
    values: Mapping[str, Any]

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(self.values)

    def apply(self, model: type[models.Model], person: Person) -> None:
        values = {
            name: value(person) if callable(value) else value for name, value in self.values.items()
        }
        model._default_manager.filter(self.rows(person)).update(**values)


@dataclass(frozen=True)
class Redact:
    """The rows stay without the person's name and addresses.

    Rows of others that hold an address of the person are found as well: it is theirs alone. A
    name is looked for in `rows` only, since others may bear it. `replace` does more than
    `Person.redacted` where a column needs it. `frozen_by` names the trigger that refuses every
    change else: erasure is the one that it lets pass.
    """

    rows: Rows
    names: tuple[str, ...]
    replace: Callable[[Person, Any], Any] = Person.redacted
    frozen_by: str = ""

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(self.names)

    def apply(self, model: type[models.Model], person: Person) -> None:
        for row in self._found(model, person):
            changed = {
                name: new
                for name in self.names
                if (new := self.replace(person, row[name])) != row[name]
            }
            if changed:
                self._update(model, row["pk"], changed)

    def _found(self, model: type[models.Model], person: Person) -> Iterator[dict[str, Any]]:
        as_text = {f"{name}_as_text": Cast(name, models.TextField()) for name in self.names}
        rows = model._default_manager.annotate(**as_text)
        theirs = rows.filter(self.rows(person) & person.named_in(as_text))
        yield from theirs.values("pk", *self.names)
        of_others = rows.filter(person.addressed_in(as_text)).exclude(pk__in=theirs.values("pk"))
        for row in of_others.values("pk", *self.names):
            if any(person.has_address_in(row[name]) for name in self.names):
                yield row

    def _update(self, model: type[models.Model], pk: Any, changed: dict[str, Any]) -> None:
        rows = model._default_manager.filter(pk=pk)
        if self.frozen_by:
            with pgtrigger.ignore(self.frozen_by):
                rows.update(**changed)
        else:
            rows.update(**changed)


@dataclass(frozen=True)
class Undo:
    """Whatever else has to be done, such as removing files; it covers the columns it names."""

    function: Callable[[Person], None]
    columns: frozenset[str] | None = None

    def apply(self, model: type[models.Model], person: Person) -> None:
        self.function(person)


@dataclass(frozen=True)
class Export:
    """One list in the file of one's own data: which rows, and which columns under which names."""

    section: str
    rows: Rows
    columns: Mapping[str, Any]

    def read(self, model: type[models.Model], person: Person) -> list[dict[str, Any]]:
        found = model._default_manager.filter(self.rows(person)).order_by("pk")
        aliases = {
            f"shown_{name}": models.F(value) if isinstance(value, str) else value
            for name, value in self.columns.items()
        }
        return [
            {name: row[f"shown_{name}"] for name in self.columns}
            for row in found.annotate(**aliases).values(*aliases)
        ]


@dataclass(frozen=True, kw_only=True)
class Table:
    """The decision about one model.

    `kept` is the code of the line of the privacy notice that speaks of it; empty where nothing in
    the table is about people, whatever columns it gets. `further_exports` are for people who are in
    its rows in another capacity, and may see less of them. `plain` names the columns that can hold
    words, but none about a person. `stays` says, for the person, what others go on naming them in,
    and why.
    """

    model: str
    kept: str = ""
    export: Export | None = None
    further_exports: tuple[Export, ...] = ()
    on_erasure: tuple[Effect, ...] = ()
    plain: frozenset[str] = frozenset()
    stays: Text = ""

    @property
    def exports(self) -> tuple[Export, ...]:
        return (*([self.export] if self.export else []), *self.further_exports)


def about_nobody(*names: str) -> tuple[Table, ...]:
    """Tables without anything about people who use the portal."""
    return tuple(Table(model=name) for name in names)


def documents(
    name: str, *, kept: str, section: str, columns: Mapping[str, Any], about: Rows
) -> Table:
    """The table of a ScannedFile: handed out to whoever added a row, without the file itself.

    What stands in the file is the institution's, and goes when its members remove it, or with
    what it came with. Its name may be a person's: in the rows that `about` finds, it is looked at.
    """
    return Table(
        model=name,
        kept=kept,
        export=Export(section, lambda person: models.Q(added_by=person.pk), columns),
        on_erasure=(Redact(about, ("name",)),),
        plain=frozenset({"file", "sha256", "content_type", "scan_word"}),
    )
