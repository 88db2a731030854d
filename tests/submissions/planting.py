"""A person whose name or address stands in every column that can hold one."""

import json

import pgtrigger
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from alliance.models import OutgoingMail, PartialUpload, StagedUpload
from alliance.undeliverable import came_back
from knowledge.indexing.vectors import weighted
from knowledge.models import Alert, ReportExport
from organizations.models import (
    Absence,
    Check,
    ConflictOfInterest,
    ConnectMessage,
    DueDiligence,
    DueDiligenceQuestion,
    EmailChange,
    Hit,
    Invitation,
    JoinRequest,
    ListedEntry,
    Membership,
    Organization,
    OrganizationDocument,
    RelatedName,
    SanctionsSnapshot,
    ScreenedName,
    ScreeningRun,
    Subscription,
    User,
)
from organizations.workflow import HIT_DISMISSED
from submissions import actions
from submissions.models import (
    AssignmentRule,
    Attachment,
    Change,
    Clarification,
    ClarificationItem,
    DataExport,
    DraftVisit,
    LetterTemplate,
    ListExport,
    Mention,
    Note,
    PublicKind,
    ReviewVisit,
    SavedView,
    Submission,
)
from submissions.public.content import Content
from submissions.public.writing import write
from tests import factories

FIRST, LAST, EMAIL = "Zubeyde", "Quixmark", "z.quixmark@example.org"
NAME = f"{FIRST} {LAST}"
TEXT = f"Please ask {LAST}, {FIRST} or write to <{EMAIL.upper()}>."
WORDS = (FIRST, LAST)


def plant(person: User, place: Organization, *, reviewer: User, senior: User) -> None:
    """Rows of every table, written by the person or about them."""
    plant_account(person)
    plant_uploads(person)
    plant_machinery(person)
    plant_organization(person, place)
    plant_messages(person)
    plant_letter()
    plant_applications(person, reviewer=reviewer, senior=senior)
    plant_screening(place)


def plant_account(person: User) -> None:
    User.objects.filter(pk=person.pk).update(password=LAST)
    address = EmailAddress.objects.get(user=person)
    EmailConfirmation.objects.create(email_address=address, key=LAST)
    Authenticator.objects.create(user=person, type="totp", data={"secret": LAST})
    UserSession.objects.create(
        user=person, ip="192.0.2.9", user_agent=LAST, session_key=LAST, data={"name": LAST}
    )
    Client().force_login(person)
    half_way = Client().session
    half_way["account_login"] = {"email": EMAIL}
    half_way.save()
    Session.objects.filter(pk=half_way.session_key).update(session_key=f"{LAST}-session")
    EmailChange.objects.create(user=person, new_email=f"new.{EMAIL}")
    file = storages["private"].save("exports/data.zip", ContentFile(b"PK"))
    DataExport.objects.create(person=person, file=file, made_at=timezone.now())
    DataExport.objects.update(file=f"exports/{LAST}.zip")
    ListExport.objects.create(
        asked_by=person, model=LAST, query=f"q={LAST}", format=LAST[:4], reach=LAST
    )
    taken_out = f"list-exports/{LAST}.csv"
    ListExport.objects.update(file=taken_out, made_at=timezone.now())
    ReportExport.objects.create(asked_by=person, report_ids=[1], format="csv")
    ReportExport.objects.update(file="report-exports/7.csv", made_at=timezone.now())


def plant_uploads(person: User) -> None:
    StagedUpload.objects.create(
        purpose="logo",
        name=NAME,
        path="none",
        sha256=64 * "0",
        size=1,
        sent_size=1,
        content_type="image/webp",
        uploaded_by=person.pk,
    )
    PartialUpload.objects.create(
        purpose="logo", max_side=9, name=NAME, size=9, sender=LAST, uploaded_by=person.pk
    )


def plant_machinery(person: User) -> None:
    """What the admin and the queue of jobs have noted."""
    LogEntry.objects.create(
        user=factories.user(),
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(person.pk),
        object_repr=NAME,
        action_flag=CHANGE,
        change_message=json.dumps([{"changed": {"name": EMAIL}}]),
    )
    DBTaskResult.objects.create(
        task_path="nothing",
        args_kwargs={"args": [EMAIL]},
        return_value=NAME,
        traceback=TEXT,
        run_after=timezone.now(),
    )


def plant_organization(person: User, place: Organization) -> None:
    Organization.objects.filter(pk=place.pk).update(description=TEXT)
    Membership.objects.filter(user=person).update(function=f"Assistant of {LAST}")
    RelatedName.objects.create(organization=place, kind="head", name=NAME)
    cycle = place.due_diligence_cycles.get()
    DueDiligence.objects.update(reason=TEXT, words=TEXT, level_reason=TEXT, recommendation=TEXT)
    Check.objects.create(cycle=cycle, code="head", answer="no", note=TEXT, evidence=TEXT)
    DueDiligenceQuestion.objects.create(
        cycle=cycle,
        question=TEXT,
        due_on=timezone.localdate(),
        answer=TEXT,
        answered_at=timezone.now(),
        answered_by=person,
    )
    Absence.objects.create(
        person=person, starts_on=timezone.localdate(), ends_on=timezone.localdate()
    )
    for who in (person, factories.user()):
        ConflictOfInterest.objects.create(
            person=who,
            organization=place,
            reason=TEXT,
            ended_reason=TEXT,
            ended_at=timezone.now(),
            ended_by=person,
        )
    OrganizationDocument.objects.create(
        organization=place,
        kind="other",
        name=f"{NAME}.pdf",
        file="documents/none.pdf",
        size=1,
        sha256=64 * "0",
        content_type="application/pdf",
        added_by=person,
    )
    elsewhere = factories.organization()
    for at in (place, elsewhere):
        Invitation.objects.create(
            organization=at, email=EMAIL, role="reader", expires_at=timezone.now()
        )
    JoinRequest.objects.create(user=person, typed_name=LAST, function=LAST, message=LAST)
    JoinRequest.objects.create(
        user=factories.user(), organization=place, typed_name=NAME, function=NAME, message=TEXT
    )


def plant_screening(place: Organization) -> None:
    """As registrant, known by the address, and as head, known by the name."""
    ScreenedName.objects.filter(organization=place).delete()
    for kind, email in (("registrant", EMAIL), ("lead", ""), ("head", "")):
        ScreenedName.objects.create(
            organization=place,
            kind=kind,
            name=NAME,
            spelling=NAME.lower(),
            email=email,
            source="profile",
        )
    ScreenedName.objects.create(
        organization=place,
        kind="board",
        name="Board Member",
        spelling="board member",
        source="profile",
        retired_at=timezone.now(),
        retired_reason=TEXT,
    )
    hit_on(ScreenedName.objects.get(kind="lead"))


def hit_on(screened: ScreenedName, status: str = HIT_DISMISSED) -> Hit:
    """A hit on the only entry of a list, which somebody has decided."""
    entry = listed_entry()
    run = ScreeningRun.objects.create(
        organization=screened.organization,
        snapshot=entry.first_in,
        method="1",
        cause="names",
        names=1,
        listed_names=1,
        found=1,
        new=1,
    )
    hit = Hit.objects.create(
        organization=screened.organization,
        name=screened,
        entry=entry,
        first_run=run,
        last_run=run,
        listed_name="Somebody Else",
        band=Hit.Band.POSSIBLE,
        method=Hit.Method.SPELLING,
        score=0.9,
    )
    Hit.objects.filter(pk=hit.pk).update(status=status, reason=TEXT)
    hit.refresh_from_db()
    return hit


def listed_entry() -> ListedEntry:
    """The only entry of the present list."""
    snapshot, _ = SanctionsSnapshot.objects.get_or_create(
        sha256=64 * "0",
        defaults={
            "generated_at": timezone.now(),
            "source": "a file",
            "size": 1,
            "persons": 1,
            "entities": 0,
            "is_current": True,
        },
    )
    entry, _ = ListedEntry.objects.get_or_create(
        reference="XXi.001",
        digest="0",
        kind="person",
        names=[["Somebody Else", False, False]],
        first_in=snapshot,
    )
    return entry


def plant_messages(person: User) -> None:
    for number, is_concern in enumerate((False, True)):
        message = ConnectMessage.objects.create(
            name=NAME,
            email=EMAIL,
            organization=f"{LAST} Ltd",
            job_title=f"{LAST}’s deputy",
            message=TEXT,
            is_concern=is_concern,
            fingerprint=f"message{number}",
        )
        message.replies.create(text=TEXT)
        message.replies.create(text=TEXT, is_from_sender=True, fingerprint=f"reply{number}")
        message.notes.create(text=TEXT)
    Subscription.objects.create(email=EMAIL)
    came_back(EMAIL, is_hard=True, reason=f"550 {EMAIL}")
    Alert.objects.create(email=EMAIL, search=f"q={LAST}")
    for recipient, status in (
        (EMAIL, OutgoingMail.Status.QUEUED),
        ("colleague@example.org", OutgoingMail.Status.FAILED),
    ):
        OutgoingMail.objects.create(
            recipient=recipient,
            sender="alliance@localhost",
            reply_to=EMAIL,
            subject=NAME,
            text=TEXT,
            html=f"<p>{NAME}</p>",
            headers={"Reply": EMAIL},
            last_error=f"550 {EMAIL}",
            message_id=f"<{status}@localhost>",
            status=status,
        )


def plant_letter() -> None:
    template = LetterTemplate.objects.create(code="planted", title="Planted")
    template.versions.create(number=1, text=TEXT)


def plant_applications(person: User, *, reviewer: User, senior: User) -> None:
    """One that was decided on, with everything that others wrote about it."""
    answers = {"lead_name": NAME, "lead_email": EMAIL, "description": TEXT}
    submission = factories.submitted(person, **answers)
    factories.clear(submission.organization)
    for step in (actions.start_review, actions.confirm_eligibility, actions.put_for_decision):
        submission = step(submission, by=reviewer)
    Note.objects.create(submission=submission, text=TEXT, made_by=reviewer)
    SavedView.objects.create(person=person, name=LAST, query=f"q={LAST}")
    actions.decide(
        submission,
        by=senior,
        outcome="decline",
        reason=factories.term("decision-reason", "meets-criteria"),
        explanation=TEXT,
        letter=f"Dear {NAME},\n\nwe are sorry.",
    )
    plant_work(submission, person)
    plant_public_entry(submission)
    with pgtrigger.ignore("submissions.Revision:revision_is_frozen"):
        for revision in submission.revisions.exclude(declaration=[]):
            revision.declaration[0] |= {"answer": "cannot_confirm", "explanation": TEXT}
            revision.save(update_fields=["declaration"])


def plant_public_entry(submission: Submission) -> None:
    """As if it were a published Demand whose words name the person."""
    write(
        Content(
            kind=PublicKind.DEMAND,
            organization_id=submission.organization_id,
            submission_id=submission.pk,
            title=NAME,
            since=timezone.now(),
            changed_at=timezone.now(),
            words=weighted("", (NAME, "A")),
            card={"excerpt": TEXT},
        )
    )


def plant_work(submission: Submission, person: User) -> None:
    """What belongs to a submission besides its answers."""
    Attachment.objects.create(
        submission=submission,
        name=f"{NAME}.pdf",
        file="attachments/none.pdf",
        size=1,
        sha256=64 * "0",
        content_type="application/pdf",
        added_by=person,
    )
    DraftVisit.objects.create(submission=submission, user=person)
    ReviewVisit.objects.create(submission=submission, user=person)
    Mention.objects.create(note=submission.notes.latest("pk"), user=person)
    AssignmentRule.objects.create(person=person)
    clarification = Clarification.objects.create(
        submission=submission, due_on=timezone.localdate(), answered_by=person
    )
    ClarificationItem.objects.create(
        clarification=clarification, position=1, question=TEXT, answer=TEXT
    )
    Change.objects.create(
        revision=submission.revisions.latest("number"),
        outcome=Change.Outcome.REFUSED,
        words=TEXT,
        settled_at=timezone.now(),
    )
