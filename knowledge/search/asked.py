"""What a reader may ask the library for."""

from dataclasses import dataclass, field

BEST, NEWEST, TITLE = "best", "newest", "title"

# By these a list is narrowed, in the order of the page.
FACETS = ("theme", "region", "country", "sdg", "publisher", "year", "language")


@dataclass(frozen=True)
class Query:
    """What a reader asked for; `chosen` maps a facet to its codes, of which one is enough."""

    text: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    sort: str = ""

    @property
    def order(self) -> str:
        """The order asked for; by default the best match first where there are words to match."""
        if self.sort in {NEWEST, TITLE}:
            return self.sort
        return BEST if self.text else NEWEST

    @property
    def key(self) -> tuple[object, ...]:
        """Two queries with the same key have the same answer."""
        chosen = tuple((name, tuple(sorted(codes))) for name, codes in sorted(self.chosen.items()))
        return (self.text, chosen, self.order)
