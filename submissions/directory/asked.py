"""What a reader may ask of the directory."""

from dataclasses import dataclass
from typing import ClassVar

from submissions.models import PublicKind
from submissions.public.asked import NEWEST, TITLE, PublicQuery


@dataclass(frozen=True)
class DirectoryQuery(PublicQuery):
    """By default the best match first, without words by name."""

    kind: str = PublicKind.ORGANIZATION

    ORDERS: ClassVar[tuple[str, ...]] = (TITLE, NEWEST)
