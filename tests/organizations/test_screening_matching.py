"""Which names are taken for which: bands, scripts, names that say little."""

import pytest

from organizations.screening.benchmark import SEED, alerts, distorted, ordinary, recall
from organizations.screening.matching import Band, Index, Method, Thresholds
from organizations.screening.reading import read_list
from organizations.screening.spelling import one_spelling, own_script
from tests.organizations.lists import document, entity, person

LISTED = [
    ("QDi.001", "Zorvan Quillbrook Tamsin", False),
    ("QDi.001", "Зорван Тамсин", False),
    ("QDi.002", "Aziz", False),
    ("QDi.003", "Tall Man of Herat", True),
    ("QDi.004", "أبو بكر الحسيني", False),
    ("QDe.001", "Grimwald Ventures Trust", False),
    ("QDe.001", "GVT", False),
]


@pytest.fixture(scope="module")
def index() -> Index[str]:
    return Index(LISTED)


def found(index: Index[str], name: str) -> list[tuple[str, Band, Method]]:
    return [(match.key, match.band, match.method) for match in index.find(name)]


@pytest.mark.parametrize(
    "name",
    [
        "Zorvan Quillbrook Tamsin",
        "TAMSIN, Zorvan Quillbrook",
        "  quillbrook-zorvan   tämsin ",
        "Зорван Тамсин",
    ],
)
def test_order_case_accents_and_punctuation_do_not_matter(index: Index[str], name: str) -> None:
    assert found(index, name) == [("QDi.001", Band.STRONG, Method.EQUAL)]


@pytest.mark.parametrize(
    "name",
    [
        "Zorvan Quillbrok Tamsin",
        "Aorvan Quillbrook Tamsin",
        "Tamsin Qiullbrook Zorvan",
        "bTamsin Zorvan Quillbrook",
        "ZorvanQuillbrook Tamsin",
    ],
)
def test_typing_errors_are_forgiven_in_any_order_of_words(index: Index[str], name: str) -> None:
    assert found(index, name) == [("QDi.001", Band.STRONG, Method.SPELLING)]


def test_a_name_within_a_longer_one_is_possible(index: Index[str]) -> None:
    possible = [("QDi.001", Band.POSSIBLE, Method.PART)]
    assert found(index, "Quillbrook Tamsin") == possible
    assert found(index, "Zorvan Quillbrook bin Yusuf Tamsin") == possible
    assert found(index, "Zorvan bin Yusuf") == []


def test_names_that_say_little_count_only_as_a_whole(index: Index[str]) -> None:
    whole = Band.POSSIBLE, Method.WHOLE
    assert found(index, "AZIZ") == [("QDi.002", *whole)]
    assert found(index, "gvt") == [("QDe.001", *whole)]
    assert found(index, "Herat, tall man of") == [("QDi.003", *whole)]
    for near in ("Azziz", "Aziz Karimov", "GVTT", "G V T", "Tall Man of Herrat"):
        assert found(index, near) == []


@pytest.mark.parametrize(("listed", "near"), [("Rumulii", "Rumuli"), ("Rumuli", "Rumulii")])
def test_a_name_of_one_word_is_never_nearly_another(listed: str, near: str) -> None:
    index = Index([("QDi.005", listed, False)])
    assert found(index, listed) == [("QDi.005", Band.POSSIBLE, Method.WHOLE)]
    assert found(index, near) == []


@pytest.mark.parametrize(
    ("listed", "near"), [("A B C", "A B CC"), ("AB CD", "AB CDE"), ("AB CDE", "AB CD")]
)
def test_an_acronym_of_up_to_four_letters_is_never_nearly_another(listed: str, near: str) -> None:
    assert found(Index([("QDe.005", listed, False)]), near) == []


def test_an_acronym_counts_as_a_whole_and_five_letters_are_a_name() -> None:
    index = Index([("QDe.005", "A B C", False), ("QDe.006", "AB CDE", False)])
    assert found(index, "C. B. A.") == [("QDe.005", Band.POSSIBLE, Method.WHOLE)]
    assert found(index, "CDE AB") == [("QDe.006", Band.STRONG, Method.EQUAL)]
    assert found(index, "AB CDEF") == [("QDe.006", Band.STRONG, Method.SPELLING)]


def test_scripts_are_compared_with_themselves(index: Index[str]) -> None:
    assert found(index, "الحسيني أبو بكر") == [("QDi.004", Band.STRONG, Method.EQUAL)]
    assert found(index, "ابو بكر الحسینى") == [("QDi.004", Band.STRONG, Method.EQUAL)]
    assert found(index, "أَبُو بَكْر الحُسَيْنِيّ") == [("QDi.004", Band.STRONG, Method.EQUAL)]
    assert found(index, "Зорвaн Тaмсин") == [("QDi.001", Band.STRONG, Method.EQUAL)]


@pytest.mark.parametrize("name", ["", "   ", "…", "\0", "\ud800", "🦜", "x" * 10_000])
def test_odd_names_are_like_nobody(index: Index[str], name: str) -> None:
    assert found(index, name) == []


def test_the_best_reason_for_a_party_is_given_once(index: Index[str]) -> None:
    [match] = index.find("Zorvan Quillbrook Tamsin")
    assert (match.name, match.score) == ("Zorvan Quillbrook Tamsin", 100)


def test_thresholds_decide_and_name_the_method() -> None:
    strict = Index(LISTED, Thresholds(strong=99, possible=99))
    assert found(strict, "Zorvan Quillbrook Tamsyne") == [
        ("QDi.001", Band.POSSIBLE, Method.SPELLING)
    ]
    assert Thresholds().method == "1/85/90"
    assert strict.thresholds.method == "1/99/99"


def test_spelling_is_equal_for_ways_to_write_one_name() -> None:
    assert one_spelling("O’Brien, Señor José") == one_spelling("jose senor OBRIEN")
    assert own_script("Jin Tiesan (金铁三)") == ("CJK", ["金铁三"])
    assert own_script("José") == ("", [])


def test_every_name_of_the_list_is_found() -> None:
    aliases = [("Good", "Zed Quill; Zedd Kwill"), ("Low", "Rumuli"), ("", "AA")]
    listing = read_list(
        document(
            [person(aliases=aliases, original="زوروان تامسن")],
            [entity(aliases=[("f.k.a.", "Grim Fund (GF)"), ("a.k.a.", "Vale Traders")])],
        )
    )
    index = Index(
        (party.reference, name.text, name.quality == "weak")
        for party in listing.parties
        for name in party.names
    )
    for name, reference in [
        ("Zed Quill", "QDi.001"),
        ("Zedd Kwill", "QDi.001"),
        ("Zed Quill; Zedd Kwill", "QDi.001"),
        ("Rumuli", "QDi.001"),
        ("AA", "QDi.001"),
        ("زوروان تامسن", "QDi.001"),
        ("Grim Fund", "QDe.001"),
        ("GF", "QDe.001"),
        ("Grim Fund (GF)", "QDe.001"),
        ("Vale Traders", "QDe.001"),
    ]:
        assert [match.key for match in index.find(name)] == [reference], name


def test_the_sets_of_the_benchmark_are_the_same_every_time() -> None:
    listing = read_list(document([person(), person("QDi.002", "Aziz")], [entity()]))
    made = list(distorted(listing))
    assert made == list(distorted(listing, SEED))
    assert {reference for reference, _name in made} == {"QDi.001", "QDe.001"}
    assert all(name not in {"Zorvan Quillbrook Tamsin"} for _reference, name in made)
    people = ordinary(300, ["Zorvan Quillbrook Tamsin"])
    assert people == ordinary(300, ["Zorvan Quillbrook Tamsin"])
    assert len({one_spelling(name) for name in people}) == 300


def test_recall_and_alerts_count_what_is_found(index: Index[str]) -> None:
    pairs = [("QDi.001", "Zorvan Quilbrook Tamsin"), ("QDi.004", "Nobody Known")]
    assert recall(index, pairs) == (0.5, ["Nobody Known"])
    assert alerts(index, ["Nobody Known", "Aziz"]) == ["Aziz"]


def test_one_word_in_common_is_not_enough() -> None:
    index = Index([("QDi.001", "Muhammad Abdallah Rahman", False)])
    assert index.find("Muhammad Gregory Stevens") == []
