"""The file of the list: its quirks, and what is not taken for one."""

from datetime import UTC, date, datetime

import pytest

from organizations.screening.names_in import names_in
from organizations.screening.reading import Kind, ListRefused, Party, Quality, read_list
from tests.organizations.lists import document, entity, person


def read_one(element: str) -> Party:
    [party] = read_list(
        document(
            [element] if "<INDIVIDUAL>" in element else [],
            [element] if "<ENTITY>" in element else [],
        )
    ).parties
    return party


def names(party: Party) -> dict[str, Quality]:
    return {name.text: name.quality for name in party.names}


def test_a_person_is_read_with_all_that_tells_them_apart() -> None:
    party = read_one(person(comment="See QDi.002."))
    assert (party.reference, party.kind, party.regime) == ("QDi.001", Kind.PERSON, "Al-Qaida")
    assert names(party) == {"Zorvan Quillbrook Tamsin": Quality.GOOD}
    assert party.listed_on == date(2015, 3, 27)
    assert party.birth_years == ((1971, 1971),)
    assert party.countries == ("Malawi",)
    assert party.facts["comment"] == ["See QDi.002."]


def test_the_file_says_when_it_was_made_and_how_much_it_holds() -> None:
    listing = read_list(document([person()], [entity()]))
    assert listing.generated_at == datetime(2026, 2, 27, 0, 0, 9, 554000, tzinfo=UTC)
    assert (listing.persons, listing.entities) == (1, 1)
    assert len(listing.sha256) == 64


def test_blank_aliases_are_no_names_and_low_ones_are_weak() -> None:
    party = read_one(person(aliases=[("Good", "Zed Quill"), ("Low", "The Tall One"), ("Low", " ")]))
    assert names(party) == {
        "Zorvan Quillbrook Tamsin": Quality.GOOD,
        "Zed Quill": Quality.GOOD,
        "The Tall One": Quality.WEAK,
    }


def test_a_former_name_of_an_entity_is_known_as_one() -> None:
    party = read_one(entity(aliases=[("f.k.a.", "Grim Trust"), ("a.k.a.", "GVT Group")]))
    assert [(name.text, name.is_former) for name in party.names] == [
        ("Grimwald Ventures Trust", False),
        ("Grim Trust", True),
        ("GVT Group", False),
    ]


def test_a_name_part_that_says_there_is_none_is_left_out() -> None:
    party = read_one(person(name="Zorvan Quillbrook Tamsin na"))
    assert list(names(party)) == ["Zorvan Quillbrook Tamsin"]


@pytest.mark.parametrize(
    ("born", "years"),
    [
        ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1960-05-01</DATE>", ((1960, 1960),)),
        ("<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1955</YEAR>", ((1955, 1955),)),
        (
            "<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1950</FROM_YEAR>"
            "<TO_YEAR>1955</TO_YEAR>",
            ((1950, 1955),),
        ),
        ("<TYPE_OF_DATE/>", ()),
        ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>unknown</YEAR>", ()),
    ],
)
def test_birth_dates_come_in_four_forms(born: str, years: tuple[tuple[int, int], ...]) -> None:
    assert read_one(person(born=born)).birth_years == years


def test_two_countries_in_one_field_are_two() -> None:
    assert read_one(person(nationality="Sudan/South Sudan")).countries == ("Sudan", "South Sudan")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Azim Adhajani; Azim Agha-Jani", ["Azim Adhajani", "Azim Agha-Jani"]),
        (
            "حسن غول (Hassan Ghul; Hassan Gul)",
            ["حسن غول", "Hassan Ghul", "Hassan Gul"],
        ),
        ("Jin Tiesan (金铁三)", ["Jin Tiesan", "金铁三"]),
        ("Abubakar (original script: Абубакар)", ["Abubakar", "Абубакар"]),
        (
            "Mohammed Sabet; Mohammad Sabet b) M. Javad Sabet",
            ["Mohammed Sabet", "Mohammad Sabet", "M. Javad Sabet"],
        ),
        ("Mohammad Ishaq born in 1963", ["Mohammad Ishaq"]),
        (") Abdelrahman Zafir", ["Abdelrahman Zafir"]),
        ("Great Lakes Company (GLC)", ["Great Lakes Company"]),
    ],
)
def test_several_names_in_one_field_are_taken_apart(written: str, found: list[str]) -> None:
    assert [name for name, is_certain in names_in(written) if is_certain] == found


def test_what_stands_in_brackets_and_the_whole_field_are_weak_names() -> None:
    assert [name for name, is_certain in names_in("Great Lakes (GLC)") if not is_certain] == [
        "GLC",
        "Great Lakes (GLC)",
    ]


def test_only_a_change_of_substance_changes_the_hash_of_an_entry() -> None:
    before = read_one(person()).digest
    assert read_one(person().replace("<VERSIONNUM>1<", "<VERSIONNUM>2<")).digest == before
    assert read_one(person(nationality="Kenya")).digest != before
    assert read_one(person(aliases=[("Good", "Zed Quill")])).digest != before


BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09Z"><INDIVIDUALS>&c;</INDIVIDUALS>
</CONSOLIDATED_LIST>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09Z"><INDIVIDUALS>&x;</INDIVIDUALS>
</CONSOLIDATED_LIST>"""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (BILLION_LAUGHS, "cannot be read as XML"),
        (EXTERNAL, "cannot be read as XML"),
        (b"<html>Sorry", "cannot be read as XML"),
        (b"", "cannot be read as XML"),
        (b"<?xml version='1.0' encoding='none-such'?><a/>", "cannot be read as XML"),
        (b"<LIST/>", "not the Security Council's"),
        (document(made="yesterday"), "does not say when"),
        (document([person(), person()]), "reference number twice"),
        (document([person(reference=" ")]), "without a reference number"),
        (document([person(name="na")]), "or a name"),
    ],
)
def test_what_is_no_list_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(ListRefused, match=why):
        read_list(content)
