"""Who joins and leaves, in the portal in use: invitations, requests, papers, changes of address."""

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from organizations import links
from organizations.models import (
    EmailChange,
    Invitation,
    JoinRequest,
    Membership,
    Organization,
    OrganizationDocument,
    PossibleDuplicate,
    User,
)
from tests import factories

Values = dict[str, dict[str, Any]]


def add_joining(people: dict[str, User], rows: int) -> Values:
    """Make the rows; returns what stands for the parameters of their addresses."""
    owner = people["owner"]
    place = owner.memberships.get().organization
    values: Values = {}
    for number in range(rows):
        invitation = _add_invitation(place, owner, number)
        values |= _add_document(place, owner, number)
        values |= _add_request(place)
        _add_cases_for_staff(number)
    for name in ("invitation_resend", "invitation_revoke"):
        values[name] = {"invitation_uuid": invitation.pk}
    # Whoever has the link reads the name of the organization: so it is one without secrets.
    open_house = factories.organization(name="Open House")
    elsewhere = _add_invitation(open_house, people["stranger"], rows)
    change = EmailChange.objects.create(user=owner, new_email="other@example.org")
    invited = factories.user(is_staff=True)
    tokens = {
        "invitation": links.invitation_link(elsewhere),
        "email_change_confirm": links.confirm_link(change),
        "email_change_object": links.object_link(change),
        "staff_invitation": links.staff_invitation_link(invited),
    }
    for name, link in tokens.items():
        values[name] = {"token": link.rstrip("/").rpartition("/")[2]}
    for name in tokens:
        values[f"{name} forged"] = {"token": "1.forged"}
    reader = people["reader"].memberships.get()
    theirs = people["stranger"].memberships.get()
    for name in ("member_change_role", "member_remove", "hand_over"):
        values[name] = {"member_id": reader.pk}
        values[f"{name} elsewhere"] = {"member_id": theirs.pk}
    return values


def _add_invitation(place: Organization, owner: User, number: int) -> Invitation:
    return Invitation.objects.create(
        organization=place,
        email=f"invited{number}@example.org",
        role=Membership.Role.EDITOR,
        invited_by=owner,
        expires_at=timezone.now() + Invitation.VALID_FOR,
    )


def _add_document(place: Organization, owner: User, number: int) -> Values:
    document = OrganizationDocument(
        organization=place,
        kind=OrganizationDocument.Kind.STATUTES,
        name=f"statutes{number}.pdf",
        size=9,
        sha256=f"{number:064}",
        content_type="application/pdf",
        added_by=owner,
    )
    document.file.save("organizations/document.pdf", ContentFile(b"%PDF-1.7\n"), save=False)
    document.save()
    one = {"document_uuid": document.pk}
    names = ("organization_document", "organization_document_remove")
    return dict.fromkeys((*names, "admin:organizations_organization_document"), one)


def _add_request(place: Organization) -> Values:
    request = JoinRequest.objects.create(
        user=factories.user(), organization=place, typed_name="Ours", function="Officer"
    )
    one = {"request_uuid": request.pk}
    return {"join_accept": one, "join_decline": one}


def _add_cases_for_staff(number: int) -> None:
    """A pair that may be one institution, and a request to one that nobody owns."""
    older, newer = (factories.organization(name=f"Twin Institute {number}") for _ in range(2))
    PossibleDuplicate.objects.create(newer=newer, older=older, reasons=["name"])
    JoinRequest.objects.create(
        user=factories.user(), organization=older, typed_name="Twin", function="Officer"
    )
