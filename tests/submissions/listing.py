"""What tests of the public directory share."""

from typing import Any

from django.test import Client

from organizations.models import Membership, Organization
from submissions.directory.entry import public_address
from tests import factories


def listed(*, agrees: bool = True, country: str = "MW", **fields: Any) -> Organization:
    """An approved, cleared organization that has agreed in its declaration to be shown."""
    place = factories.organization(country_id=country, **fields)
    owner = factories.member(place, Membership.Role.OWNER)
    senior = factories.staff("Senior reviewer")
    said = {} if agrees else {"confirm_dd-publish": None}
    sent = factories.for_decision(owner, reviewer=senior, country=country, **said)
    factories.decided(sent, "approve", by=senior)
    place.refresh_from_db()
    return place


def is_listed(place: Organization) -> bool:
    """Whether list, page and search engines' view agree that anybody finds it; and they agree."""
    client = Client()
    on_list = f'href="{public_address(place)}"' in client.get("/organizations/").content.decode()
    has_page = client.get(public_address(place)).status_code == 200
    in_sitemap = public_address(place) in client.get("/sitemap-organizations.xml").content.decode()
    assert on_list == has_page == in_sitemap
    return on_list
