"""What the first load of a page takes, as a browser sees it on the wire."""

from typing import NamedTuple

from playwright.sync_api import Browser

MOST_BYTES, MOST_REQUESTS = 60_000, 6


class Load(NamedTuple):
    size: int
    requests: int

    @property
    def is_light(self) -> bool:
        return 0 < self.size <= MOST_BYTES and 0 < self.requests <= MOST_REQUESTS


def first_load(browser: Browser, address: str) -> Load:
    """Bytes as served, headers included, and requests, with nothing kept from before.

    The page is read to its end, for what is loaded only when it comes into sight counts as well.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_load_state("networkidle")
    context.close()
    return Load(round(sum(sizes)), len(sizes))
