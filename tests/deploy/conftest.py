from collections.abc import Iterator

import pytest

from tests.clamd import running_clamd
from tests.deploy.installation import PAPER, Installation, make_sure_of_programs, wait_until

ROWS = """
import hashlib, json
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from alliance.models import ScannedFile
from organizations.models import Membership, OrganizationDocument
from tests import factories
from tests.knowledge.factories import add_pdf, make_report
def cookie(person):
    return factories.logged_in(person).cookies[settings.SESSION_COOKIE_NAME].value
content = %r
place = factories.organization()
owner = factories.member(place, Membership.Role.OWNER)
stranger = factories.member(factories.organization(), Membership.Role.OWNER)
document = OrganizationDocument(
    organization=place, kind="statutes", name="our statutes.pdf", size=len(content),
    sha256=hashlib.sha256(content).hexdigest(), content_type="application/pdf", added_by=owner,
    scan=ScannedFile.Scan.WAITING, scan_due_at=timezone.now(),
)
document.file.save("organizations/document.pdf", ContentFile(content), save=False)
document.save()
version = add_pdf(make_report("Reading the Rain"), pages=40)
with version.file.open("rb") as file:
    size = len(file.read())
print(json.dumps({
    "owner": cookie(owner), "stranger": cookie(stranger), "cookie": settings.SESSION_COOKIE_NAME,
    "paper": f"/organization/documents/{document.pk}/", "paper_file": document.file.name,
    "pdf": version.get_absolute_url(), "pdf_file": version.file.name, "pdf_size": size,
    "etag": f'"{version.sha256}"',
}))
"""


@pytest.fixture(scope="session")
def installed() -> Iterator[Installation]:
    """A machine on which the script has run once."""
    make_sure_of_programs()
    with running_clamd() as clamd:
        clamd.folder.chmod(0o755)  # the portal runs under another account
        machine = Installation(clamd.url)
        try:
            machine.first_words = machine.install(**machine.first_choices)
            yield machine
        finally:
            machine.remove()


@pytest.fixture(scope="session")
def rows(installed: Installation) -> dict[str, str]:
    """People, a private paper and a public report, whose files the worker has found clean."""
    found: dict[str, str] = installed.run(ROWS % PAPER)
    wait_until(lambda: installed.ask(found["pdf"], method="HEAD").status == 200, seconds=60)
    return found
