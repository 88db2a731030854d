"""The board's pages for search engines."""

from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from knowledge.machines.sitemaps import PER_SITEMAP, OurSitemap
from submissions.models import PublicEntry, Submission
from submissions.public.addresses import address


class BoardSitemap(OurSitemap):
    """The page of each published Demand and Offer, with the day of its last change."""

    limit = PER_SITEMAP

    def items(self) -> QuerySet[Submission, Any]:
        shown = Submission.objects.published().cleared().filter(public_entry__isnull=False)
        return shown.order_by("pk").values_list(
            "kind", "reference", "public_entry__slug", "public_entry__changed_at"
        )

    def location(self, item: tuple[str, str, str, datetime]) -> str:
        kind, reference, slug, _changed_at = item
        return address(kind, reference, slug)

    def lastmod(self, item: tuple[str, str, str, datetime]) -> datetime:
        return item[3]

    def get_latest_lastmod(self) -> datetime | None:
        """Asked of the database: Django's own would read all of them for it."""
        return PublicEntry.objects.aggregate(last=Max("changed_at"))["last"]
