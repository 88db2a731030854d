"""Rows that make the public pages as full as they get: lists of several pages, long words."""

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from knowledge.indexing import index_due
from organizations.models import User
from tests import factories
from tests.knowledge.factories import make_report
from tests.submissions.listing import listed

MANY = 21  # one more than a page of a list holds
LONG = "Donaudampfschifffahrtsgesellschaftskapitänspatentprüfungsordnung"
TITLE = f"How {LONG} and early warnings by radio reach the villages along the river, part"
TEXT = "Rain gauges, village radios and a timetable that all ministries share. " * 6
# More than any report of the library names.
SDGS = [f"sdg-{number:02}" for number in range(1, 8)]
THEMES = ["health", "agri-food", "poverty-social", "education-skills", "climate", "drr-resilience"]


def fill(owner: User, many: int = MANY) -> None:
    """Reports and organizations, Demands and Offers of the owner's, that anybody can read."""
    pictures = storages["pictures"]
    with owner.memberships.get().organization.logo.open() as file:
        picture = file.read()
    for number in range(many):
        make_report(
            f"{TITLE} {number}",
            year=2000 + number,
            publisher=f"Institute of {LONG}",
            languages=["en", "fr"],
            sdgs=SDGS,
            themes=THEMES,
            countries=["MW", "NP", "CW"],
            authors=[("Thandiwe", "Mwakasungula"), ("Chikondi", LONG)],
            edition_abstract=TEXT,
            edition_key_findings=TEXT,
        )
    index_due()
    for number in range(many):
        factories.demand(
            owner, "published", description=f"{TITLE} {number}. {TEXT}", themes=THEMES[:3]
        )
        # Named as pictures are, or nobody is given them.
        logo = pictures.save(f"{number:02x}/{number:032x}.webp", ContentFile(picture))
        listed(name=f"Institute of {LONG} {number}", logo=logo)
    factories.offer(owner, "published", description=f"{TITLE} {many}. {TEXT}", themes=THEMES[:3])
