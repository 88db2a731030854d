"""Countries: names, regions, groups, and what the forms offer."""

import datetime
from collections import Counter

import pytest
from django.db import DatabaseError
from django.utils.translation import override

from alliance import vocabularies
from alliance.models.country import Country, CountryGroupMembership
from alliance.reference_data import load_reference_data

LDC = (
    "AF AO BD BJ BF BI KH CF TD KM CD DJ ER ET GM GN GW HT KI LA LS LR MG MW ML MR MZ MM NP NE "
    "RW SN SL SB SO SS SD TZ TL TG TV UG YE ZM"
)
LLDC = "AF AM AZ BT BO BW BF BI CF TD ET KZ KG LA LS MK MW ML MD MN NP NE PY RW SS SZ TJ TM UG UZ ZM ZW"
SIDS = (
    "AG BS BB BZ CV KM CK CU DM DO FJ GD GW GY HT JM KI MV MH MU FM NR NU PW PG KN LC VC WS ST SC "
    "SG SB SR TL TO TT TV VU"
)


@pytest.fixture(autouse=True)
def reference_data(db: None) -> None:
    load_reference_data()


def test_197_are_offered_and_52_are_not() -> None:
    assert Country.objects.offered().count() == 197
    assert Country.objects.filter(is_offered=False).count() == 52


def test_the_offered_ones_have_a_name_in_all_six_languages() -> None:
    for country in Country.objects.offered():
        for language in ("en", "fr", "es", "ar", "zh", "ru"):
            assert getattr(country, f"name_{language}"), (country.pk, language)


def test_the_regions_hold_as_many_countries_as_undp_counts() -> None:
    regions = Counter(Country.objects.offered().values_list("region", flat=True))
    assert regions == {
        "africa": 45,
        "arab-states": 20,
        "asia-pacific": 37,
        "europe-cis": 17,
        "lac": 33,
        "other-partners": 45,
    }


@pytest.mark.parametrize(
    ("group", "members"),
    [("ldc", LDC), ("lldc", LLDC), ("sids", SIDS)],
    ids=["ldc", "lldc", "sids"],
)
def test_the_groups_have_the_members_that_the_un_lists(group: str, members: str) -> None:
    offered = Country.objects.offered().in_group(group)
    assert set(offered.values_list("pk", flat=True)) == set(members.split())


def test_the_groups_count_44_32_and_39() -> None:
    counts = [Country.objects.offered().in_group(g).count() for g in ("ldc", "lldc", "sids")]
    assert counts == [44, 32, 39]


def test_a_country_leaves_a_group_after_its_last_day() -> None:
    CountryGroupMembership.objects.filter(country="BD", group="ldc").update(
        valid_to=datetime.date(2026, 11, 24)
    )
    bangladesh = Country.objects.filter(pk="BD")
    assert bangladesh.in_group("ldc", on=datetime.date(2026, 11, 24)).exists()
    assert not bangladesh.in_group("ldc", on=datetime.date(2026, 11, 25)).exists()


def test_a_membership_cannot_end_before_it_begins() -> None:
    with pytest.raises(DatabaseError, match="country_group_dates_in_order"):
        CountryGroupMembership.objects.create(
            country_id="BD",
            group="sids",
            valid_from=datetime.date(2026, 2, 1),
            valid_to=datetime.date(2026, 1, 1),
        )


def test_the_form_offers_them_by_name_and_then_the_two_entities() -> None:
    offered = vocabularies.country_choices()
    assert len(offered) == 199
    assert offered[0] == ("AF", "Afghanistan")
    assert offered[-3:] == [
        ("ZW", "Zimbabwe"),
        ("regional", "Regional entity"),
        ("global", "Global entity"),
    ]
    assert ("TW" in dict(offered), "GL" in dict(offered)) == (False, False)


def test_accents_do_not_push_a_name_to_the_end() -> None:
    english = [code for code, _ in vocabularies.country_choices("en")]
    assert english.index("CR") < english.index("CI") < english.index("HR")
    french = [code for code, _ in vocabularies.country_choices("fr")]
    assert french.index("EG") < french.index("AE") < french.index("EC")


def test_chinese_names_stand_in_the_order_of_their_sound() -> None:
    assert vocabularies.country_choices("zh-hans")[0] == ("AL", "阿尔巴尼亚")


def test_the_region_follows_the_country() -> None:
    assert vocabularies.region_of_country("SD") == "arab-states"
    assert Country.objects.get(pk="SD").m49_region == "Africa"
    assert vocabularies.region_of_country("CK") == "asia-pacific"
    assert vocabularies.region_of_country("global") == "global"
    assert vocabularies.region_of_country("regional") == ""
    assert vocabularies.region_of_country("??") == ""


def test_a_name_falls_back_to_english() -> None:
    taiwan = Country.objects.get(pk="TW")
    with override("fr"):
        assert taiwan.name == taiwan.name_en
        assert Country.objects.get(pk="DE").name == "Allemagne"
