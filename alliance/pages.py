"""What a public page is called, asked by its address.

A view says how its pages are called (`titled`); whoever holds an address can then name the page
without knowing the app that it belongs to.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import Resolver404, resolve

from alliance.view_marks import View, ViewMark

LONGEST_PATH = 300
# As in "/library/1-title/". A page is also found under other names than its own, and the address
# goes into mails: nobody can write a sentence or a link into one.
_PLAIN = re.compile(r"/[\w/-]+", re.ASCII)
_TITLE = ViewMark[Callable[..., str | None] | None]("title", None)


@dataclass(frozen=True)
class Page:
    path: str
    title: str


def titled(title: Callable[..., str | None]) -> Callable[[View], View]:
    """Mark a public view as one that a message may be about.

    `title` gets the arguments of the address, by name, and returns None where there is no page.
    """

    def decorator(view: View) -> View:
        return _TITLE.put(view, title)

    return decorator


def public_page(path: str) -> Page | None:
    """The titled page at a path of this site, as in "/library/1-title/"; None for all else."""
    if len(path) > LONGEST_PATH or not _PLAIN.fullmatch(path) or path.startswith("//"):
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    title = _TITLE.of(match.func)
    name = title(**match.kwargs) if title else None
    return Page(path=path, title=name) if name else None
