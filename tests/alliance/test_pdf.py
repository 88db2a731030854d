"""PDFs: tagged, the same every time, in every script we have a font for, and never code."""

from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import typst

from alliance.pdf import compile_pdf

ANSWERS = Path(__file__).with_name("answers.typ")
UA_MARK = b"pdfuaid"


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return str(document[0].get_textpage().get_text_bounded())


def is_tagged(pdf: bytes) -> bool:
    with pypdfium2.PdfDocument(pdf) as document:
        return bool(pdfium.FPDFCatalog_IsTagged(document.raw))


@pytest.mark.parametrize(
    "answer",
    [
        "Zanzibar, Førde, São Tomé, Hà Nội",
        "Министерство здравоохранения",
        "Υπουργείο Υγείας",
        "卫生部与教育部",
        "የጤና ሚኒስቴር",
        "กระทรวงสาธารณสุข",
        "보건복지부",
    ],
)
def test_answers_in_many_scripts_can_be_read_and_copied(answer: str) -> None:
    pdf = compile_pdf(ANSWERS, {"answers": [answer]})

    assert answer in text_of(pdf)
    assert UA_MARK in pdf


@pytest.mark.parametrize("answer", ["وزارة الصحة", "स्वास्थ्य मंत्रालय", "স্বাস্থ্য মন্ত্রণালয়", "ကျန်းမာရေး"])
def test_scripts_that_join_letters_have_every_glyph(answer: str) -> None:
    assert UA_MARK in compile_pdf(ANSWERS, {"answers": [answer]})


@pytest.mark.parametrize("character", ["\U00013000", "\ufeff"], ids=["hieroglyph", "forbidden"])
def test_character_we_cannot_show_leaves_a_tagged_copy_that_claims_nothing(character: str) -> None:
    pdf = compile_pdf(ANSWERS, {"answers": [f"Before {character} after"]})

    assert is_tagged(pdf)
    assert UA_MARK not in pdf
    assert "after" in text_of(pdf)


def test_what_people_type_is_never_markup() -> None:
    typed = '#read("/manage.py") *not bold* $x$ = [no] \\ "quote"'

    assert typed in text_of(compile_pdf(ANSWERS, {"answers": [typed]}))


def test_same_data_gives_the_same_bytes() -> None:
    data = {"answers": ["One", "Two"]}

    assert compile_pdf(ANSWERS, data) == compile_pdf(ANSWERS, data)


def test_date_of_the_document_is_the_one_given() -> None:
    pdf = compile_pdf(ANSWERS, {"answers": []}, at=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))

    with pypdfium2.PdfDocument(pdf) as document:
        assert document.get_metadata_value("CreationDate") == "D:20260304050607Z"


def test_template_that_is_wrong_is_an_error() -> None:
    with pytest.raises(typst.TypstError, match="answers"):
        compile_pdf(ANSWERS, {})


def test_data_that_json_cannot_carry_is_an_error() -> None:
    with pytest.raises(TypeError):
        compile_pdf(ANSWERS, {"answers": [object()]})
