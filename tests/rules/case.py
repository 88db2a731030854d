"""The running portal with rows on every page, and the paths of the pages that need them.

Used by `tests/rules/conftest.py`, for all tests of the rules that look with a browser.
"""

import json
import re
from typing import Any

import pytest

from tests.portal import Portal

# An organization whose application is up for decision; its owner logs in with PASSWORD.
# The senior reviewer has recovery codes, as everybody who set up a second factor.
CASE = """
import json
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from organizations.models import Membership, Organization, User
from submissions.renewal_links import renewal_link
from tests import factories
from tests.rules.full import fill
from tests.submissions.asking import answered, asked
from tests.submissions.publishing import change, ends_in
# Other tests of the same portal make organizations whose logo is a name alone.
logo = Organization.objects.exclude(logo__in=["", factories.NO_PICTURE]).first().logo.name
place = factories.organization(name="Meteorological Service of Malawi", logo=logo)
RecoveryCodes.activate(User.objects.get(email="senior@example.org"))
owner = factories.member(place, Membership.Role.OWNER, email="pages@example.org")
reviewer = User.objects.get(email="reviewer@example.org")
case = factories.for_decision(owner, reviewer=reviewer)
live = ends_in(factories.demand(owner, "published"), 9)
change(live, owner, "We ask for partners with radio networks.")
offer = answered(asked(factories.offer(owner), reviewer, "outcomes"), owner, outcomes="Two radios.")
asked(offer, reviewer, "description", "themes", "geography", "attachments", "")
fill(owner)
print(json.dumps({
    "uuid": str(case.uuid), "pk": case.pk, "password": factories.PASSWORD,
    "live_uuid": str(live.uuid), "live_pk": live.pk, "renewal": renewal_link(live, owner),
    "asked_uuid": str(offer.uuid), "asked_pk": offer.pk,
}))
"""


@pytest.fixture(scope="session")
def case(portal: Portal) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(portal.run(CASE).splitlines()[-1])
    return found


@pytest.fixture(scope="session")
def found_paths(portal: Portal, case: dict[str, Any]) -> dict[str, str]:
    return paths_of(portal, case)


def paths_of(portal: Portal, case: dict[str, Any]) -> dict[str, str]:
    """The paths of the pages that are named by what they show."""
    [report, *_others] = re.findall(r'href="(/library/\d+-[^"]+/)"', portal.get("/library/"))
    [demand, *_others] = re.findall(r'href="(/demands/DEM-[^"]+/)"', portal.get("/demands/"))
    return {
        "report": report,
        "demand": demand,
        "nowhere": "/nowhere/",
        "search": "/library/?q=exchange",
        "no result": "/library/?q=zzz",
        "found": "/search/?q=exchange",
        "found nothing": "/search/?q=zzz",
        "submission": f"/submissions/{case['uuid']}/",
        "received": f"/submissions/{case['uuid']}/received/",
        "withdraw": f"/submissions/{case['uuid']}/withdraw/",
        "published": f"/submissions/{case['live_uuid']}/",
        "close": f"/submissions/{case['live_uuid']}/close/",
        "questions": f"/submissions/{case['asked_uuid']}/",
        "questions review": f"/admin/submissions/submission/{case['asked_pk']}/change/",
        "renewal": "/renew/" + case["renewal"].rstrip("/").rpartition("/")[2] + "/",
        "change": f"/admin/submissions/submission/{case['live_pk']}/change/",
        "review": f"/admin/submissions/submission/{case['pk']}/change/",
        "history": f"/admin/submissions/submission/{case['pk']}/history/",
    }
