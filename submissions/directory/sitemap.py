"""The directory's pages for search engines."""

from typing import Any

from django.db.models import QuerySet

from knowledge.machines.sitemaps import PER_SITEMAP, OurSitemap
from organizations.models import Organization
from submissions.directory.entry import public_address
from submissions.directory.listed import listed


class OrganizationSitemap(OurSitemap):
    """The page of each listed organization."""

    limit = PER_SITEMAP

    def items(self) -> QuerySet[Organization, Any]:
        return listed().only("pk", "name").order_by("pk")

    def location(self, item: Organization) -> str:
        return public_address(item)
