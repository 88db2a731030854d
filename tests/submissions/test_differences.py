"""What is said of two revisions: which words, which answers, which statements."""

import pytest

from organizations.models import User
from submissions.differences import Part, compare_entries, compare_texts, difference
from submissions.labels import LOGO_LABEL
from submissions.models import Revision
from tests import factories


def read(parts: list[Part]) -> str:
    """The parts in one line, as a proof-reader would write them."""
    signs = {"same": "", "added": "+", "removed": "-"}
    return "".join(
        part.text if part.kind == "same" else f"[{signs[part.kind]}{part.text}]" for part in parts
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("We run 86 stations.", "We run 71 stations.", "We run [-86][+71] stations."),
        ("We run stations.", "We run 71 stations.", "We run [+71 ]stations."),
        ("one two three", "four five six", "[-one two three][+four five six]"),
        ("", "All new", "[+All new]"),
        ("All gone", "", "[-All gone]"),
        ("The same", "The same", "The same"),
        ("", "", ""),
        ("我们有八十个站", "我们有七十个站", "我们有[-八][+七]十个站"),
        ("محطة واحدة", "محطات واحدة", "[-محطة][+محطات] واحدة"),
        ("First\n\nSecond", "First\n\nThird", "First\n\n[-Second][+Third]"),
    ],
)
def test_words_of_a_text_are_kept_removed_or_added(old: str, new: str, said: str) -> None:
    assert read(compare_texts(old, new)) == said


def test_what_is_kept_and_removed_is_the_old_text_and_what_is_kept_and_added_the_new() -> None:
    old, new = "We run 86 stations and one desk .", "We now run 71 automatic stations, one desk."
    parts = compare_texts(old, new)
    assert "".join(part.text for part in parts if part.kind != "added") == old
    assert "".join(part.text for part in parts if part.kind != "removed") == new


def test_texts_too_long_to_compare_are_shown_whole() -> None:
    old, new = "word " * 3000, "word " * 3000 + "more"
    assert compare_texts(old, new) == [Part("removed", old), Part("added", new)]


def test_answers_are_told_by_their_code_not_by_their_label() -> None:
    old = {"sdg-11": "Cities", "sdg-13": "Climate"}
    new = {"sdg-13": "Climate Action", "sdg-14": "Life Below Water"}
    assert compare_entries(old, new) == [
        Part("removed", "Cities"),
        Part("same", "Climate Action"),
        Part("added", "Life Below Water"),
    ]


def revisions(owner: User, *logos: str) -> list[Revision]:
    """Revisions that say the same but for the logo."""
    submission = factories.submitted(owner)
    sent = submission.revisions.get()
    return [
        Revision.objects.create(
            submission=submission,
            number=number,
            answers=sent.answers,
            logo_name=logo,
            language="en",
            made_by=owner,
        )
        for number, logo in enumerate(logos, start=2)
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("logos/1.webp", "logos/2.webp", "[-The earlier picture][+The new picture]"),
        ("", "logos/2.webp", "[+The new picture]"),
        ("logos/1.webp", "", "[-The earlier picture]"),
    ],
)
def test_another_logo_is_said_in_words(owner: User, old: str, new: str, said: str) -> None:
    before, after = revisions(owner, old, new)
    found = difference(before, after)
    assert [(field.label, read(field.parts)) for field in found.fields] == [(LOGO_LABEL, said)]


def test_the_same_logo_is_one_more_answer_that_did_not_change(owner: User) -> None:
    none, nor_here, one, the_same = revisions(owner, "", "", "logos/1.webp", "logos/1.webp")
    without, with_logo = difference(none, nor_here), difference(one, the_same)
    assert (without.fields, with_logo.fields) == ([], [])
    assert with_logo.unchanged == without.unchanged + 1
