"""What a reader may ask of a list of one kind."""

from dataclasses import dataclass
from typing import ClassVar

from alliance.browsing import asked
from alliance.browsing.asked import BEST, NEWEST
from submissions.models import PublicKind

__all__ = ["BEST", "ENDING", "NEWEST", "TITLE", "PublicQuery"]

ENDING, TITLE = "ending", "title"


@dataclass(frozen=True)
class PublicQuery(asked.Query):
    """What is asked for of one `kind`; by default the best match first, without words the newest."""

    kind: str = PublicKind.DEMAND

    ORDERS: ClassVar[tuple[str, ...]] = (NEWEST, ENDING, TITLE)

    @property
    def key(self) -> tuple[object, ...]:
        return (self.kind, *super().key)
