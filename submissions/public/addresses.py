"""Where published Demands and Offers stand, and what an address says."""

import re
from typing import NamedTuple

from django.urls import reverse

from submissions.models import Kind

LISTS = {Kind.DEMAND: "demands", Kind.OFFER: "offers"}
PAGES = {Kind.DEMAND: "demand", Kind.OFFER: "offer"}
_ITEM = re.compile(r"([A-Za-z]{3}-[0-9]{4}-[0-9]{6,12})(?:-(.*))?", re.DOTALL)


class Item(NamedTuple):
    """What the last part of an address names: `DEM-2026-000123-reading-gauges`."""

    reference: str
    slug: str

    def __str__(self) -> str:
        return f"{self.reference}-{self.slug}" if self.slug else self.reference


class ItemConverter:
    """The last part of an address, for `path()`; people copy and type them with other words in it."""

    regex = r"[A-Za-z]{3}-[0-9]{4}-[0-9]{6,12}(?:-[^/]*)?"

    def to_python(self, value: str) -> Item:
        found = _ITEM.fullmatch(value)
        if found is None:
            raise ValueError(value)
        return Item(found[1].upper(), found[2] or "")

    def to_url(self, value: Item | str) -> str:
        return str(value)


def list_address(kind: str) -> str:
    return reverse(LISTS[Kind(kind)])


def address(kind: str, reference: str, slug: str) -> str:
    """The page of a published Demand or Offer."""
    return f"{list_address(kind)}{Item(reference, slug)}/"
