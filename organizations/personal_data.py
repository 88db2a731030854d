"""What the tables of people and organizations hold about a person, and those of the ground.

The tables of applications stand in `submissions/personal_data.py`, which puts all together.
"""

import json

from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db.models import Case, Q, TextField, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.files.staging import discard
from alliance.models import OutgoingMail, PartialUpload, StagedUpload
from alliance.personal_data import (
    Delete,
    DeleteNamed,
    Export,
    Overwrite,
    Person,
    Redact,
    Table,
    Undo,
    about_nobody,
    anywhere,
)
from organizations.models import Hit, Membership, ScreenedName, User
from organizations.screening.spelling import one_spelling
from organizations.workflow import HIT_DISMISSED

OFFICERS = (ScreenedName.Kind.HEAD, ScreenedName.Kind.OWNER, ScreenedName.Kind.BOARD)


def person_of(user: User) -> Person:
    """The person behind an account, with all of its addresses and its organization."""
    addresses = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return Person(
        pk=user.pk,
        addresses=frozenset({user.email, *(address.lower() for address in addresses)}),
        first_name=user.first_name,
        last_name=user.last_name,
        organizations=frozenset(
            Membership.objects.filter(user=user).values_list("organization_id", flat=True)
        ),
    )


def _of_user(person: Person) -> Q:
    return Q(user=person.pk)


def _to_me(person: Person) -> Q:
    return Q(recipient__in=person.addresses)


def _to_others(person: Person) -> Q:
    """Copies of what was sent. What waits may be for a namesake: it must say the right name."""
    return ~Q(status=OutgoingMail.Status.QUEUED)


def _my_address(person: Person) -> Q:
    return Q(email__in=person.addresses)


def _my_name_here(person: Person) -> Q:
    """Names without an address that are written like the person's, in their own organization."""
    spelling = one_spelling(f"{person.first_name} {person.last_name}")
    return _in_my_organization(person) & Q(email="", spelling=spelling) & ~Q(spelling="")


def _in_my_organization(person: Person) -> Q:
    return Q(organization__in=person.organizations)


def _in_my_closed_organization(person: Person) -> Q:
    """Nobody needs its heads and owners any more; a living one names them for its checks."""
    return _in_my_organization(person) & Q(organization__closed_at__isnull=False)


def _not_needed(person: Person) -> Q:
    """Names that are screened no more once the person is gone.

    A living organization goes on naming its heads and owners. What a check has found, or still
    looks at, is kept whoever it is about.
    """
    is_officer = Q(kind__in=OFFICERS, organization__closed_at=None)
    found = Hit.objects.exclude(status=HIT_DISMISSED).values("name")
    return ~is_officer & ~Q(pk__in=found)


def _end_sessions(person: Person) -> None:
    """Delete the sessions of this person, and those in which one of the addresses was typed.

    What a session holds is encoded, so each is opened; a thousand take a tenth of a second.
    """
    doomed = []
    for session in Session.objects.iterator():
        held = session.get_decoded()
        words = json.dumps(held, default=str).lower()
        is_theirs = held.get(SESSION_KEY) == str(person.pk)
        if is_theirs or any(address in words for address in person.addresses):
            doomed.append(session.pk)
    Session.objects.filter(pk__in=doomed).delete()


def _take_rights(person: Person) -> None:
    user = User.objects.get(pk=person.pk)
    user.groups.clear()
    user.user_permissions.clear()


def _drop_uploads(person: Person) -> None:
    for upload in StagedUpload.objects.filter(uploaded_by=person.pk):
        discard(upload)


def _drop_partial_uploads(person: Person) -> None:
    for part in PartialUpload.objects.filter(uploaded_by=person.pk):
        part.file_path.unlink(missing_ok=True)
        part.delete()


_MAIL_WORDS = ("recipient", "reply_to", "subject", "text", "html", "headers", "last_error")

TABLES = (
    Table(
        model="organizations.User",
        kept="account",
        export=Export(
            "account",
            lambda person: Q(pk=person.pk),
            {
                "number": "pk",
                "email": "email",
                "first_name": "first_name",
                "last_name": "last_name",
                "registered": "date_joined",
                "last_login": "last_login",
                "works_for_the_secretariat": "is_staff",
            },
        ),
        on_erasure=(
            Overwrite(
                lambda person: Q(pk=person.pk),
                {
                    "email": lambda person: f"former-member-{person.pk}@invalid",
                    "first_name": "",
                    "last_name": "",
                    "password": lambda person: make_password(None),
                    "is_active": False,
                    "is_staff": False,
                    "is_superuser": False,
                    "last_login": None,
                    "erased_at": lambda person: timezone.now(),
                },
            ),
            Undo(_take_rights, columns=frozenset()),
        ),
    ),
    Table(
        model="account.EmailAddress",
        kept="account",
        export=Export(
            "email_addresses",
            _of_user,
            {"email": "email", "confirmed": "verified", "main": "primary"},
        ),
        on_erasure=(Delete(_of_user),),
    ),
    Table(
        model="account.EmailConfirmation",
        kept="account",
        on_erasure=(Delete(lambda person: Q(email_address__user=person.pk)),),
    ),
    Table(
        model="mfa.Authenticator",
        kept="account",
        export=Export(
            "second_factors",
            _of_user,
            {"kind": "type", "added": "created_at", "last_used": "last_used_at"},
        ),
        on_erasure=(Delete(_of_user),),
    ),
    Table(
        model="usersessions.UserSession",
        kept="logins",
        export=Export(
            "logins",
            _of_user,
            {
                "began": "created_at",
                "last_seen": "last_seen_at",
                "network_address": "ip",
                "browser": "user_agent",
            },
        ),
        on_erasure=(Delete(_of_user),),
    ),
    Table(model="sessions.Session", kept="logins", on_erasure=(Undo(_end_sessions),)),
    Table(
        model="organizations.Membership",
        kept="organization",
        export=Export(
            "memberships",
            _of_user,
            {
                "organization": "organization__name",
                "role": "role",
                "function": "function",
                "since": "created_at",
            },
        ),
        on_erasure=(Delete(_of_user),),
    ),
    Table(
        model="organizations.Organization",
        kept="organization",
        export=Export(
            "organizations",
            lambda person: Q(pk__in=person.organizations),
            {
                "name": "name",
                "country": "country__name_en",
                "type": "type__label_en",
                "website": "website",
                "description": "description",
                "registered": "created_at",
            },
        ),
        on_erasure=(Redact(lambda person: Q(pk__in=person.organizations), ("description",)),),
        # The name and the address on the web are those of the institution, and public.
        plain=frozenset({"name", "type_other", "registration_number", "website", "logo"}),
    ),
    Table(
        model="organizations.RelatedName",
        kept="organization",
        on_erasure=(DeleteNamed(_in_my_closed_organization, "name"),),
        stays=_(
            "If your institution has named you as its head, an owner or a member of its board, "
            "it goes on doing so: its checks need these names. Ask it to change them."
        ),
    ),
    Table(
        model="organizations.OrganizationDocument",
        kept="organization",
        export=Export(
            "documents",
            lambda person: Q(added_by=person.pk),
            {
                "name": "name",
                "kind": "kind",
                "added": "added_at",
                "organization": "organization__name",
            },
        ),
        on_erasure=(Redact(_in_my_organization, ("name",)),),
        # What stands in the paper is the institution's, and goes when its members remove it.
        plain=frozenset({"file", "sha256", "content_type", "scan_word"}),
    ),
    Table(
        model="organizations.Invitation",
        kept="invitation",
        export=Export(
            "invitations",
            _my_address,
            {
                "email": "email",
                "organization": "organization__name",
                "role": "role",
                "invited": "invited_at",
                "accepted": "accepted_at",
                "taken_back": "revoked_at",
            },
        ),
        on_erasure=(Delete(_my_address),),
    ),
    Table(
        model="organizations.JoinRequest",
        kept="invitation",
        export=Export(
            "requests_to_join",
            _of_user,
            {
                "institution": "typed_name",
                "function": "function",
                "message": "message",
                "asked": "asked_at",
                "outcome": "status",
                "decided": "decided_at",
            },
        ),
        on_erasure=(
            Delete(_of_user),
            Redact(_in_my_organization, ("typed_name", "function", "message")),
        ),
    ),
    Table(
        model="organizations.PossibleDuplicate",
        kept="organization",
        plain=frozenset({"reasons"}),
    ),
    Table(
        model="organizations.EmailChange",
        kept="account",
        export=Export(
            "changes_of_address",
            _of_user,
            {
                "new_address": "new_email",
                "asked": "asked_at",
                "ended": "ended_at",
                "outcome": "end",
            },
        ),
        on_erasure=(Delete(_of_user),),
    ),
    Table(
        model="organizations.DueDiligence",
        kept="organization",
        on_erasure=(
            Redact(_in_my_organization, ("reason", "words", "level_reason", "recommendation")),
        ),
        plain=frozenset({"partner_category", "engagement"}),
    ),
    Table(
        model="organizations.DueDiligenceQuestion",
        kept="organization",
        export=Export(
            "answers_to_questions_of_due_diligence",
            lambda person: Q(answered_by=person.pk),
            {"question": "question", "answer": "answer", "answered": "answered_at"},
        ),
        on_erasure=(
            Redact(
                lambda person: Q(cycle__organization__in=person.organizations),
                ("question", "answer"),
            ),
        ),
    ),
    Table(
        model="organizations.Check",
        kept="organization",
        on_erasure=(
            Redact(
                lambda person: Q(cycle__organization__in=person.organizations),
                ("note", "evidence"),
            ),
        ),
        plain=frozenset({"code"}),
    ),
    Table(
        model="organizations.ScreeningRun",
        kept="screening",
        plain=frozenset({"method"}),
    ),
    Table(
        model="organizations.ScreenedName",
        kept="screening",
        export=Export(
            "names_compared_with_the_sanctions_list",
            lambda person: _my_address(person) | _my_name_here(person),
            {
                "name": "name",
                "email": "email",
                "organization": "organization__name",
                "as": "kind",
                "since": "added_at",
                "until": "retired_at",
            },
        ),
        on_erasure=(
            Delete(lambda person: _my_address(person) & _not_needed(person)),
            DeleteNamed(lambda person: _in_my_organization(person) & _not_needed(person), "name"),
            Redact(_in_my_organization, ("retired_reason",)),
        ),
        plain=frozenset({"reference"}),
        stays=_(
            "A name of yours in which the comparison with the sanctions list has found something "
            "stays with what was found: the United Nations are bound to know it."
        ),
    ),
    Table(
        model="organizations.Hit",
        kept="screening",
        on_erasure=(Redact(_in_my_organization, ("reason",)),),
        # The listed name is public; the evidence goes, or stays, with the name that it is about.
        plain=frozenset({"listed_name", "evidence"}),
    ),
    Table(
        model="organizations.ConnectMessage",
        kept="connect",
        export=Export(
            "connect_messages",
            _my_address,
            {
                "sent": "created_at",
                "name": "name",
                "email": "email",
                "organization": "organization",
                "job_title": "job_title",
                "reason": "reason__label_en",
                "message": "message",
                "about_the_page": "about_path",
            },
        ),
        on_erasure=(
            Delete(lambda person: _my_address(person) & Q(is_concern=False)),
            # What was reported stays, without who reported it.
            Redact(_my_address, ("message",)),
            Overwrite(
                _my_address,
                {"name": "", "email": "", "organization": "", "job_title": ""},
            ),
        ),
        plain=frozenset({"about_path", "about_title", "fingerprint"}),
    ),
    Table(
        model="organizations.Subscription",
        kept="subscription",
        export=Export(
            "subscriptions",
            _my_address,
            {
                "email": "email",
                "asked_for": "asked_at",
                "confirmed": "confirmed_at",
                "ended": "ended_at",
            },
        ),
        on_erasure=(Delete(_my_address),),
    ),
    Table(
        model="alliance.OutgoingMail",
        kept="mail",
        export=Export(
            "mails",
            _to_me,
            {
                "written": "created_at",
                "sent": "sent_at",
                "to": "recipient",
                "subject": "subject",
                # Codes and links that open an account are in the mailbox and nowhere else.
                "text": Case(When(is_secret=True, then=Value("", TextField())), default="text"),
            },
        ),
        on_erasure=(Delete(_to_me), Redact(_to_others, _MAIL_WORDS)),
        plain=frozenset({"message", "sender", "message_id"}),
    ),
    Table(
        model="alliance.StagedUpload",
        kept="upload",
        on_erasure=(Undo(_drop_uploads),),
        plain=frozenset({"purpose", "path", "sha256", "content_type"}),
    ),
    Table(
        model="alliance.PartialUpload",
        kept="upload",
        on_erasure=(Undo(_drop_partial_uploads),),
        plain=frozenset({"purpose"}),
    ),
    Table(
        model="alliance.Event",
        kept="trail",
        export=Export(
            "events",
            lambda person: (
                Q(actor_id=person.pk)
                | Q(subject_type=User._meta.label_lower, subject_id=person.pk, internal=False)
            ),
            {"at": "at", "event": "name", "about": "subject_type", "number": "subject_id"},
        ),
        plain=frozenset({"name", "subject_type", "data"}),
    ),
    Table(
        model="admin.LogEntry",
        kept="admin",
        on_erasure=(Redact(anywhere, ("object_repr", "change_message")),),
        plain=frozenset({"object_id"}),
    ),
    Table(
        model="django_tasks_database.DBTaskResult",
        kept="technical",
        on_erasure=(Redact(anywhere, ("traceback", "args_kwargs", "return_value")),),
        plain=frozenset(
            {
                "task_path",
                "worker_ids",
                "queue_name",
                "backend_name",
                "exception_class_path",
            }
        ),
    ),
    *about_nobody(
        "auth.Permission",
        "auth.Group",
        "contenttypes.ContentType",
        "alliance.ReferenceStamp",
        "alliance.Vocabulary",
        "alliance.Term",
        "alliance.Country",
        "alliance.CountryGroupMembership",
        "alliance.TokenBucket",
        "organizations.SanctionsSnapshot",
        "organizations.ListedEntry",
        "organizations.ListImport",
    ),
)
