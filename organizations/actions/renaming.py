"""An institution gets another name; the old one stays among its former names."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from organizations.emails import renaming as emails_renaming
from organizations.models import Organization, RelatedName, User
from organizations.permissions import can_rename

_FORMER = RelatedName.Kind.FORMER_NAME


@transaction.atomic
def rename(organization: Organization, *, by: User, name: str) -> Organization:
    """Give it the new name; the same one again changes nothing.

    What due diligence has found stays. The names are screened and compared with other
    registrations anew by the next sweeps, and the secretariat is told.
    """
    organization = Organization.objects.locked().get(pk=organization.pk)
    if not can_rename(by, organization):
        raise ActionRefused(_("Only an owner of the organization can do this."))
    name = " ".join(name.split())
    before = organization.name
    if name == before:
        return organization
    organization.name, organization.compared_at = name, None
    organization.save(update_fields=["name", "compared_at"])
    former = RelatedName.objects.filter(organization=organization, kind=_FORMER)
    former.filter(name=name).delete()
    former.get_or_create(organization=organization, kind=_FORMER, name=before)
    audit.record("organization.renamed", by=by, about=organization)
    emails_renaming.renamed(organization, before=before, by=by)
    return organization
