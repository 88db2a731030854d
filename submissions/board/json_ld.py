"""A Demand or Offer in schema.org's words, as search engines read it from its page.

An institution's offer of work without a price is no `Offer` of schema.org, which is about selling:
both are a `CreativeWork` of an organization, with the goals it serves as its subjects.

Sources: https://schema.org/CreativeWork, https://schema.org/BreadcrumbList.
"""

from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

from alliance.widgets import goal_number
from knowledge.machines.json_ld import script_text
from submissions.board.item import Shown


def of_page(shown: Shown, context: dict[str, Any]) -> SafeString:
    """For the page with this context (`item.item_page`)."""
    address = settings.SITE_URL + shown.url
    submission, place = shown.submission, shown.submission.organization
    organization: dict[str, Any] = {"@type": "Organization", "name": place.name}
    if place.country:
        organization["address"] = {
            "@type": "PostalAddress",
            "addressCountry": place.country_id,
        }
    item = {
        "@type": "CreativeWork",
        "@id": address,
        "url": address,
        "identifier": context["reference"],
        "name": shown.title,
        "abstract": context["summary"],
        "creator": organization,
        "datePublished": submission.published_at.date().isoformat(),  # type: ignore[union-attr]
        "expires": submission.expires_on.isoformat(),  # type: ignore[union-attr]
        "about": [
            {"@id": f"http://metadata.un.org/sdg/{goal_number(goal.code)}", "name": goal.label}
            for goal in context["goals"]
        ],
    }
    crumbs = [*context["crumbs"], ("", context["reference"])]
    trail = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place_in_row,
                "name": str(label),
                "item": settings.SITE_URL + url if url else address,
            }
            for place_in_row, (url, label) in enumerate(crumbs, start=1)
        ],
    }
    return script_text({"@context": "https://schema.org", "@graph": [item, trail]})
