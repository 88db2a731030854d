"""What the reader of `nesting` finds; every page is put before it by `test_headers`."""

import pytest

from tests.rules.nesting import nesting_faults

SOUND = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>A page</title></head>
<body id="top"><main>
  <p>Read <a href="#top">more</a>.<br></p>
  <svg viewBox="0 0 1 1"><path d="M0 0"/><a href="/x/"><circle r="1"/></a></svg>
  <form action="/" method="post"><label for="name">Name</label>
    <input id="name" name="name" aria-describedby="hint"><p id="hint">In full.</p></form>
  <a href="/"><h2>A card</h2></a><dl><div><dt>One</dt><dd>1</dd></div></dl>
</main></body></html>"""


def test_a_sound_page_has_no_fault() -> None:
    assert nesting_faults(SOUND) == []


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("<form><div><form></form></div></form>", "<form> within its like"),
        ('<a href="/"><span><button>B</button></span></a>', "<button> within its like"),
        ('<p id="a"></p><p id="a"></p>', "#a twice or empty"),
        ('<p id=""></p>', "# twice or empty"),
        ("<section><p>One</section>", "<p> is not closed"),
        ("<main><div>", "<main> is not closed"),
        ("<p></p></div>", "</div> closes nothing"),
        ("<div/>", "<div/> closes nothing"),
        ("<p>One <div>two</div></p>", "<div> in <p>"),
        ("<h2><p>One</p></h2>", "<p> in <h2>"),
        ("<div><li>One</li></div>", "<li> in <div>"),
        ("<ul><p>One</p></ul>", "<p> in <ul>"),
        ("<table><tr><p>One</p></tr></table>", "<p> in <tr>"),
        ('<p class="a" class="b"></p>', "<p> says something twice"),
        ('<label for="a">A</label>', "label: no #a"),
        ('<p aria-describedby="a b" id="a"></p>', "p: no #b"),
        ('<a href="#a">A</a>', "a: no #a"),
        ('<button popovertarget="a">A</button>', "button: no #a"),
    ],
)
def test_what_browsers_mend_in_silence_is_found(page: str, fault: str) -> None:
    assert fault in nesting_faults(page)
