"""What an organization's page shows, put together from its rows."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.core.paginator import Page
from django.db.models import Count, QuerySet, Subquery, Window
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from alliance import vocabularies
from alliance.browsing.lines import goals_of
from alliance.browsing.paging import PER_PAGE, CountedPaginator
from alliance.prepared import Prepared
from knowledge.machines.json_ld import script_text
from organizations.models import Organization
from submissions.directory.entry import place_code, public_address
from submissions.directory.listing import place_name
from submissions.models import PublicEntry, PublicKind, Submission
from submissions.public.addresses import address

Link = tuple[str, str]


class Item(NamedTuple):
    """One of its published Demands or Offers."""

    entry: PublicEntry
    kind: str
    url: str
    excerpt: str


class Published(NamedTuple):
    """A page of what an organization has published, the newest first."""

    page: Page[Any]
    entries: list[Any]  # PublicEntry, with `total` and `of_all`


def page_of(
    organization: Organization, application: Submission | None, published: Published
) -> dict[str, Any]:
    """The context of the page; without an approved application less is known."""
    tags = [tag for entry in published.entries for tag in [*(entry.of_all or []), *entry.facets]]
    crumbs = [(reverse("directory:list"), _("Organizations"))]
    return {
        "organization": organization,
        "type": vocabularies.label("organization-type", organization.type.code),
        "place": _link("country", place_code(organization), place_name(place_code(organization))),
        "regions": _terms("region", [application.region]) if application else [],
        "categories": _terms("category", [application.partner_category]) if application else [],
        "themes": _terms("theme", _codes(tags, "theme")),
        "goals": goals_of(application.sdgs) if application else [],
        "since": application.status_at if application else None,
        "summary": Truncator(" ".join(organization.description.split())).chars(200),
        "page": published.page,
        "items": [_item(entry) for entry in published.entries],
        "crumbs": crumbs,
        "address": public_address(organization),
        "structured_data": _structured(organization),
    }


def published_by(organization: Organization, number: int) -> Published:
    """The page of that number; each entry brings the choices of all of them along, in `of_all`."""
    first = (number - 1) * PER_PAGE
    if number == 1:
        found = _newest_of.all(organization.pk)
    else:
        found = list(_published(organization.pk)[first : first + PER_PAGE])
        if not found:
            return published_by(organization, 1)
    page = CountedPaginator(found[0].total if found else 0).get_page(number)
    return Published(page, found)


def _published(organization: int) -> QuerySet[Any]:
    own = PublicEntry.objects.filter(kind=PublicKind.ORGANIZATION, organization=organization)
    return (
        PublicEntry.objects.filter(organization=organization, submission__isnull=False)
        .annotate(total=Window(Count("pk")), of_all=Subquery(own.values("facets")[:1]))
        .defer("words")
        .order_by("-since", "-pk")
    )


_newest_of = Prepared(lambda organization: _published(organization)[:PER_PAGE], int)


def _item(entry: PublicEntry) -> Item:
    return Item(
        entry,
        str(entry.get_kind_display()),
        address(entry.kind, entry.card["reference"], entry.slug),
        entry.card["excerpt"],
    )


def _codes(tags: Iterable[str], facet: str) -> list[str]:
    """Each code of the facet once, in the order in which they come."""
    tagged = (tag.partition(":") for tag in tags)
    return list(dict.fromkeys(code for name, _colon, code in tagged if name == facet))


def _terms(facet: str, codes: Any) -> list[Link]:
    vocabulary = {"category": "partner-category"}.get(facet, facet)
    return [_link(facet, code, vocabularies.label(vocabulary, code)) for code in codes if code]


def _link(facet: str, code: str, label: str) -> Link:
    """To the list of all that have this in common."""
    return f"{reverse('directory:list')}?{urlencode({facet: code})}", label


def _structured(organization: Organization) -> SafeString:
    """For search engines, in the words of https://schema.org/Organization."""
    country = organization.country
    said = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": organization.name,
        "url": organization.website or settings.SITE_URL + public_address(organization),
        "mainEntityOfPage": settings.SITE_URL + public_address(organization),
        "description": organization.description,
        "logo": settings.SITE_URL + organization.logo.url if organization.logo else "",
        "address": {"@type": "PostalAddress", "addressCountry": country.iso2} if country else {},
    }
    return script_text({name: value for name, value in said.items() if value})
