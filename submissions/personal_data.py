"""What the tables of applications hold about a person, and everything that the portal holds.

`TABLES` has a decision for every model there is, those of packages included.
"""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from alliance.files.keeping import drop_with_files
from alliance.personal_data import (
    Delete,
    Export,
    Overwrite,
    Person,
    Redact,
    Table,
    Undo,
    about_nobody,
    anywhere,
    documents,
)
from knowledge.personal_data import TABLES as TABLES_OF_THE_LIBRARY
from organizations.models import Organization
from organizations.personal_data import TABLES as TABLES_BELOW
from submissions.directory.writing import follow_organization
from submissions.models import DataExport, ListExport, Submission
from submissions.public.writing import follow

# Where the files with people's data are, in the private storage.
EXPORTS_FOLDER = "exports"
# Where the lists are that staff took out.
LIST_EXPORTS_FOLDER = "list-exports"

# The fields that together say who a contact is, with the one that is told of nobody without them.
_CONTACTS = (
    ("lead_name", "lead_email", "lead_title"),
    ("co_lead_name", "co_lead_email", "co_lead_title"),
)


def _cases(person: Person) -> QuerySet[Submission]:
    """The submissions in which others may have written about this person.

    Those of the organization, those of an earlier one, and those worked on for the secretariat.
    """
    return Submission.objects.filter(
        Q(organization__in=person.organizations)
        | Q(status_by=person.pk)
        | Q(saved_by=person.pk)
        | Q(submitted_by=person.pk)
        | Q(revisions__made_by=person.pk)
        | Q(decisions__made_by=person.pk)
        | Q(notes__made_by=person.pk)
    )


def _my_case(person: Person) -> Q:
    return Q(pk__in=_cases(person).values("pk"))


def _of_my_case(person: Person) -> Q:
    return Q(submission__in=_cases(person).values("pk"))


def _of_my_clarification(person: Person) -> Q:
    return Q(clarification__submission__in=_cases(person).values("pk"))


def _of_my_revision(person: Person) -> Q:
    return Q(revision__submission__in=_cases(person).values("pk"))


def _of_person(person: Person) -> Q:
    return Q(person=person.pk)


def _without_contact(person: Person, answers: Any) -> Any:
    """Answers, or what was typed, without the person; a contact's title goes with the name."""
    redacted = person.redacted(answers)
    for name, email, title in _CONTACTS:
        is_the_person = any(redacted.get(key) != answers.get(key) for key in (name, email))
        if is_the_person and title in redacted:
            redacted[title] = [] if isinstance(redacted[title], list) else ""
    return redacted


def _named_as(role: str) -> Export:
    """What colleagues have sent of a contact, by the address; for the contact alone to read."""

    def rows(person: Person) -> Q:
        mine = [Q((f"answers__{role}_email__iexact", address)) for address in person.addresses]
        return reduce(or_, mine, Q(pk__in=[]))

    return Export(
        f"named_as_{role}",
        rows,
        {
            "reference": "submission__reference",
            "organization": "submission__organization__name",
            "revision": "number",
            "sent": "made_at",
            "name": f"answers__{role}_name",
            "title": f"answers__{role}_title",
            "email": f"answers__{role}_email",
        },
    )


def _drop_my_exports(person: Person) -> None:
    drop_with_files(DataExport.objects.filter(_of_person(person)))


def _drop_list_exports(person: Person) -> None:
    """All of them: any may name the person, and is soon made again."""
    drop_with_files(ListExport.objects.all())


def _write_public_entries_anew(person: Person) -> None:
    shown = Submission.objects.filter(_my_case(person), public_entry__isnull=False)
    for submission in shown.order_by("pk"):
        follow(submission)
    for organization in Organization.objects.locked().filter(pk__in=person.organizations):
        follow_organization(organization)


TABLES_OF_APPLICATIONS = (
    Table(
        model="submissions.Submission",
        kept="application",
        export=Export(
            "applications",
            lambda person: Q(saved_by=person.pk) | Q(submitted_by=person.pk),
            {
                "reference": "reference",
                "kind": "kind",
                "organization": "organization__name",
                "status": "status",
                "begun": "created_at",
                "saved": "saved_at",
                "received": "submitted_at",
                "draft_as_typed": "typed",
            },
        ),
        on_erasure=(
            Redact(_my_case, ("typed",), replace=_without_contact),
            # Somebody who once worked for the secretariat: the case is nobody's again.
            Overwrite(lambda person: Q(assignee=person.pk), {"assignee": None}),
        ),
        plain=frozenset(
            {
                "return_to",
                "logo",
                "reference",
                "title",
                "region",
                "partner_category",
                "sdgs",
                "support",
                "themes",
                "places",
                "modalities",
            }
        ),
    ),
    Table(
        model="submissions.AssignmentRule",
        kept="account",
        export=Export("rules_of_assignment", _of_person, {"region": "region", "kind": "kind"}),
        on_erasure=(Delete(_of_person),),
        plain=frozenset({"region", "partner_category"}),
    ),
    documents(
        "submissions.Attachment",
        kept="application",
        section="attachments",
        columns={
            "reference": "submission__reference",
            "name": "name",
            "bytes": "size",
            "added": "added_at",
            "removed": "removed_at",
        },
        about=_of_my_case,
    ),
    Table(
        model="submissions.DraftVisit",
        kept="application",
        export=Export("open_drafts", lambda person: Q(user=person.pk), {"seen": "seen_at"}),
        on_erasure=(Delete(lambda person: Q(user=person.pk)),),
    ),
    Table(
        model="submissions.Clarification",
        kept="application",
        export=Export(
            "clarifications_answered",
            lambda person: Q(answered_by=person.pk),
            {
                "reference": "submission__reference",
                "asked": "asked_at",
                "due": "due_on",
                "answered": "answered_at",
            },
        ),
    ),
    Table(
        model="submissions.ClarificationItem",
        kept="application",
        export=Export(
            "answers_to_questions",
            lambda person: Q(clarification__answered_by=person.pk),
            {
                "reference": "clarification__submission__reference",
                "field": "field",
                "question": "question",
                "answer": "answer",
            },
        ),
        on_erasure=(Redact(_of_my_clarification, ("question", "answer")),),
        plain=frozenset({"field"}),
    ),
    Table(
        model="submissions.Change",
        kept="application",
        on_erasure=(Redact(_of_my_revision, ("words",)),),
    ),
    Table(
        model="submissions.Revision",
        kept="application",
        export=Export(
            "answers_sent",
            lambda person: Q(made_by=person.pk),
            {
                "reference": "submission__reference",
                "revision": "number",
                "sent": "made_at",
                "language": "language",
                "answers": "answers",
            },
        ),
        further_exports=(
            _named_as("lead"),
            _named_as("co_lead"),
            Export(
                "declaration_answers",
                lambda person: Q(declared_by=person.pk),
                {
                    "reference": "submission__reference",
                    "revision": "number",
                    "answers": "declaration",
                    "answered": "declared_at",
                },
            ),
        ),
        on_erasure=(
            Redact(
                _of_my_case,
                ("answers",),
                replace=_without_contact,
                frozen_by="submissions.Revision:revision_is_frozen",
            ),
            Redact(
                _of_my_case, ("declaration",), frozen_by="submissions.Revision:revision_is_frozen"
            ),
        ),
        plain=frozenset({"logo_name", "language"}),
    ),
    Table(
        model="submissions.Decision",
        kept="application",
        export=Export(
            "letters",
            lambda person: Q(submission__submitted_by=person.pk, published_at__isnull=False),
            {
                "reference": "submission__reference",
                "outcome": "outcome",
                "letter": "letter",
                "published": "published_at",
            },
        ),
        on_erasure=(Redact(_of_my_case, ("explanation", "letter")),),
    ),
    Table(
        model="submissions.Note",
        kept="application",
        on_erasure=(Redact(_of_my_case, ("text",)),),
    ),
    # A wording is the secretariat's; somebody may have signed it.
    Table(
        model="submissions.LetterVersion",
        kept="admin",
        on_erasure=(
            Redact(
                anywhere,
                ("text",),
                frozen_by="submissions.LetterVersion:letter_version_is_frozen",
            ),
        ),
    ),
    *about_nobody("submissions.LetterTemplate"),
    Table(
        model="submissions.Mention",
        kept="application",
        export=Export(
            "mentions",
            lambda person: Q(user=person.pk),
            {
                "reference": "note__submission__reference",
                "told": "note__made_at",
                "read": "read_at",
            },
        ),
        on_erasure=(Delete(lambda person: Q(user=person.pk)),),
    ),
    Table(
        model="submissions.ReviewVisit",
        kept="application",
        export=Export(
            "open_cases", lambda person: Q(user=person.pk), {"since": "since", "seen": "seen_at"}
        ),
        on_erasure=(Delete(lambda person: Q(user=person.pk)),),
    ),
    Table(
        model="submissions.SavedView",
        kept="account",
        export=Export(
            "saved_views", _of_person, {"name": "name", "shows": "query", "saved": "made_at"}
        ),
        on_erasure=(Delete(_of_person),),
    ),
    Table(
        model="submissions.DataExport",
        kept="export",
        export=Export(
            "exports",
            _of_person,
            {"asked_for": "requested_at", "made": "made_at", "bytes": "size"},
        ),
        on_erasure=(Undo(_drop_my_exports),),
    ),
    Table(
        model="submissions.ListExport",
        kept="list-export",
        export=Export(
            "lists_taken_out",
            lambda person: Q(asked_by=person.pk),
            {
                "list": "model",
                "filters": "query",
                "asked_for": "asked_at",
                "made": "made_at",
                "rows": "done",
            },
        ),
        on_erasure=(Undo(_drop_list_exports),),
    ),
    # The words of published revisions once more: made anew from what is left of these, so it comes
    # after them.
    Table(
        model="submissions.PublicEntry",
        kept="application",
        on_erasure=(Undo(_write_public_entries_anew),),
        plain=frozenset({"facets", "picture"}),
    ),
    *about_nobody("submissions.PublicChange"),
)

TABLES = (
    *TABLES_BELOW,
    *TABLES_OF_THE_LIBRARY,
    *TABLES_OF_APPLICATIONS,
)
