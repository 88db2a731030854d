"""Reading editions: only what may be shown is kept."""

import pytest

from knowledge.reading import Heading, clean_reading, for_narrow_screens, headings
from tests.knowledge.factories import make_report

KEPT = (
    '<h2 id="a">A</h2><p>One <strong>two</strong> <em>three</em></p>'
    '<table><caption>C</caption><thead><tr><th scope="col">H</th></tr></thead>'
    "<tbody><tr><td>1</td></tr></tbody></table><blockquote>Q</blockquote><ul><li>L</li></ul>"
)


def test_plain_text_with_ids_and_tables_is_kept() -> None:
    assert clean_reading(KEPT) == KEPT


@pytest.mark.parametrize(
    ("hostile", "clean"),
    [
        ("<p onclick=alert(1)>x</p>", "<p>x</p>"),
        ("<script>alert(1)</script><p>x</p>", "<p>x</p>"),
        ("<style>p{}</style><p style='a'>x</p>", "<p>x</p>"),
        ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener">x</a>'),
        ('<img src=x onerror="alert(1)"><form><input></form>', ""),
        ('<h2 id="&quot;><script>alert(1)</script>">T</h2>', None),
        ("<svg><a xlink:href='javascript:1'>x</a></svg>", None),
    ],
)
def test_what_could_run_is_taken_out(hostile: str, clean: str | None) -> None:
    result = clean_reading(hostile)
    assert clean in {None, result}
    for danger in ("<script", "onclick", "onerror", "javascript:", "<style", "<svg"):
        assert danger not in result.replace("&lt;", "").replace('id="', "")
    assert clean_reading(result) == result


def test_links_within_the_page_and_outward_are_kept() -> None:
    assert clean_reading('<a href="#a">x</a>') == '<a href="#a" rel="noopener">x</a>'
    assert 'href="https://norec.no/"' in clean_reading('<a href="https://norec.no/">x</a>')


def test_headings_are_found_with_their_words_alone() -> None:
    html = clean_reading('<h2 id="a">A &amp; <em>B</em></h2><h2>No id</h2><h3 id="c">C</h3>')
    assert headings(html) == [Heading("a", "A & B"), Heading("c", "C", level=3)]


def test_edition_is_cleaned_when_it_is_saved() -> None:
    edition = make_report(edition_reading_html="<p>x</p><script>1</script>").editions.get()
    edition.refresh_from_db()
    assert edition.reading_html == "<p>x</p>"


def test_cells_of_a_table_carry_the_head_of_their_column() -> None:
    rows = "<tr><th>Health</th><td>Care</td><td><ul><li>Age</li></ul></td></tr>"
    html = clean_reading(
        '<table><caption>T</caption><thead><tr><th>Field</th><th>The "good"</th><th>Bad &amp; '
        f"<em>ugly</em></th></tr></thead><tbody>{rows}</tbody></table>"
        "<table><tbody><tr><td>No heads</td></tr></tbody></table>"
    )
    shown = for_narrow_screens(html)
    assert '<td data-label="The &quot;good&quot;">Care</td>' in shown
    assert '<td data-label="Bad &amp; ugly"><ul>' in shown
    assert "<th>Health</th>" in shown
    assert "<tr><td>No heads</td></tr>" in shown
    assert shown.count('<div class="table"><table>') == shown.count("</table></div>") == 2
