"""The papers of an organization: adding and removing them."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.files.keeping import keep_privately, throw_away
from alliance.models import StagedUpload
from organizations.models import Organization, OrganizationDocument, User
from organizations.permissions import can_edit_profile

MOST_DOCUMENTS = 20

_EDITORS_ONLY = _("Only owners and editors of an organization can change its documents.")


@transaction.atomic
def add_document(
    organization: Organization, *, by: User, kind: str, upload: StagedUpload
) -> OrganizationDocument:
    """Keep a paper that has been checked; the same bytes are kept once."""
    if not can_edit_profile(by, organization):
        raise ActionRefused(_EDITORS_ONLY)
    organization = Organization.objects.locked().get(pk=organization.pk)
    if organization.documents.count() >= MOST_DOCUMENTS:
        raise ActionRefused(_("There are twenty documents already. Please remove one first."))
    if organization.documents.filter(sha256=upload.sha256).exists():
        raise ActionRefused(_("Your organization has this very file already."))
    document = keep_privately(
        OrganizationDocument, upload, by=by, organization=organization, kind=kind
    )
    audit.record("organization.document_added", by=by, about=organization, document=document.pk.hex)
    return document


@transaction.atomic
def remove_document(document: OrganizationDocument, *, by: User) -> None:
    """Delete the paper and its file."""
    if not can_edit_profile(by, document.organization):
        raise ActionRefused(_EDITORS_ONLY)
    audit.record(
        "organization.document_removed",
        by=by,
        about=document.organization,
        document=document.pk.hex,
    )
    throw_away(document)
