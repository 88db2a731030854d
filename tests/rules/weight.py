"""What the first load of a page takes, as a browser sees it on the wire."""

from collections.abc import Sequence
from typing import NamedTuple

from playwright.sync_api import Browser, Page

MOST_BYTES, MOST_REQUESTS = 60_000, 6
SIDE_BY_SIDE = 10


class Load(NamedTuple):
    size: int
    requests: int

    @property
    def is_light(self) -> bool:
        return 0 < self.size <= MOST_BYTES and 0 < self.requests <= MOST_REQUESTS


def first_loads(browser: Browser, addresses: Sequence[str]) -> list[Load]:
    """Bytes as served, headers included, and requests, with nothing kept from before.

    Each page is read to its end, for what is loaded only when it comes into sight counts as well.
    Several rest side by side: the half second in which nothing more comes is the same for all.
    """
    return [
        load
        for first in range(0, len(addresses), SIDE_BY_SIDE)
        for load in _side_by_side(browser, addresses[first : first + SIDE_BY_SIDE])
    ]


def _side_by_side(browser: Browser, addresses: Sequence[str]) -> list[Load]:
    opened = [_read_to_its_end(browser, address) for address in addresses]
    for page, _sizes in opened:
        page.wait_for_load_state("networkidle")
    loads = [Load(round(sum(sizes)), len(sizes)) for _page, sizes in opened]
    for page, _sizes in opened:
        page.context.close()
    return loads


def _read_to_its_end(browser: Browser, address: str) -> tuple[Page, list[float]]:
    """The page as soon as it stands, and the bytes of each answer as they come in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    return page, sizes
