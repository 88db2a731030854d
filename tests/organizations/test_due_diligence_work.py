"""Levels and checks: what is proposed and why, what is asked, and answers that collide."""

import re

import pytest
from django.db import IntegrityError, transaction

from alliance.exceptions import ActionRefused
from alliance.models import Country, Event
from organizations.actions import due_diligence as actions
from organizations.actions import due_diligence_work as work
from organizations.actions.due_diligence_work import Answered
from organizations.due_diligence.checks import BY_CODE, CHECKS, LEVELS, checks_of
from organizations.due_diligence.levels import REGIME_COUNTRIES, propose
from organizations.models import Check, DueDiligence, Organization, ScreenedName, User
from organizations.screening.benchmark import OWN_COPY
from organizations.screening.fetching import read_source
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "country", "level", "reasons"),
    [
        (
            "ministry",
            "MW",
            "basic",
            ["National government: a public body, which answers for itself."],
        ),
        ("ngo-national", "MW", "standard", ["Civil society organization: not a public body."]),
        (
            "sme",
            "MW",
            "enhanced",
            ["Private sector: its money may have private or mixed sources."],
        ),
        (
            "ministry",
            "SO",
            "standard",
            [
                "National government: a public body, which answers for itself.",
                "Somalia: a sanctions regime of the Security Council is about it. One level up.",
            ],
        ),
        (
            "soe",
            "SO",
            "enhanced",
            [
                "Private sector: its money may have private or mixed sources.",
                "Somalia: a sanctions regime of the Security Council is about it. One level up.",
            ],
        ),
    ],
)
def test_a_level_is_proposed_from_type_and_country_with_its_reasons(
    kind: str, country: str, level: str, reasons: list[str]
) -> None:
    place = factories.organization(
        type=factories.term("organization-type", kind), country=Country.objects.get(iso2=country)
    )
    proposal = propose(place)
    assert (proposal.level, [str(reason) for reason in proposal.reasons]) == (level, reasons)


# Of the regimes on the list, as it names them; the one over Al-Qaida is of no country.
COUNTRY_OF_REGIME = {
    "CAR": "CF",
    "DPRK": "KP",
    "DRC": "CD",
    "GB": "GW",
    "Haiti": "HT",
    "Iran": "IR",
    "Iraq": "IQ",
    "Libya": "LY",
    "Somalia": "SO",
    "SouthSudan": "SS",
    "Sudan": "SD",
    "Taliban": "AF",
    "Yemen": "YE",
}


def test_every_regime_of_the_list_that_is_over_a_country_raises_its_level() -> None:
    listing = read_source(str(OWN_COPY)).decode()
    listed = set(re.findall(r"<UN_LIST_TYPE>([^<]+)", listing)) - {"Al-Qaida"}
    assert listed == set(COUNTRY_OF_REGIME)
    assert set(COUNTRY_OF_REGIME.values()) == REGIME_COUNTRIES


def test_the_level_follows_what_an_application_says_until_somebody_sets_it(
    organization: Organization, reviewer: User
) -> None:
    cycle = work.note_application(organization, category="government", engagement=["finance"])
    assert cycle is not None
    assert cycle.level == "standard"
    assert "give money or goods" in str(propose(organization, cycle).reasons[-1])
    cycle = work.note_application(organization, category="foundation", engagement=["network"])
    assert cycle is not None
    assert cycle.level == "enhanced"
    cycle = work.set_level(cycle, by=reviewer, level="basic", reason="A State's own foundation.")
    assert (cycle.level, cycle.level_by) == ("basic", reviewer)
    cycle = work.note_application(organization, category="foundation", engagement=["finance"])
    assert cycle is not None
    assert cycle.level == "basic"
    names = [event.name for event in Event.objects.all().about(organization).order_by("id")]
    assert names[-3:] == [
        "due_diligence.level_proposed",
        "due_diligence.level_proposed",
        "due_diligence.level_set",
    ]


def test_a_level_is_set_with_a_reason(organization: Organization, reviewer: User) -> None:
    cycle = organization.due_diligence_cycles.get()
    with pytest.raises(ActionRefused, match="Say in a sentence why"):
        work.set_level(cycle, by=reviewer, level="enhanced", reason=" ")


def test_an_application_hands_in_lead_and_co_lead_and_what_it_wants(owner: User) -> None:
    submission = factories.submitted(
        owner,
        lead_name="Ada Phiri",
        lead_email="ada@example.org",
        co_lead_name="Ben Phiri",
        co_lead_title="Officer",
        co_lead_email="ben@example.org",
        interest=["finance"],
    )
    rows = ScreenedName.objects.order_by("kind")
    assert [(row.kind, row.name, row.email, row.reference) for row in rows] == [
        ("co_lead", "Ben Phiri", "ben@example.org", submission.reference),
        ("lead", "Ada Phiri", "ada@example.org", submission.reference),
    ]
    cycle = DueDiligence.objects.get()
    assert (cycle.partner_category, cycle.engagement) == ("government", ["finance"])
    assert cycle.level == "standard"


def test_each_level_asks_what_the_lower_ones_ask_and_more() -> None:
    basic, standard, enhanced = ([check.code for check in checks_of(level)] for level in LEVELS)
    assert (len(basic), len(standard), len(enhanced)) == (6, 12, 18)
    assert standard[:6] == basic
    assert enhanced[:12] == standard
    assert len(BY_CODE) == len(CHECKS)


def test_what_calls_for_a_second_person_is_what_the_published_exclusions_are_about() -> None:
    assert [check.code for check in CHECKS if check.stops] == [
        "ineligibility",
        "debarment",
        "labour",
        "human-rights",
        "weapons",
        "tobacco",
        "trades",
    ]


def test_an_answer_keeps_who_when_and_what_it_rests_on(
    organization: Organization, reviewer: User
) -> None:
    cycle = organization.due_diligence_cycles.get()
    given = Answered("no", "Not in the register.", "https://register.example.org/7")
    work.answer_checks(cycle, by=reviewer, answers={"identity": given, "weapons": Answered("yes")})
    check = Check.objects.get()  # weapons are not asked at this level
    assert (check.code, check.answer, check.note) == ("identity", "no", "Not in the register.")
    assert (check.evidence, check.answered_by) == ("https://register.example.org/7", reviewer)
    event = Event.objects.get(name="due_diligence.checks_answered")
    assert event.data == {"cycle": 1, "checks": ["identity"]}


def test_the_same_answer_again_leaves_no_trace(organization: Organization, reviewer: User) -> None:
    cycle = organization.due_diligence_cycles.get()
    for _time in range(2):
        work.answer_checks(cycle, by=reviewer, answers={"identity": Answered("yes")})
    assert Event.objects.filter(name="due_diligence.checks_answered").count() == 1


def test_an_answer_given_meanwhile_is_not_overwritten(
    organization: Organization, reviewer: User, senior: User
) -> None:
    cycle = organization.due_diligence_cycles.get()
    work.answer_checks(cycle, by=senior, answers={"identity": Answered("no", "Unknown there.")})
    with pytest.raises(ActionRefused, match=f"{senior} has answered “No” meanwhile"):
        work.answer_checks(cycle, by=reviewer, answers={"identity": Answered("yes")})
    stamp = str(cycle.checks.get().answered_at.timestamp())
    work.answer_checks(cycle, by=reviewer, answers={"identity": Answered("yes", seen=stamp)})
    assert cycle.checks.get().answered_by == reviewer


def test_no_and_not_applicable_are_explained_in_the_database_too(
    organization: Organization,
) -> None:
    cycle = organization.due_diligence_cycles.get()
    with pytest.raises(IntegrityError, match="check_explained_unless_yes"), transaction.atomic():
        Check.objects.create(cycle=cycle, code="identity", answer="not_applicable")


def test_a_finding_settles_checks_and_level(
    organization: Organization, owner: User, reviewer: User
) -> None:
    cycle = factories.clear(organization)
    with pytest.raises(ActionRefused, match="it is now “Cleared”"):
        work.answer_checks(cycle, by=reviewer, answers={"identity": Answered("yes")})
    with pytest.raises(ActionRefused, match="it is now “Cleared”"):
        work.set_level(cycle, by=reviewer, level="enhanced", reason="Why not.")
    kept = work.note_application(organization, category="foundation", engagement=[])
    assert kept is not None
    assert kept.level == "basic"


def test_beginning_takes_the_level_that_is_proposed_then(
    organization: Organization, reviewer: User
) -> None:
    organization.type = factories.term("organization-type", "foundation")
    organization.save()
    cycle = actions.advance(
        organization.due_diligence_cycles.get(), by=reviewer, arrow="start_screening"
    )
    assert cycle.level == "enhanced"
