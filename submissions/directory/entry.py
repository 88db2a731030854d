"""What is said in public of an organization: name, place, kind, profile, and what it works on.

People's names and addresses, papers, checks and what was answered in confidence are not among it.
"""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.text import Truncator

from alliance import vocabularies
from alliance.files.pdf_language import language_of
from alliance.vocabularies import GLOBAL, REGIONAL
from knowledge.folding import config_of, fold
from knowledge.indexing.vectors import weighted
from organizations.models import Organization
from submissions.models import PublicKind, Submission
from submissions.public.content import EXCERPT_CHARACTERS, Content, slug_of

# What is too short to tell is read as most of what is written here.
_LANGUAGE = "en"
_ENTITIES = {Organization.Scope.REGIONAL: REGIONAL, Organization.Scope.GLOBAL: GLOBAL}


def address_of(pk: int, slug: str) -> str:
    """Its page; names of signs alone leave no slug."""
    return reverse("directory:page", args=[pk, slug or "organization"])


def public_address(organization: Organization) -> str:
    return address_of(organization.pk, slug_of(organization.name))


def place_code(organization: Organization) -> str:
    """Its country, or the code of an entity of a region or of the world."""
    return organization.country_id or _ENTITIES[Organization.Scope(organization.scope)]


def themes_of(organization: Organization) -> list[str]:
    """The themes of what it has published now: an application names none."""
    published = Submission.objects.published().filter(organization=organization).order_by("pk")
    themes: Iterable[list[str]] = published.values_list("themes", flat=True)
    return list(dict.fromkeys(code for codes in themes for code in codes))


def listed_since(organization: Organization, application: Submission) -> datetime:
    """When it was first listed: what leaves and comes back is nothing new.

    The first time that is when it was approved, or agreed to be shown where it has done so later.
    """
    if organization.first_listed_at is not None:
        return organization.first_listed_at
    said_at = organization.listing_said_at
    return max(application.status_at, said_at) if said_at else application.status_at


def content_of(organization: Organization, application: Submission) -> Content:
    """The entry of a listed organization, approved by this application."""
    text = " ".join(organization.description.split())
    language = language_of(text) or _LANGUAGE
    config = config_of(language)
    excerpt = Truncator(text).chars(EXCERPT_CHARACTERS)
    kind = vocabularies.label("organization-type", organization.type.code)
    return Content(
        kind=PublicKind.ORGANIZATION,
        organization_id=organization.pk,
        title=organization.name,
        since=listed_since(organization, application),
        changed_at=listed_since(organization, application),
        facets={
            "country": [place_code(organization)],
            "region": [application.region],
            "sdg": application.sdgs,
            "category": [application.partner_category],
            "theme": themes_of(organization),
        },
        card={
            "country": place_code(organization),
            "type": organization.type.code,
            "excerpt": excerpt,
            "goals": application.sdgs,
            "language": language,
            "config": config,
            "folded": [fold(organization.name, config), fold(excerpt, config)],
        },
        words=weighted(
            language,
            (organization.name, "A"),
            (f"{organization.place} {kind} {organization.type_other}", "B"),
            (text, "C"),
        ),
    )
