"""Lines with their places become text: columns, heads, broken words, paragraphs."""

from collections.abc import Iterable

import pytest

from alliance.files.pdf_characters import SOFT_HYPHEN, tidy
from alliance.files.pdf_columns import Piece, lines_in_order
from alliance.files.pdf_language import language_of
from alliance.files.pdf_paragraphs import texts

HEIGHT = 800.0


def piece(text: str, left: float, top: float, *, size: float = 10, width: float = 0) -> Piece:
    return Piece(text, left, top, left + (width or 5 * len(text)), top + size, size)


def block(
    lines: Iterable[str], left: float = 50, top: float = 200, width: float = 0
) -> list[Piece]:
    """Lines below each other, 12 points apart."""
    return [piece(line, left, top + 12 * number, width=width) for number, line in enumerate(lines)]


def text_of(*pages: list[Piece]) -> list[str]:
    return list(texts([lines_in_order(page) for page in pages], [HEIGHT] * len(pages)))


def paragraph(*lines: str) -> str:
    return text_of(block(lines, width=200))[0]


LEFT = [
    "partners learn from each other",
    "when they meet for many months",
    "and bring it home with them",
]
RIGHT = [
    "institutions keep what people",
    "bring home where their leaders",
    "ask for it and give them time",
]


def test_left_column_is_read_before_the_right_one() -> None:
    rows = [
        found
        for pair in zip(block(LEFT, 50, width=180), block(RIGHT, 250, width=180), strict=True)
        for found in pair
    ]
    assert text_of(rows) == [" ".join(LEFT + RIGHT)]


def test_line_across_both_columns_keeps_its_place() -> None:
    head = piece("A heading that goes across both of the columns", 50, 180, size=14, width=380)
    below = piece("A second heading that parts the page in two", 50, 260, size=14, width=380)
    page = [head, *block(LEFT, 50, width=180), *block(RIGHT, 250, width=180), below]
    page += [*block(LEFT, 50, 290, width=180), *block(RIGHT, 250, 290, width=180)]
    running = " ".join(LEFT + RIGHT)
    assert text_of(page)[0].split("\n\n") == [head.text, running, below.text, running]


def test_rows_of_a_table_stay_rows() -> None:
    countries = ["Kenya", "Malawi", "Norway", "Tanzania"]
    page = [
        *block(countries, 50),
        *block(["3", "4", "7", "2"], 250),
        *block(["12", "20", "31", "9"], 350),
    ]
    assert text_of(page) == ["Kenya 3 12\n\nMalawi 4 20\n\nNorway 7 31\n\nTanzania 2 9"]


def test_running_heads_and_page_numbers_go_and_footnotes_stay() -> None:
    pages = [
        [
            piece("Exchange of Staff 2019", 50, 30),
            *block([f"Here stands the text of leaf {name}."]),
            piece(f"1 See what is said of {name}.", 50, 740, size=8),
            piece(number, 300, 770),
        ]
        for name, number in [("one", "iv"), ("two", "– 7 –"), ("three", "Page 8 of 90")]
    ]
    assert text_of(*pages) == [
        f"Here stands the text of leaf {name}.\n\n1 See what is said of {name}."
        for name in ("one", "two", "three")
    ]


def test_heads_that_carry_the_page_number_go_and_titles_of_tables_stay() -> None:
    pages = [
        [
            piece(f"{number} Annual report", 50, 30),
            piece(f"Table {table}", 50, 60),
            *block(["Some words that are read."]),
        ]
        for number, table in [(12, 1), (13, 4), (14, 9)]
    ]
    assert [text.split("\n\n")[0] for text in text_of(*pages)] == ["Table 1", "Table 4", "Table 9"]


def test_feet_that_carry_the_page_number_and_how_many_there_are_go() -> None:
    pages = [
        [*block(["Some words that are read."]), piece(f"Study of 2019 {number} / 18", 50, 770)]
        for number in (9, 10, 11)
    ]
    assert text_of(*pages) == ["Some words that are read."] * 3


def test_heading_in_letters_of_the_text_stands_apart_and_a_title_stays_whole() -> None:
    text = [
        "Where the staff of an institution are too old it looks",
        "for people elsewhere, which happens in the North.",
    ]
    heading = piece("People from outside", 50, 188)
    assert text_of([heading, *block(text)]) == [f"{heading.text}\n\n{' '.join(text)}"]
    title = ["Study of Government", "Institutions Exchange of Staff"]
    assert text_of(block(title)) == [" ".join(title)]
    # Here the line ends because its next word has no room.
    ragged = ["The study was made for the", "Intergovernmental partnership of many countries"]
    assert text_of(block(ragged)) == [" ".join(ragged)]


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["learning is institu-", "tional by now"], "learning is institutional by now"),
        (
            [f"learning is institu{SOFT_HYPHEN}", "tional by now"],
            "learning is institutional by now",
        ),
        (["they want long-", "term partners"], "they want long-term partners"),
        (["in South-", "South partnerships"], "in South-South partnerships"),
        (["in the years 2014-", "2019 they met"], "in the years 2014-2019 they met"),
        (["take part in the", "programme"], "take part in the programme"),
    ],
)
def test_word_broken_at_the_end_of_a_line_is_whole(lines: list[str], whole: str) -> None:
    assert paragraph(*lines) == whole


def test_document_itself_tells_how_a_word_is_written() -> None:
    written = "they speak of co-workers here, of a conceptualised plan there, and again"
    text = paragraph(
        written, "and of co-", "workers and conceptua", "lised plans and of part-", "ner"
    )
    assert text.endswith("and of co-workers and conceptualised plans and of partner")


def test_word_broken_between_pages_stands_on_the_first() -> None:
    pages = text_of(block(["many institu-"]), block(["tional partners"]))
    assert pages == ["many institutional", "partners"]


def test_paragraphs_are_told_by_gap_size_bullet_and_a_short_last_line() -> None:
    page = [
        piece("Results", 50, 100, size=14),
        *block(["The first paragraph is as wide as", "its column but here."], top=130),
        *block(["The second has a line that is wide"], top=154),
        *block(["The third stands further below it."], top=190),
        *block(["• a point", "• and another"], top=202),
    ]
    assert text_of(page)[0].split("\n\n") == [
        "Results",
        "The first paragraph is as wide as its column but here.",
        "The second has a line that is wide",
        "The third stands further below it.",
        "• a point",
        "• and another",
    ]


def test_lines_of_chinese_are_joined_without_a_blank() -> None:
    assert paragraph("南南合作是发展中国家之", "间的合作。") == "南南合作是发展中国家之间的合作。"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("e\ufb03cient", "efficient"),
        ("\ufefb\ufea7", "لاخ"),
        ("ＳＤＧ１７，合作", "SDG17，合作"),
        ("learning² and ½", "learning² and ½"),
        ("a\0b\ud800c\x1bd\ufdd0e", "abcde"),
        ("a\u00a0 \u2009b", "a b"),
        ("\uf0b7 point", "• point"),
        ("break\ufffe", f"break{SOFT_HYPHEN}"),
        ("cafe\u0301", "café"),
        ("می\u200cشود", "می\u200cشود"),
        ("\u202eevil\u202c", "evil"),
    ],
)
def test_signs_become_those_that_people_type(given: str, kept: str) -> None:
    assert tidy(given) == kept


SAMPLES = {
    "ar": "يعتبر التعاون بين بلدان الجنوب من أهم الوسائل لتحقيق التنمية المستدامة في العالم",
    "de": "Die Einrichtungen lernen voneinander, wenn die Menschen länger bleiben und das, was sie "
    "gelernt haben, nach der Rückkehr auch in der Arbeit anwenden können.",
    "en": "The institutions learn from each other when people stay longer, and when they are able "
    "to use what they have learned at home after they have returned.",
    "es": "Las instituciones aprenden unas de otras cuando las personas se quedan más tiempo y "
    "pueden usar en su trabajo lo que han aprendido durante la estancia en el otro país.",
    "fr": "Les institutions apprennent les unes des autres quand les personnes restent plus "
    "longtemps et peuvent utiliser dans leur travail ce qu'elles ont appris à leur retour.",
    "hi": "यह रिपोर्ट संस्थाओं के बीच सहयोग के बारे में है और इस में लोगों के लिए सुझाव भी हैं।",
    "id": "Lembaga dapat belajar dari lembaga lain ketika orang tinggal lebih lama dan mereka dapat "
    "menggunakan apa yang telah dipelajari untuk pekerjaan di rumah.",
    "nb": "Institusjonene lærer av hverandre når folk blir lenger, og når de kan bruke det som de "
    "har lært i arbeidet etter at de er kommet hjem igjen.",
    "pt": "As instituições aprendem umas com as outras quando as pessoas ficam mais tempo e podem "
    "usar no seu trabalho o que aprenderam durante a estada no outro país.",
    "ru": "Учреждения учатся друг у друга, когда люди остаются дольше и применяют изученное",
    "sw": "Taasisi hujifunza kutoka kwa nyingine wakati watu wanakaa kwa muda mrefu na wanaweza "
    "kutumia yale ambayo wamejifunza katika kazi yao baada ya kurudi nyumbani.",
    "tr": "Kurumlar birbirinden daha çok öğrenir ve bu bilgi için insanların uzun kalması gerekir, "
    "çünkü her ne kadar zor olsa da bir ülke ile çalışmak en iyi yoldur.",
    "vi": "Các tổ chức học hỏi lẫn nhau khi những người này ở lại lâu hơn và được sử dụng những "
    "điều đã học trong công việc của họ sau khi về nước.",
    "zh": "南南合作是发展中国家之间的合作，目的是促进共同发展。本报告研究了公共机构之间的人员交流，并提出若干建议。",
}


@pytest.mark.parametrize("language", SAMPLES)
def test_language_is_told_from_a_few_sentences(language: str) -> None:
    assert language_of(SAMPLES[language]) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Norec 2019",
        "Kenya 3 12 Malawi 4 20 Norway 7 31 " * 20,
        "این گزارش درباره همکاری میان کشورهای جنوب است و پیشنهادهایی برای شرکا دارد که چگونه",
        "この報告書は南南協力についてのものであり、開発途上国の間の協力を促進することを目的としています。",
        "Ця доповідь розповідає про співпрацю між країнами і її вплив на інституції та людей",
    ],
    ids=["nothing", "too short", "a table", "Persian", "Japanese", "Ukrainian"],
)
def test_language_that_is_not_sure_is_left_open(text: str) -> None:
    assert language_of(text) == ""


def test_danish_is_not_taken_for_norwegian() -> None:
    danish = (
        "Institutionerne lærer af hinanden, når folk bliver længere, og når de kan bruge det, som "
        "de har lært, efter at de er kommet hjem igen, hvor det også blev til noget."
    )
    assert language_of(danish) == "da"
