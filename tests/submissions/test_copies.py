"""The PDF copy: everything that was sent, in any script, for those who sent it."""

import time

import pypdfium2
import pytest
from django.test import Client

from organizations.models import User
from submissions.copies import pdf_copy
from submissions.models import Submission
from tests import factories

UA_MARK = b"pdfuaid"


def text_of(pdf: bytes) -> str:
    """The text of all pages."""
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def copy(submission: Submission) -> bytes:
    return pdf_copy(submission.revisions.latest("number"))


def test_the_copy_says_all_that_was_sent(owner: User) -> None:
    submission = factories.submitted(owner, description="Twenty-three stations.\nOne desk.")
    pdf = copy(submission)
    text = " ".join(text_of(pdf).split())
    for words in (
        "Alliance Application Form",
        str(submission.reference),
        str(owner),
        "7. Brief description of your institution (max. 150 words)",
        "Twenty-three stations. One desk.",
        "Climate Action",
        "Section 4. Due Diligence and Integrity Declaration",
        "Confirmed",
    ):
        assert words in text
    assert UA_MARK in pdf


@pytest.mark.parametrize(
    "typed", ["我们测量雨量。", "نحن نقيس المطر", "Мы измеряем дождь", "#eval(1) $x$ *a* \\ @b <c>"]
)
def test_any_script_is_legible_and_nothing_typed_becomes_code(owner: User, typed: str) -> None:
    assert typed in text_of(copy(factories.submitted(owner, description=typed)))


def test_pictographs_are_drawn(owner: User) -> None:
    typed = "Radios \U0001f680 and hands \U0001f600 \u2764\ufe0f \U0001f1f2\U0001f1fc"
    pdf = copy(factories.submitted(owner, description=typed))
    assert UA_MARK in pdf
    assert "Radios \U0001f680 and hands \U0001f600" in text_of(pdf)


def test_pictographs_newer_than_the_font_are_named_in_words(owner: User) -> None:
    typed = "Hands \U0001faf6 and water \U0001f6b0, step 1\ufe0f\u20e3"
    pdf = copy(factories.submitted(owner, description=typed))
    assert UA_MARK in pdf
    text = " ".join(text_of(pdf).split())
    assert "Hands [heart hands] and water [potable water symbol], step 1" in text


def test_a_character_that_no_font_has_costs_the_mark_and_nothing_else(owner: User) -> None:
    pdf = copy(factories.submitted(owner, description="Before \U00013000 after"))
    assert UA_MARK not in pdf
    assert "after" in text_of(pdf)


def test_a_run_without_spaces_stays_on_the_page(owner: User) -> None:
    long = "http://example.org/" + "x" * 300
    pdf = copy(factories.submitted(owner, description=long))
    assert long in "".join(text_of(pdf).split())
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            rights = [text.get_charbox(index)[2] for index in range(text.count_chars())]
            assert max(rights) <= page.get_width()


def test_the_same_revision_gives_the_same_bytes_in_little_time(owner: User) -> None:
    submission = factories.submitted(owner)
    first = copy(submission)
    begun = time.process_time()
    assert copy(submission) == first
    assert time.process_time() - begun < 1


def test_members_download_it_and_others_find_nothing(
    owner_client: Client, owner: User, stranger: User
) -> None:
    submission = factories.submitted(owner)
    path = f"/submissions/{submission.uuid}/copy.pdf"
    answer = owner_client.get(path)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{submission.reference}.pdf"'
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.content.startswith(b"%PDF-")
    assert factories.logged_in(stranger).get(path).status_code == 404


def test_a_draft_has_no_copy(owner_client: Client, owner: User) -> None:
    draft = factories.draft(owner)
    assert owner_client.get(f"/submissions/{draft.uuid}/copy.pdf").status_code == 404
