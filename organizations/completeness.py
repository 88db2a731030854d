"""What an organization's profile needs before its checks can end, and what of it is missing."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.text import Text
from organizations.models import Organization, OrganizationDocument, RelatedName

_STATE = "state"
_FULL = "full"
_CERTIFICATE = OrganizationDocument.Kind.REGISTRATION


@dataclass(frozen=True)
class Item:
    """One line of the checklist; `address` names the page where it is mended."""

    label: Text
    why: Text
    is_there: bool
    address: str = "organization_edit"
    anchor: str = ""


def checklist(organization: Organization) -> list[Item]:
    """Everything that is asked of this organization; two queries.

    States answer for themselves. Others are registered somewhere and have a board; those whose
    money has private or mixed sources also say whom they belong to.
    """
    kinds = set(organization.related_names.values_list("kind", flat=True))
    track = _track(organization)
    items = [
        _item(_("Organization logo"), _("It stands beside your name."), organization.logo, "logo"),
        _item(_("Website"), _("Reviewers look there first."), organization.website, "website"),
        _item(
            _("Brief description of your institution"),
            _("What you do, and for whom."),
            organization.description,
            "description",
        ),
        _item(
            _("Head of the institution"),
            _("Checked against the sanctions list of the Security Council."),
            RelatedName.Kind.HEAD in kinds,
            "head",
        ),
    ]
    if track != _STATE:
        items += _of_registered_bodies(organization, kinds)
    if track == _FULL:
        items.append(
            _item(
                _("Owners"),
                _("Whoever holds a quarter or more; checked like the head."),
                RelatedName.Kind.OWNER in kinds,
                "owner",
            )
        )
    return items


def missing_in_profile(organization: Organization) -> list[Item]:
    return [item for item in checklist(organization) if not item.is_there]


def is_profile_complete(organization: Organization) -> bool:
    return not missing_in_profile(organization)


def _of_registered_bodies(organization: Organization, kinds: set[str]) -> list[Item]:
    items = [
        _item(
            _("Registration number"),
            _("As in the register of companies, associations or charities."),
            organization.registration_number,
            "registration_number",
        ),
        _item(
            _("Board"),
            _("Those who decide; checked like the head."),
            RelatedName.Kind.BOARD in kinds,
            "board",
        ),
    ]
    certificates = organization.documents.filter(kind=_CERTIFICATE)
    items.append(
        Item(
            _("Registration certificate"),
            _("A scan or photograph of the paper."),
            certificates.exclude(scan=OrganizationDocument.Scan.REFUSED).exists(),
            address="organization_document_add",
        )
    )
    return items


def _item(label: Text, why: Text, value: object, field: str) -> Item:
    return Item(label, why, bool(value), anchor=f"id_{field}")


def _track(organization: Organization) -> str:
    """The risk track of the partner category that the organization's type belongs to."""
    category = vocabularies.term("partner-category", organization.type.data.get("category", ""))
    return str(category.data.get("track", "")) if category else ""
