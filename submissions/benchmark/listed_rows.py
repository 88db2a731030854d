"""Organizations that the public directory lists, for its pages to be measured with."""

from itertools import pairwise

import pgtrigger
from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat, Now
from django.utils import timezone

from alliance import vocabularies
from organizations.models import DueDiligence, Organization
from organizations.workflow import CLEARED, NOT_STARTED, SCREENING, UNDER_REVIEW
from submissions.benchmark import rows
from submissions.benchmark.copying import BLOCK, copy, numbers_of
from submissions.directory.writing import follow_marked
from submissions.models import Kind, PublicEntry, Submission
from submissions.workflow import (
    APPROVED,
    DRAFT,
    DUE_DILIGENCE,
    ELIGIBILITY_SCREENING,
    FOR_DECISION,
    SUBMITTED,
)

_WAY_TO_CLEARANCE = (NOT_STARTED, SCREENING, UNDER_REVIEW, CLEARED)
_WAY_TO_APPROVAL = (
    DRAFT,
    SUBMITTED,
    ELIGIBILITY_SCREENING,
    DUE_DILIGENCE,
    FOR_DECISION,
    APPROVED,
)


def listed(number: int) -> Organization:
    """So many of them, spread over countries; returns one.

    What is over a whole number of blocks is left out.
    """
    block = min(number, BLOCK)
    made = _made(block)
    applications = Submission.objects.filter(organization__in=made)
    for before, after in pairwise(_WAY_TO_CLEARANCE):
        cycles = DueDiligence.objects.filter(organization__in=made, status=before)
        cycles.update(status=after, valid_until="2099-01-01")
    for before, after in pairwise(_WAY_TO_APPROVAL):
        applications.filter(status=before).update(
            status=after,
            submitted_at=Now(),
            reference=Concat(Value("LISTED-"), Cast("pk", CharField())),
        )
    while follow_marked():
        pass
    with pgtrigger.ignore(), transaction.atomic():  # made in their states, without the way there
        _copy_all(number // block - 1)
    return made[-1]


def _copy_all(times: int) -> None:
    """Each with its application and its entry so many times more, under another name."""
    place = f"organization_id + {numbers_of(Organization)} * copy"
    copy(Organization, times, name="name || ' part ' || copy")
    copy(DueDiligence, times, organization_id=place)
    copy(
        Submission,
        times,
        uuid="gen_random_uuid()",
        organization_id=place,
        reference="reference || '-' || copy",
    )
    copy(
        PublicEntry,
        times,
        organization_id=place,
        title="title || ' part ' || copy",
        title_key="title_key || ' part ' || copy",
        slug="slug || '-part-' || copy",
        since="since - make_interval(hours => copy)",
    )


def _made(number: int) -> list[Organization]:
    """Not cleared and not approved yet."""
    kind = vocabularies.term("organization-type", "ministry")
    assert kind is not None
    countries = [value for value, _label in vocabularies.country_choices() if len(value) == 2]
    places = Organization.objects.bulk_create(
        Organization(
            name=f"{rows.words(place, 4).capitalize()} {place}",
            country_id=countries[place % len(countries)],
            type=kind,
            website="https://institute.example.org",
            description=rows.words(place, 90).capitalize(),
            may_be_listed=True,
            listing_said_at=timezone.now(),
        )
        for place in range(number)
    )
    DueDiligence.objects.bulk_create(
        DueDiligence(organization=place, level=DueDiligence.Level.BASIC) for place in places
    )
    Submission.objects.bulk_create(
        Submission(
            kind=Kind.EXPRESSION_OF_INTEREST,
            organization=place,
            country_id=place.country_id,
            region="africa",
            partner_category="government",
            sdgs=["sdg-11", "sdg-13"],
        )
        for place in places
    )
    return places
