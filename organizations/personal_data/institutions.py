"""Institutions: their members and papers, and what due diligence has asked."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.personal_data import (
    Delete,
    DeleteNamed,
    Export,
    Overwrite,
    Person,
    Redact,
    Table,
    documents,
)
from organizations.personal_data.rows import in_my_organization, my_address, of_user


def _in_my_closed_organization(person: Person) -> Q:
    """Nobody needs its heads and owners any more; a living one names them for its checks."""
    return in_my_organization(person) & Q(organization__closed_at__isnull=False)


TABLES = (
    Table(
        model="organizations.Membership",
        kept="organization",
        export=Export(
            "memberships",
            of_user,
            {
                "organization": "organization__name",
                "role": "role",
                "function": "function",
                "since": "created_at",
            },
        ),
        on_erasure=(Delete(of_user),),
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
    documents(
        "organizations.OrganizationDocument",
        kept="organization",
        section="documents",
        columns={
            "name": "name",
            "kind": "kind",
            "added": "added_at",
            "organization": "organization__name",
        },
        about=in_my_organization,
    ),
    Table(
        model="organizations.Invitation",
        kept="invitation",
        export=Export(
            "invitations",
            my_address,
            {
                "email": "email",
                "organization": "organization__name",
                "role": "role",
                "invited": "invited_at",
                "accepted": "accepted_at",
                "taken_back": "revoked_at",
            },
        ),
        on_erasure=(Delete(my_address),),
    ),
    Table(
        model="organizations.JoinRequest",
        kept="invitation",
        export=Export(
            "requests_to_join",
            of_user,
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
            Delete(of_user),
            Redact(in_my_organization, ("typed_name", "function", "message")),
        ),
    ),
    Table(
        model="organizations.PossibleDuplicate",
        kept="organization",
        plain=frozenset({"reasons"}),
    ),
    Table(
        model="organizations.DueDiligence",
        kept="organization",
        on_erasure=(
            Redact(in_my_organization, ("reason", "words", "level_reason", "recommendation")),
            Overwrite(lambda person: Q(assignee=person.pk), {"assignee": None}),
        ),
        plain=frozenset({"partner_category", "engagement"}),
    ),
    Table(
        model="organizations.ConflictOfInterest",
        kept="organization",
        export=Export(
            "conflicts_of_interest",
            lambda person: Q(person=person.pk),
            {
                "organization": "organization__name",
                "reason": "reason",
                "declared": "declared_at",
                "ended": "ended_at",
            },
        ),
        on_erasure=(
            Delete(lambda person: Q(person=person.pk)),
            # Whose organization it is may be why somebody else declared it.
            Redact(in_my_organization, ("reason", "ended_reason")),
        ),
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
)
