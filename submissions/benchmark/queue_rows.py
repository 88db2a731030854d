"""A queue as it is after many years: institutions of all countries, cases in all states."""

from datetime import timedelta

import pgtrigger
from django.db import transaction
from django.utils import timezone

from alliance import vocabularies
from alliance.models import Country
from organizations.models import DueDiligence, Organization, User
from submissions.benchmark import rows
from submissions.benchmark.copying import copy, numbers_of
from submissions.models import Clarification, Kind, Revision, Submission

# The first case of each institution is its Expression of Interest.
CASES_OF_EACH = 20
# A word that one case in so many has, followed by its number.
RARE = 500
_REVIEWERS = 8
# Made by Django; a multiple of all else here.
BLOCK = 5000
# Of Demands and Offers a fifth waits for the secretariat and a tenth for applicants.
_STATES = (
    *("submitted", "clarification_requested", "submitted", "declined", "withdrawn"),
    *("declined", "withdrawn", "declined", "withdrawn", "lapsed"),
)
_FIRST_STATES = ("eligibility_screening", "due_diligence", "for_decision", "approved", "declined")
_CYCLES = ("not_started", "screening", "under_review", "cleared", "not_cleared")


def fill(number: int, *, block: int = BLOCK) -> User:
    """Make so many received cases; returns a senior reviewer who looks at them.

    A block of them is made by Django, and the database copies it as often as it takes: what is
    over a whole number of blocks is left out.
    """
    reviewers = [rows.senior_reviewer() for _number in range(_REVIEWERS)]
    block = min(number, block)
    with pgtrigger.ignore(), transaction.atomic():  # made in their states, without the way there
        places = _organizations(max(block // CASES_OF_EACH, 1))
        _send([_case(place, places, reviewers) for place in range(block)])
        _copy_all(number // block - 1)
    return reviewers[0]


def _copy_all(times: int) -> None:
    """Each institution with its cases so many times more, the copies younger than what was there."""
    places, cases = numbers_of(Organization), numbers_of(Submission)
    made = f"INTERVAL '{10 * cases} minutes' * copy"
    copy(Organization, times, name="replace(name, 'section', 'part' || copy || 'section')")
    copy(DueDiligence, times, organization_id=f"organization_id + {places} * copy")
    copy(
        Submission,
        times,
        uuid="gen_random_uuid()",
        organization_id=f"organization_id + {places} * copy",
        reference=f"'QUE-2026-' || lpad((right(reference, 6)::int + {cases} * copy)::text, 6, '0')",
        submitted_at=f"submitted_at + {made}",
        status_at=f"status_at + {made}",
    )
    of_case = f"submission_id + {cases} * copy"
    copy(Revision, times, submission_id=of_case)
    copy(Clarification, times, submission_id=of_case)


def _organizations(number: int) -> list[Organization]:
    countries = list(Country.objects.order_by("iso2"))
    kind = vocabularies.term("organization-type", "ministry")
    assert kind is not None
    places = Organization.objects.bulk_create(
        Organization(
            name=f"Institute of {rows.words(place, 2)}, section{place}",
            country=countries[place % len(countries)],
            type=kind,
            description="We measure rain.",
        )
        for place in range(number)
    )
    levels = DueDiligence.Level.values
    DueDiligence.objects.bulk_create(
        DueDiligence(
            organization=place,
            level=levels[number % len(levels)],
            status=_CYCLES[number % len(_CYCLES)],
            valid_until="2099-01-01",
        )
        for number, place in enumerate(places)
    )
    return places


def _case(number: int, places: list[Organization], reviewers: list[User]) -> Submission:
    """The case of that number, the oldest first."""
    place, turn = places[number % len(places)], number // len(places)
    kind = (Kind.DEMAND, Kind.OFFER)[number % 2] if turn else Kind.EXPRESSION_OF_INTEREST
    states = _STATES if turn else _FIRST_STATES
    sent = timezone.now() - timedelta(minutes=10 * (1_000_000 - number))
    themes = [term.code for term in vocabularies.terms("theme")]
    return Submission(
        kind=kind,
        organization=place,
        status=states[number % 7 % len(states)] if not turn else states[(number // 3) % 10],
        reference=f"QUE-2026-{number:06d}",
        submitted_at=sent,
        status_at=sent,
        submitted_by=reviewers[number % 2],
        assignee=reviewers[number % _REVIEWERS] if number % 3 else None,
        title=rows.words(number, 8).capitalize(),
        country_id=place.country_id,
        region=vocabularies.region_of_country(place.country_id or ""),
        partner_category=("government", "academia")[number % 2],
        sdgs=[f"sdg-{1 + number % 17:02d}", "sdg-13"],
        themes=[themes[number % len(themes)]] if turn else [],
    )


def _send(cases: list[Submission]) -> None:
    """Write them, each with its answers, and with a question where one is open."""
    cases = Submission.objects.bulk_create(cases)
    Revision.objects.bulk_create(
        Revision(
            submission=case,
            number=1,
            language="en",
            answers={"description": f"{rows.words(case.pk, 60)} gauge{case.pk % RARE}"},
        )
        for case in cases
    )
    today = timezone.localdate()
    Clarification.objects.bulk_create(
        Clarification(submission=case, due_on=today + timedelta(days=case.pk % 30 - 3))
        for case in cases
        if case.status == "clarification_requested"
    )
