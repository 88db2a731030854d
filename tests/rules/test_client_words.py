"""Every form asks what the client wrote, in the client's order and words: `client_words.txt`."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from django.test import Client
from lxml import html

from organizations.models import User
from tests import factories

_LISTED = Path(__file__).with_name("client_words.txt")
_LABELS = "//label | //legend | //p[@class='label']"


class Asked(NamedTuple):
    """A field as a page asks for it."""

    label: str
    is_required: bool
    control: str
    limit: str


def listed() -> dict[str, list[str]]:
    """The lines of each page, by the words in its brackets."""
    pages: dict[str, list[str]] = {}
    for line in _LISTED.read_text().splitlines():
        if line.startswith("["):
            lines = pages.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return pages


def wanted(line: str) -> Asked:
    label, control, *limit = line.removeprefix("? ").split(" | ")
    return Asked(label.removesuffix(" *"), label.endswith(" *"), control, "".join(limit))


def text_of(node: html.HtmlElement) -> str:
    """What it says, without its hint."""
    return re.sub(r"\s+", " ", " ".join(node.xpath(".//text()[not(ancestor::small)]"))).strip()


def label_of(node: html.HtmlElement) -> str:
    return re.sub(r" \(required\)$", "", text_of(node))


def asked(label: html.HtmlElement, page: html.HtmlElement) -> Asked:
    """What a label, legend or heading of a box stands for."""
    if label.get("for"):
        control = page.get_element_by_id(label.get("for"))
    else:
        box = label if label.tag == "label" else label.getparent()
        control = box.xpath(".//input | .//select | .//textarea")[0]
    words = label_of(label)
    kind = control.get("type", "text") if control.tag == "input" else control.tag
    limit = re.findall(r"^\d+ of (\d+ (?:characters|words))", count_of(control, page))
    return Asked(words.removesuffix(" *"), words.endswith(" *"), kind, "".join(limit))


def count_of(control: html.HtmlElement, page: html.HtmlElement) -> str:
    """What stands below the control of how much may be written there."""
    return "".join(text_of(node) for node in page.xpath(f"//*[@id='{control.get('id')}-count']"))


def labelled(page: html.HtmlElement, label: str) -> html.HtmlElement:
    [found, *_] = [n for n in page.xpath(_LABELS) if label_of(n).removesuffix(" *") == label]
    return found


def assert_says(page: html.HtmlElement, lines: list[str]) -> None:
    title, *lines = lines
    assert [text_of(node) for node in page.xpath("//h1")] == [title.removeprefix("= ")]
    whole, place = text_of(page.find("body")), 0
    for line in lines:
        words = line
        if line.startswith("? "):
            field = wanted(line)
            assert asked(labelled(page, field.label), page) == field
            words = field.label
        found = whole.find(words, place)
        assert found >= 0, f"not here, or not at this place: {words}"
        place = found + len(words)


@pytest.mark.django_db
@pytest.mark.parametrize("address", listed())
def test_the_form_asks_what_the_client_wrote(client: Client, owner: User, address: str) -> None:
    path, _by, who = address.partition(" by a ")
    reader = factories.logged_in(owner) if who == "member" else client
    answer = reader.get(path, follow=True)
    assert answer.status_code == 200
    assert_says(html.fromstring(answer.content.decode()), listed()[address])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/apply/", "/demands/new/", "/offers/new/"])
def test_the_blank_form_asks_the_same_before_registering(client: Client, path: str) -> None:
    answer = client.get(path.replace("new/", "").rstrip("/") + "/blank/")
    assert answer.status_code == 200
    how_long = "A decision usually takes two to four weeks."  # stands elsewhere there
    # Labels and stars alone: what is chosen from a list can be ticked on paper.
    lines = [
        line.removeprefix("? ").partition(" | ")[0] for line in listed()[f"{path} by a member"]
    ]
    assert_says(html.fromstring(answer.text), [line for line in lines if line != how_long])
    assert how_long in answer.text
    assert "<button" not in answer.text.partition("<fieldset disabled")[2].partition("</main>")[0]
