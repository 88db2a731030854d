"""The pictures that go with links to Demands and Offers, drawn by us and kept as public pictures.

An entry without one says that it is due. What is written anew loses it, and the same words give the
same bytes, which are kept under the same name: so its address changes with what it shows.
"""

import io
import logging
import time
from pathlib import Path

import typst

from alliance.files.pictures import store_public_picture
from alliance.pdf import compile_png
from submissions.models import Kind, PublicEntry

log = logging.getLogger(__name__)

WIDTH, HEIGHT = 1200, 630  # pixels
_TEMPLATE = Path(__file__).parent.parent / "typst" / "share.typ"
# A sweep gives others their turn; what is left is still due the next time.
_MOST_SECONDS = 20.0


def draw_due() -> int:
    """Draw what is missing, the oldest first; returns how many. A sweep."""
    until = time.monotonic() + _MOST_SECONDS
    due = PublicEntry.objects.filter(picture="", submission__isnull=False)
    done = 0
    for entry in due.select_related("organization__country").order_by("pk").iterator():
        if time.monotonic() > until:
            break
        done += _draw(entry)
    return done


def _draw(entry: PublicEntry) -> bool:
    try:
        name = store_public_picture(io.BytesIO(picture_of(entry)), ".png")
    except typst.TypstError:
        log.exception("no picture could be drawn", extra={"entry": entry.pk})
        return False
    # Written anew meanwhile, it is another row.
    return bool(PublicEntry.objects.filter(pk=entry.pk).update(picture=name))


def picture_of(entry: PublicEntry) -> bytes:
    """The picture as PNG: the title, what it is, and whose."""
    data = {
        "title": entry.title,
        "kind": str(Kind(entry.kind).label),
        "reference": entry.card["reference"],
        "organization": entry.organization.name,
        "place": entry.organization.place,
        "language": entry.card["language"] or "en",
    }
    return compile_png(_TEMPLATE, data)
