"""What a public page weighs at its fullest, and how Lighthouse judges it.

`make bench ONLY=weight` prints the table of all of them; `docs/weight.md` keeps the last one.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Browser

from tests.portal import Portal
from tests.rules.lighthouse import PRESETS, program, scores
from tests.rules.test_browser_pages import pages
from tests.rules.test_queries import expected
from tests.rules.weight import MOST_BYTES, MOST_REQUESTS, Load, first_loads

_LOCATION = re.compile(r"<loc>([^<]+)</loc>")


def listed(portal: Portal) -> dict[str, list[str]]:
    """The paths that search engines are shown, by the section of the map of the site."""
    sections = _LOCATION.findall(portal.get("/sitemap.xml"))
    return {
        Path(urlsplit(section).path).stem: [
            urlsplit(address).path
            for address in _LOCATION.findall(portal.get(urlsplit(section).path))
        ]
        for section in sections
    }


def fullest(portal: Portal, found_paths: dict[str, str]) -> list[str]:
    """Every public page without a parameter, those found by name, first and last of each section."""
    paths = [found_paths.get(name, name) for name in pages("visitor")]
    ends = [path for section in listed(portal).values() for path in (section[0], section[-1])]
    return list(dict.fromkeys([*paths, *ends]))


def weighed(browser: Browser, portal: Portal, paths: list[str]) -> dict[str, Load]:
    return dict(
        zip(paths, first_loads(browser, [portal.url + path for path in paths]), strict=True)
    )


def test_the_first_load_of_every_public_page_is_light(
    browser: Browser, portal: Portal, found_paths: dict[str, str]
) -> None:
    loads = weighed(browser, portal, fullest(portal, found_paths))
    assert {path: load for path, load in loads.items() if not load.is_light} == {}


@pytest.mark.parametrize(
    "load", [Load(MOST_BYTES + 1, 1), Load(1, MOST_REQUESTS + 1), Load(0, 0)], ids=str
)
def test_a_heavy_page_or_none_at_all_is_not_light(load: Load) -> None:
    assert Load(MOST_BYTES, MOST_REQUESTS).is_light
    assert not load.is_light


@pytest.mark.whole
@pytest.mark.timeout(3600)
def test_the_table_of_weights(
    browser: Browser, portal: Portal, found_paths: dict[str, str]
) -> None:
    asked, over = expected("visitor"), []
    shown = {path for section in listed(portal).values() for path in section}
    print(f"\n{'page':<62} {'kB':>5} {'requests':>8} {'queries':>7}  {'  '.join(PRESETS)}")
    for path, load in weighed(browser, portal, fullest(portal, found_paths)).items():
        exists = path != found_paths["nowhere"]
        queries = asked.get(resolve(path.partition("?")[0]).view_name, "-") if exists else "-"
        # Pages that search engines are kept from fail the audit that asks for the opposite.
        skip = () if path in shown else ("is-crawlable",)
        judged = (
            [scores(portal.url + path, preset, skip=skip) for preset in PRESETS]
            if program() and exists
            else []
        )
        words = "  ".join(" ".join(map(str, each)) for each in judged) or "-"
        print(f"{path[:62]:<62} {load.size / 1000:>5.1f} {load.requests:>8} {queries:>7}  {words}")
        if not load.is_light or any(score < 100 for each in judged for score in each):
            over.append(path)
    assert over == []
