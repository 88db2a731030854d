"""What search engines shall find, and what robots shall leave alone.

Sources: https://www.sitemaps.org/protocol.html, RFC 9309 (robots.txt).
"""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse
from django.utils.module_loading import import_string

from knowledge.models import Report
from knowledge.models.report import ReportQuerySet
from knowledge.search import FACETS

# The protocol allows 50,000; as many as these are made in less than a second.
PER_SITEMAP = 10_000


class OurSitemap(Sitemap):
    """With the portal's own name in its addresses."""

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        """Of the portal, not of whatever name it was asked by."""
        return urlsplit(settings.SITE_URL).netloc


class PageSitemap(OurSitemap):
    """The pages that are there once."""

    def items(self) -> list[str]:
        return list(settings.SITEMAP_PAGES)

    def location(self, item: str) -> str:
        return reverse(item)


class ReportSitemap(OurSitemap):
    """The page of each published report, with the day of its last change."""

    limit = PER_SITEMAP

    def items(self) -> ReportQuerySet:
        return Report.objects.published().only("pk", "slug", "changed_at").order_by("pk")

    def lastmod(self, item: Report) -> datetime:
        return item.changed_at

    def get_latest_lastmod(self) -> datetime | None:
        """Asked of the database: Django's own would read all reports for it."""
        return Report.objects.published().aggregate(last=Max("changed_at"))["last"]


def sections() -> dict[str, type[Sitemap] | Sitemap]:
    """By name, those of every app that has one."""
    return {name: import_string(path) for name, path in settings.SITEMAPS.items()}


# The pages of the plain list lead to every report; its filters would lead to as many addresses as
# there are combinations. Each is named: a bare question mark counts for nothing with some readers.
_LIST_ADDRESSES = {"/library/": FACETS} | settings.FACETS_OF_LISTS
_COMBINATIONS = "".join(
    f"Disallow: {path}?{name}=\n"
    for path, facets in _LIST_ADDRESSES.items()
    for name in ("q", "sort", *facets)
)
_ROBOTS = """\
User-agent: *
{combinations}Disallow: /*?q=
Disallow: /admin/
Disallow: /account/
Disallow: /dashboard/
Disallow: /drafts/
Disallow: /email-change/
Disallow: /files/
Disallow: /invitation/
Disallow: /login/
Disallow: /logout/
Disallow: /organization/
Disallow: /password/
Disallow: /submissions/
Allow: /

Sitemap: {sitemap}
"""


def robots() -> str:
    address = settings.SITE_URL + reverse("sitemap")
    return _ROBOTS.format(combinations=_COMBINATIONS, sitemap=address)
