"""Rows for tests, made by plain functions with sensible defaults."""

import itertools
import os
import time
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.http import QueryDict
from django.test import Client

from alliance import vocabularies
from alliance.files import staging
from alliance.models import Country, StagedUpload, Term
from organizations.due_diligence.rules import is_cleared
from organizations.login import browsers
from organizations.models import DueDiligence, Membership, Organization, RelatedName, User
from organizations.workflow import (
    CLEARED,
    DUE_DILIGENCE,
    SCREENING,
    UNDER_REVIEW,
)
from submissions import actions
from submissions.actions.arrival import take_in
from submissions.actions.publication_sweeps import expire_publications
from submissions.forms import FORMS
from submissions.models import Attachment, Kind, Submission
from submissions.typed import as_posted, typed_from

PASSWORD = "a quiet harbour at dawn"
# The name of a logo without a picture behind it.
NO_PICTURE = "logos/none.webp"

# Another process goes on where it is told to: a portal has the people of the one before.
_numbers = itertools.count(int(os.environ.get("FIRST_NUMBER", "1")))


@cache
def hashed(password: str) -> str:
    """The same hash for everybody: each new one takes as long as it is meant to take a thief."""
    return make_password(password)


def user(**fields: Any) -> User:
    """A person with a verified address and PASSWORD."""
    number = next(_numbers)
    fields = {
        "email": f"person{number}@example.org",
        "first_name": "Person",
        "last_name": f"Number{number}",
    } | fields
    person = User.objects.create(password=hashed(PASSWORD), **fields)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def staff(role: str, **fields: Any) -> User:
    """Somebody of the secretariat, with a second factor set up."""
    person = user(is_staff=True, **fields)
    person.groups.add(Group.objects.get(name=role))
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    return person


def organization(**fields: Any) -> Organization:
    """An organization of a state with a complete profile."""
    number = next(_numbers)
    fields = {
        "name": f"Institute number {number}",
        "country": Country.objects.get(iso2="MW"),
        "type": term("organization-type", "ministry"),
        "logo": NO_PICTURE,
        "website": "https://institute.example.org",
        "description": "We measure rain.",
    } | fields
    row = Organization.objects.create(**fields)
    RelatedName.objects.create(
        organization=row, kind=RelatedName.Kind.HEAD, name=f"Head Number{number}"
    )
    DueDiligence.objects.create(organization=row, level=DueDiligence.Level.BASIC)
    return row


def member(place: Organization, role: str, **fields: Any) -> User:
    person = user(**fields)
    Membership.objects.create(
        user=person, organization=place, role=role, function="Programme officer"
    )
    return person


def term(vocabulary: str, code: str) -> Term:
    found = vocabularies.term(vocabulary, code)
    assert found is not None
    return found


def clear(place: Organization) -> DueDiligence:
    """Walk the organization's due diligence to `cleared`, along its arrows."""
    cycle = place.due_diligence_cycles.get()
    for status in (SCREENING, UNDER_REVIEW, CLEARED):
        cycle.status = status
        cycle.valid_until = "2099-01-01"
        cycle.save()
    assert DUE_DILIGENCE.state(cycle.status).code == CLEARED
    return cycle


def application_data(**changes: Any) -> dict[str, Any]:
    """A complete application as a browser posts it; a change of None leaves the field out."""
    data = undeclared_data()
    for statement in vocabularies.declaration_statements("government"):
        data[f"confirm_{statement.code}"] = "on"
    return {key: value for key, value in (data | changes).items() if value is not None}


def undeclared_data() -> dict[str, Any]:
    """The same without the declaration, whose statements stand in the database."""
    return {
        "version": "0",
        "name": "Department of Climate Change and Meteorological Services",
        "country": "MW",
        "region": "africa",
        "sdgs": ["sdg-11", "sdg-13"],
        "partner_category": "government",
        "website": "metmalawi.example",
        "description": "We run the national weather service: 23 stations and one forecasting desk.",
        "lead_name": "Thandiwe Mbewe",
        "lead_title": "Deputy Director",
        "lead_email": "t.mbewe@example.org",
        "interest": ["knowledge", "network"],
    }


def posted(data: dict[str, Any]) -> QueryDict:
    """These values as a browser posts them."""
    return as_posted(
        {name: value if isinstance(value, list) else [value] for name, value in data.items()}
    )


def demand_offer_data(kind: str, **changes: Any) -> dict[str, Any]:
    """A complete Demand or Offer as a browser posts it; a change of None leaves the field out."""
    data: dict[str, Any] = {
        "version": "0",
        "support": ["peer-learning"] if kind == Kind.DEMAND else ["expertise"],
        "description": "We read river gauges by hand. Between gauge and village there is no signal.",
        "themes": ["climate", "drr-resilience"],
        "geography": ["africa", "ldc"],
        "modalities": ["study-visit"],
        "outcomes": "A warning reaches the last village within an hour.",
        "timeframe": "medium",
        "stage": "",
        "additional": "",
        "links": "example.org/gauges",
    }
    return {key: value for key, value in (data | changes).items() if value is not None}


def complete_data(kind: str, **changes: Any) -> dict[str, Any]:
    """A complete form of that kind as a browser posts it."""
    if kind == Kind.EXPRESSION_OF_INTEREST:
        return application_data(**changes)
    return demand_offer_data(kind, **changes)


def draft(by: User, kind: str = Kind.EXPRESSION_OF_INTEREST, **changes: Any) -> Submission:
    """A saved draft of this person's organization."""
    place = by.memberships.get().organization
    submission = actions.start_draft(place, kind, by=by)
    typed = typed_from(posted(complete_data(kind, **changes)), FORMS[kind]().fields)
    return actions.save_draft(submission, by=by, typed=typed, version=submission.version)


def submitted(by: User, kind: str = Kind.EXPRESSION_OF_INTEREST, **changes: Any) -> Submission:
    """A received submission of this person's organization."""
    return submit_draft(draft(by, kind, **changes), by=by)


def submit_draft(submission: Submission, *, by: User) -> Submission:
    """The draft as the worker leaves it once it was sent."""
    return take_in(send_draft(submission, by=by))


def send_draft(submission: Submission, *, by: User) -> Submission:
    """The draft as its sender leaves it."""
    form = FORMS[submission.kind](as_posted(submission.typed))
    assert form.is_valid(), form.errors
    return actions.submit(submission, by=by, version=submission.version, answers=form.answers())


def staged_document(content: bytes = b"") -> StagedUpload:
    """A document that waits for its form."""
    path = staging.new_path()
    number = next(_numbers)
    path.write_bytes(content or f"%PDF-1.7 number {number}".encode())
    return staging.hold(
        path,
        "attachment",
        name=f"Map {number}.pdf",
        sent_size=path.stat().st_size,
        content_type="application/pdf",
    )


def attachment(submission: Submission, *, by: User) -> Attachment:
    """A document in the form of a draft."""
    return actions.add_attachments(submission, [staged_document()], by=by)[0]


def demand(by: User, status: str = "submitted", **changes: Any) -> Submission:
    """A Demand of this person's organization, walked to that state by the actions."""
    return _walked(Kind.DEMAND, by, status, **changes)


def offer(by: User, status: str = "submitted", **changes: Any) -> Submission:
    """The same for an Offer."""
    return _walked(Kind.OFFER, by, status, **changes)


def _walked(kind: str, by: User, status: str, **changes: Any) -> Submission:
    if status == "draft":
        return draft(by, kind, **changes)
    submission = submitted(by, kind, **changes)
    if status in {"submitted", "withdrawn"}:
        return submission if status == "submitted" else actions.withdraw(submission, by=by)
    senior = staff("Senior reviewer")
    if status == "declined":
        return decided(submission, "decline", by=senior)
    if not is_cleared(submission.organization):
        clear(submission.organization)
    submission = decided(submission, "publish", by=senior)
    if status == "expired":
        Submission.objects.filter(pk=submission.pk).update(expires_on="2020-01-01")
        expire_publications()
        return Submission.objects.get(pk=submission.pk)
    ends = {"paused": actions.pause, "fulfilled": actions.fulfil, "closed": actions.close}
    return ends[status](submission, by=by) if status in ends else submission


def decided(submission: Submission, outcome: str, *, by: User) -> Submission:
    """The submission after a published decision."""
    decision = actions.decide(
        submission,
        by=by,
        outcome=outcome,
        reason=term("decision-reason", "other"),
        explanation="Read twice.",
        letter="Dear colleague,\n\nthis is our decision.",
    )
    return actions.publish_decision(decision, by=by).submission


def for_decision(by: User, *, reviewer: User, **changes: Any) -> Submission:
    """A submission that a reviewer has put up for decision, of a cleared organization."""
    submission = submitted(by, **changes)
    clear(submission.organization)
    for step in (actions.start_review, actions.confirm_eligibility, actions.put_for_decision):
        submission = step(submission, by=reviewer)
    return submission


def known_browser(person: User) -> Client:
    """A client that this person has logged in with before, logged out now."""
    client = Client()
    client.cookies[settings.BROWSER_COOKIE_NAME] = browsers.cookie_value(person)
    return client


def logged_in(person: User) -> Client:
    """A client whose session was opened with password and, where there is one, second factor."""
    client = Client()
    client.force_login(person)
    methods = [{"method": "password", "at": time.time(), "email": person.email}]
    if Authenticator.objects.filter(user=person).exists():
        methods.append({"method": "mfa", "at": time.time(), "type": "totp"})
    session = client.session
    session["account_authentication_methods"] = methods
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client
