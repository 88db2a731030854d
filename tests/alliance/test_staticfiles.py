import json
import re
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.templatetags.static import static

from alliance.staticfiles import BUNDLES, bundle, tightened

STATIC = Path(settings.BASE_DIR, "static")
# Directions of the page, not of the text, would be wrong in Arabic.
PHYSICAL = re.compile(
    r"[;{\s](?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)|left|right|top|bottom"
    r"|float|clear|text-align)\s*:\s*(?:left|right|[\d.-]+[a-z%]+)"
)


@pytest.fixture
def collected(settings: LazySettings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path
    # Our own files are enough: those of the admin would take their time.
    settings.STATICFILES_FINDERS = settings.STATICFILES_FINDERS[:2]
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_layers_are_named_before_they_are_filled() -> None:
    assert bundle("css/site.css").startswith("@layer tokens,base,components,utilities;")


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("css/*.css")), ids=lambda path: path.name)
def test_sheets_know_no_left_and_right(sheet: Path) -> None:
    assert PHYSICAL.findall(sheet.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", BUNDLES)
def test_bundle_is_found_and_served_before_anything_is_collected(name: str) -> None:
    found = finders.find(name)
    assert found is not None
    assert Path(found).read_text(encoding="utf-8") == bundle(name)
    assert static(name) == f"/static/{name}"


def test_bundle_holds_its_sources_in_order() -> None:
    sheet = bundle("css/site.css")
    marks = [":root{", "scroll-padding-block-start", ".pill{", ".wrap{", ".vh:not("]
    places = [sheet.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "/*" not in sheet


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("/* why */ a {\n  color: red;\n  margin: 0 1px;\n}\n", "a{color:red;margin:0 1px}"),
        ("a b, a :is(c, d) > e{ top: 0 }", "a b,a :is(c,d) > e{top:0}"),
        ('b::before{content:" ;  , " / ""; x:1}', 'b::before{content:" ;  , " / "";x:1}'),
        ("p{inset:calc(100% - 2 * 1px)}", "p{inset:calc(100% - 2 * 1px)}"),
        ("@media screen and (width: 1px) {\n i{x:0}\n}", "@media screen and (width:1px){i{x:0}}"),
    ],
)
def test_sheets_lose_only_the_space_that_says_nothing(written: str, sent: str) -> None:
    assert tightened(written) == sent


def test_collected_files_carry_a_hash_and_find_each_other(collected: Path) -> None:
    names = json.loads((collected / "staticfiles.json").read_text())["paths"]
    assert set(BUNDLES) <= set(names)
    sheet = (collected / names["css/site.css"]).read_text(encoding="utf-8")
    pictures = re.findall(r'url\("?\.\./(img/[^")]+)', sheet)
    assert pictures == [names["img/meridians.svg"]]
    assert (collected / pictures[0]).exists()
    assert (collected / f"{names['css/site.css']}.gz").exists()
