"""Owners of organizations for journeys that begin after the registration."""

from playwright.sync_api import Page

from tests.factories import PASSWORD
from tests.portal import Portal


def make_owner(portal: Portal, email: str, institution: str) -> None:
    """An owner called Wanjiru Mwangi who logs in with PASSWORD, and the organization."""
    portal.run(
        "from organizations.models import Membership\n"
        "from tests import factories\n"
        f"place = factories.organization(name={institution!r})\n"
        "factories.member(place, Membership.Role.OWNER, email="
        f"{email!r}, first_name='Wanjiru', last_name='Mwangi')"
    )


def let_the_proof_age(portal: Portal, email: str) -> None:
    """As if this person had logged in ten minutes ago."""
    portal.run(
        "from importlib import import_module\n"
        "from django.conf import settings\n"
        "from django.contrib.sessions.models import Session\n"
        "from organizations.models import User\n"
        f"key = str(User.objects.get(email={email!r}).pk)\n"
        "store = import_module(settings.SESSION_ENGINE).SessionStore\n"
        "for row in Session.objects.all():\n"
        "    session = store(row.session_key)\n"
        "    if session.get('_auth_user_id') == key:\n"
        "        for record in session['account_authentication_methods']:\n"
        "            record['at'] -= 600\n"
        "        session.save()"
    )


def clear_organization(portal: Portal, institution: str) -> None:
    portal.run(
        "from organizations.models import Organization\n"
        "from tests import factories\n"
        f"factories.clear(Organization.objects.get(name={institution!r}))"
    )


def let_it_end_in_a_week(portal: Portal, reference: str) -> None:
    """As if what is published were 51 weeks old."""
    portal.run(
        "from datetime import timedelta\n"
        "from django.utils import timezone\n"
        "from submissions.models import Submission\n"
        f"rows = Submission.objects.filter(reference={reference!r})\n"
        "assert rows.update(expires_on=timezone.localdate() + timedelta(days=7)) == 1"
    )


def prove_identity(page: Page) -> None:
    """The password once more, then back to the page that asked for it."""
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Go on", exact=True).click()
