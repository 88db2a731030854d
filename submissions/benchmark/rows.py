"""The rows that the pages are measured with: people, organizations, reports, submissions."""

import time
from importlib import import_module
from itertools import count
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat, Now

from alliance import vocabularies
from knowledge.permissions import load_rights
from organizations.groups import SENIOR_REVIEWER, load_groups
from organizations.models import DueDiligence, Membership, Organization, User
from submissions import actions
from submissions.actions.arrival import take_in
from submissions.forms import FORMS
from submissions.models import Kind, Submission
from submissions.typed import as_posted

BATCH = 2000
_numbers = count(1)
_WORDS = [
    "rain",
    "river",
    "gauge",
    "village",
    "warning",
    "seed",
    "soil",
    "harvest",
    "clinic",
    "school",
    "grid",
    "pump",
]


def organization() -> Organization:
    number = next(_numbers)
    kind = vocabularies.term("organization-type", "ministry")
    assert kind is not None
    place = Organization.objects.create(
        name=f"Institute number {number}",
        country=vocabularies.country("MW"),
        type=kind,
        logo="logos/none.webp",
        website="https://institute.example.org",
        description="We measure rain.",
    )
    DueDiligence.objects.create(organization=place, level=DueDiligence.Level.BASIC)
    return place


def _person(**fields: Any) -> User:
    number = next(_numbers)
    person = User(
        email=f"person{number}@example.org",
        first_name="Person",
        last_name=f"Number{number}",
        **fields,
    )
    person.set_unusable_password()
    person.save()
    return person


def owner(place: Organization) -> User:
    person = _person()
    Membership.objects.create(
        user=person, organization=place, role=Membership.Role.OWNER, function="Officer"
    )
    return person


def senior_reviewer() -> User:
    """Somebody of the secretariat, with a second factor."""
    load_groups()
    load_rights()
    person = _person(is_staff=True)
    person.groups.add(Group.objects.get(name=SENIOR_REVIEWER))
    TOTP.activate(person, generate_totp_secret())
    return person


def session_of(person: User) -> str:
    """The key of a session that was opened just now, with all the proofs that the person has."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    methods = [{"method": "password", "at": time.time(), "email": person.email}]
    if person.is_staff:
        methods.append({"method": "mfa", "at": time.time(), "type": "totp"})
    store.update(
        {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: person.get_session_auth_hash(),
            "account_authentication_methods": methods,
            "account_authentication_methods_user": str(person.pk),
            # Being there is written down once a minute; not by the requests that are measured.
            "session_began": time.time(),
            "session_seen": time.time() + 600,
        }
    )
    store.save()
    return str(store.session_key)


def words(seed: int, number: int) -> str:
    """So many words, the same for the same seed."""
    return " ".join(_WORDS[(seed * 7 + place * place) % len(_WORDS)] for place in range(number))


def received(number: int) -> Submission:
    """So many Demands that wait for the secretariat; returns one that was sent by its form."""
    place = organization()
    by = owner(place)
    for start in range(0, number - 1, BATCH):
        Submission.objects.bulk_create(
            Submission(
                kind=Kind.DEMAND,
                organization=place,
                status_by=by,
                submitted_by=by,
                title=words(start + row, 8).capitalize(),
                country_id="MW",
                region="africa",
                sdgs=["sdg-13"],
            )
            for row in range(min(BATCH, number - 1 - start))
        )
    Submission.objects.drafts().filter(organization=place).update(
        status="submitted",
        submitted_at=Now(),
        reference=Concat(Value("BENCH-"), Cast("pk", CharField())),
    )
    last = draft(Kind.DEMAND)
    assert last.saved_by is not None
    form = FORMS[last.kind](as_posted(last.typed))
    form.full_clean()
    sent = actions.submit(last, by=last.saved_by, version=last.version, answers=form.answers())
    return take_in(sent)


def draft(kind: str) -> Submission:
    """A complete draft of an organization of its own."""
    by = owner(organization())
    begun = actions.start_draft(by.memberships.get().organization, kind, by=by)
    return actions.save_draft(begun, by=by, typed=typed(kind), version=begun.version)


def typed(kind: str) -> dict[str, list[str]]:
    """A complete form of that kind, as a draft keeps it."""
    if kind == Kind.EXPRESSION_OF_INTEREST:
        return _APPLICATION | {
            f"confirm_{statement.code}": ["on"]
            for statement in vocabularies.declaration_statements("government")
        }
    support = "peer-learning" if kind == Kind.DEMAND else "expertise"
    return _DEMAND_OR_OFFER | {"support": [support]}


_APPLICATION = {
    "name": ["Department of Climate Change and Meteorological Services"],
    "country": ["MW"],
    "region": ["africa"],
    "sdgs": ["sdg-11", "sdg-13"],
    "partner_category": ["government"],
    "website": ["https://institute.example.org"],
    "description": ["We run the national weather service: 23 stations, one forecasting desk."],
    "lead_name": ["Thandiwe Mbewe"],
    "lead_title": ["Deputy Director"],
    "lead_email": ["lead@example.org"],
    "interest": ["knowledge", "network"],
}
_DEMAND_OR_OFFER = {
    "description": ["We read river gauges by hand. Between gauge and village is no signal."],
    "themes": ["climate", "drr-resilience"],
    "geography": ["africa", "ldc"],
    "modalities": ["study-visit"],
    "outcomes": ["A warning reaches the last village within an hour."],
    "timeframe": ["medium"],
    "links": ["https://example.org/gauges"],
}
