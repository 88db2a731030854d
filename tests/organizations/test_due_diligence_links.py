"""From the due diligence of an organization to all about it; what waits for whom; its history."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from organizations.actions import due_diligence_work as work
from organizations.actions.due_diligence_moves import EVENTS
from organizations.admin.due_diligence_timeline import TITLES
from organizations.models import (
    DueDiligence,
    Organization,
    OrganizationDocument,
    PossibleDuplicate,
    User,
)
from submissions.timeline import STAFF_TITLES
from tests import factories
from tests.organizations.screening import PLANTED, planted, take
from tests.organizations.test_due_diligence_page import LIST, address, body
from tests.organizations.test_due_diligence_steps import under_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(organization: Organization, owner: User, reviewer: User) -> DueDiligence:
    take([PLANTED])
    return under_review(organization, reviewer)


def document(organization: Organization) -> OrganizationDocument:
    paper = OrganizationDocument(
        organization=organization,
        kind=OrganizationDocument.Kind.STATUTES,
        name="statutes.pdf",
        size=9,
        sha256="0" * 64,
        content_type="application/pdf",
        scan=OrganizationDocument.Scan.CLEAN,
        scanned_at=timezone.now(),
    )
    paper.file.save("organizations/document.pdf", ContentFile(b"%PDF-1.7\n"), save=False)
    paper.save()
    return paper


def test_page_leads_to_everything_about_the_organization_and_back(
    cycle: DueDiligence, organization: Organization, reviewer_client: Client
) -> None:
    organization.website, organization.registration_number = "https://climate.example", "MW-17"
    organization.save()
    paper = document(organization)
    page = body(reviewer_client, address(cycle))
    profile = f"/admin/organizations/organization/{organization.pk}/change/"
    queue = f"/admin/submissions/submission/?queue=all&amp;organization={organization.pk}"
    for target in (
        profile,
        queue,
        "https://climate.example",
        f"/admin/organizations/organization/documents/{paper.pk}/",
    ):
        assert f'href="{target}"' in page
    assert "MW-17" in page
    assert reviewer_client.get(queue.replace("&amp;", "&")).status_code == 200
    assert f'href="{address(cycle)}"' in body(reviewer_client, profile)


def test_what_an_application_or_a_hit_waits_for_stands_under_waiting_for_us(
    organization: Organization, reviewer_client: Client
) -> None:
    row = DueDiligence.objects.get(organization=organization)
    assert organization.name not in body(reviewer_client, LIST)
    work.note_application(organization, category="", engagement=["demand"])
    assert organization.name in body(reviewer_client, LIST)
    DueDiligence.objects.filter(pk=row.pk).update(engagement=[])
    assert organization.name not in body(reviewer_client, LIST)
    planted(organization)
    assert organization.name in body(reviewer_client, LIST)


@pytest.mark.parametrize("sent", [factories.demand, factories.offer])
def test_a_demand_or_offer_sent_alone_stands_there_as_well(
    organization: Organization, owner: User, reviewer_client: Client, sent: Callable[..., object]
) -> None:
    sent(owner)
    assert organization.name in body(reviewer_client, LIST)
    sent(owner)
    assert len(DueDiligence.objects.get(organization=organization).engagement) == 1


def test_members_are_told_what_they_wait_for(
    organization: Organization, owner_client: Client
) -> None:
    page = body(owner_client, "/organization/")
    assert "begins its checks when your first application arrives" in page
    work.note_application(organization, category="", engagement=["demand"])
    page = body(owner_client, "/organization/")
    assert "Your application has arrived. The secretariat begins its checks next" in page
    assert "when your first application arrives" not in page


def test_reviewers_read_the_type_and_choose_among_those_in_use(
    organization: Organization, reviewer_client: Client
) -> None:
    term = organization.type
    page = body(reviewer_client, f"/admin/organizations/organization/{organization.pk}/change/")
    assert str(term) in page
    assert "/admin/alliance/term/" not in page
    assert 'class="closelink">Back to the list</a>' in page
    page = body(reviewer_client, "/admin/organizations/organization/")
    assert page.count("type__id__exact=") <= 1


# What stands in the timeline of an organization or a submission ...
SHOWN = ("organization.", "member.", "due_diligence.", "screening.", "submission.")
# ... but for what is about a person, or about a draft that is gone with it.
NOT_SHOWN = ("member.join_", "submission.discarded")
_RECORDED = re.compile(r'record\(\s*f?"([a-z_]+\.[a-z_{}]+)"')


def recorded() -> set[str]:
    """Every event name that the code records by a literal, or by a table of arrows."""
    names = set(EVENTS.values())
    for app in ("alliance", "organizations", "knowledge", "submissions"):
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            names.update(_RECORDED.findall(path.read_text()))
    names.discard("organization.duplicate_{status}")
    settled = set(PossibleDuplicate.Status) - {PossibleDuplicate.Status.OPEN}
    return names | {f"organization.duplicate_{status}" for status in settled}


def test_every_event_has_words_for_staff() -> None:
    shown = {name for name in recorded() if name.startswith(SHOWN)}
    told = {name for name in shown if not name.startswith(NOT_SHOWN)}
    assert told - (TITLES.keys() | STAFF_TITLES.keys()) == set()
    assert len(told) > 40
