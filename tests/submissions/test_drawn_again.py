"""Pages of one thing are drawn anew where something of theirs has changed, and only then (ADR 0071)."""

from collections.abc import Callable

import pytest
from django.test import Client

from alliance import drawn_pages, kept_pages
from alliance.models import Country, Term
from knowledge.models import Edition, EditionFile, IndexChange, Report, ReportAuthor
from organizations.models import Organization, User
from submissions.directory.entry import public_address
from submissions.directory.writing import follow_marked
from submissions.models import PublicChange, PublicEntry, Submission
from submissions.public.addresses import address
from tests import factories
from tests.knowledge.factories import add_pdf, make_report
from tests.submissions.listing import listed

pytestmark = pytest.mark.django_db

TEMPLATES = {
    "/library/": "knowledge/report_page.html",
    "/demands/": "submissions/board_item.html",
    "/organizations/": "submissions/organization_page.html",
}


@pytest.fixture
def report() -> Report:
    report = make_report(
        "Reading the Rain",
        themes=["health"],
        authors=[("Cliff", "Allum", "Dr")],
        edition_abstract="Four offices share one forecast.",
    )
    add_pdf(report)
    make_report("Near to It", themes=["health"])
    return report


@pytest.fixture
def demand(owner: User) -> Submission:
    demand = factories.demand(owner, "published", description="We read river gauges by hand.")
    factories.offer(owner, "published", description="We teach to read them.")
    follow_marked()
    return demand


def path_of(demand: Submission) -> str:
    return address(demand.kind, str(demand), PublicEntry.objects.get(submission=demand).slug)


def publish_another() -> None:
    """What whatever is published leaves behind, by which everything public has another state."""
    IndexChange.objects.create()
    PublicChange.objects.create()


def read(path: str) -> tuple[str, bool]:
    """The page, and whether it was drawn for this."""
    response = Client().get(path)
    assert response.status_code == 200
    names = {template.name for template in response.templates}
    return response.content.decode(), TEMPLATES[f"/{path.split('/')[1]}/"] in names


def test_what_is_published_elsewhere_leaves_a_page_as_it_was_drawn(
    report: Report, demand: Submission
) -> None:
    paths = [report.get_absolute_url(), path_of(demand), public_address(listed())]
    follow_marked()
    for path in paths:
        text, is_drawn = read(path)
        assert is_drawn
        publish_another()
        assert read(path) == (text, False)
        drawn_pages.forget()
        kept_pages.forget()
        assert read(path) == (text, True)


REPORT_CHANGES: list[tuple[str, Callable[[], object]]] = [
    ("Office of Rain", lambda: Report.objects.update(commissioner="Office of Rain")),
    ("Five offices", lambda: Edition.objects.update(abstract="Five offices share it.")),
    ("Mensah", lambda: ReportAuthor.objects.update(family_name="Mensah")),
    ("41 pages", lambda: EditionFile.objects.update(page_count=41)),
    ("Malawi", lambda: named("Reading the Rain").countries.set([Country.objects.get(pk="MW")])),
    ("Youth", lambda: named("Reading the Rain").themes.add(Term.objects.get(code="youth"))),
    ("Even Nearer", lambda: Report.objects.filter(title="Near to It").update(title="Even Nearer")),
    ("Named Instead", lambda: named("Reading the Rain").related.add(make_report("Named Instead"))),
]


def named(title: str) -> Report:
    return Report.objects.get(title=title)


@pytest.mark.parametrize(
    ("says", "change"), REPORT_CHANGES, ids=[says for says, _ in REPORT_CHANGES]
)
def test_a_report_is_drawn_anew_for_whatever_its_page_shows(
    says: str, change: Callable[[], object], report: Report
) -> None:
    path = report.get_absolute_url()
    assert says not in read(path)[0]
    change()
    publish_another()
    text, is_drawn = read(path)
    assert says in text
    assert is_drawn


ITEM_CHANGES: list[tuple[str, Callable[[], object]]] = [
    ("Weather Office", lambda: Organization.objects.update(name="Weather Office")),
    ("office.webp", lambda: Organization.objects.update(logo="logos/office.webp")),
    (
        "1 February 2099",
        lambda: Submission.objects.filter(kind="demand").update(expires_on="2099-02-01"),
    ),
    ("Help to Read", lambda: PublicEntry.objects.filter(kind="offer").update(title="Help to Read")),
]


@pytest.mark.parametrize(("says", "change"), ITEM_CHANGES, ids=[says for says, _ in ITEM_CHANGES])
def test_a_demand_is_drawn_anew_for_whatever_its_page_shows(
    says: str, change: Callable[[], object], demand: Submission
) -> None:
    path = path_of(demand)
    assert says not in read(path)[0]
    change()
    publish_another()
    text, is_drawn = read(path)
    assert says in text
    assert is_drawn


def test_an_organization_is_drawn_anew_for_whatever_its_page_shows(owner: User) -> None:
    place = listed()
    follow_marked()
    path = public_address(place)
    changes: list[tuple[str, Callable[[], object]]] = [
        ("We count rain.", lambda: Organization.objects.update(description="We count rain.")),
        ("office.example", lambda: Organization.objects.update(website="https://office.example")),
        ("region=arab-states", lambda: Submission.objects.update(region="arab-states")),
    ]
    for says, change in changes:
        assert says not in read(path)[0]
        change()
        publish_another()
        text, is_drawn = read(path)
        assert says in text
        assert is_drawn
