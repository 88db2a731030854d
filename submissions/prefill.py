"""What a new application starts from: the organization's profile and the person who writes."""

from typing import Any

from django.utils.translation import gettext as _

from alliance import vocabularies
from alliance.files.forms import KeptFile
from organizations.models import Membership, Organization
from submissions.models import Submission


def application_initial(organization: Organization, membership: Membership) -> dict[str, Any]:
    """Initial values of the application form, by field name."""
    place = organization.country_id or organization.scope
    user = membership.user
    return {
        "name": organization.name,
        "country": place,
        "region": vocabularies.region_of_country(place),
        "partner_category": organization.type.data.get("category", ""),
        "website": organization.website,
        "description": organization.description,
        "lead_name": user.get_full_name(),
        "lead_title": membership.function,
        "lead_email": user.email,
    }


def kept_logo(submission: Submission) -> KeptFile | None:
    """The draft's logo as the form shows it; None once it was removed, or is gone."""
    if not submission.logo:
        return None
    if submission.logo.name == submission.organization.logo.name:
        name = _("The logo of your profile")
    else:
        name = _("The logo of this application")
    # The size would have to be asked of the storage, which may be far away, or down.
    return KeptFile(name=name)
