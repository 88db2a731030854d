"""What a reader may ask a list for."""

from dataclasses import dataclass, field
from typing import ClassVar

BEST, NEWEST = "best", "newest"


@dataclass(frozen=True)
class Query:
    """What a reader asked for; `chosen` maps a facet to its codes, of which one is enough."""

    text: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    sort: str = ""

    # The orders of the list besides the best match; the first one is the usual one.
    ORDERS: ClassVar[tuple[str, ...]] = (NEWEST,)

    @property
    def order(self) -> str:
        """The order asked for; by default the best match first where there are words to match."""
        if self.sort in self.ORDERS:
            return self.sort
        return BEST if self.text else self.ORDERS[0]

    @property
    def narrowed(self) -> list[str]:
        """The facets in which something is chosen."""
        return [name for name, codes in self.chosen.items() if codes]

    @property
    def key(self) -> tuple[object, ...]:
        """Two queries with the same key have the same answer."""
        chosen = tuple((name, tuple(sorted(codes))) for name, codes in sorted(self.chosen.items()))
        return (self.text, chosen, self.order)
