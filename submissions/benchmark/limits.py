"""What each page may cost: at most so many times a bare page, and so many queries."""

import math
import uuid
from collections.abc import Iterator
from itertools import repeat
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from django.urls import reverse

from alliance.benchmark import Line
from alliance.drawn_pages import forget
from knowledge.indexing import index_due
from knowledge.models import IndexChange
from submissions.benchmark import bare, published, report_rows, rows
from submissions.benchmark.copying import tidy
from submissions.benchmark.listed_rows import listed
from submissions.benchmark.meter import Request, Subject
from submissions.desk import Desk
from submissions.directory.entry import public_address
from submissions.directory.writing import follow_marked
from submissions.models import Kind, PublicChange, Submission
from submissions.public.addresses import address
from submissions.public.content import slug_of

WRITTEN = {"application": Kind.EXPRESSION_OF_INTEREST, "Demand": Kind.DEMAND, "Offer": Kind.OFFER}
SENT = {"application": Kind.EXPRESSION_OF_INTEREST, "Demand": Kind.DEMAND}
_KEEPING = "alliance.kept_pages.kept_pages"
# Whoever is logged in costs two queries: the session, the person.
LOGIN = 2


class Limit(NamedTuple):
    """What a page may cost; no `times` where its time is measured and nothing is promised of it."""

    subject: Subject
    times: float | None
    reference: str
    queries: int

    def lines(self, references: dict[str, Subject], slack: float) -> Iterator[Line]:
        """What was measured; `slack` multiplies the limit of time."""
        ratio = self.subject.median / references[self.reference].median
        name = self.subject.name
        limit = math.inf if self.times is None else self.times * slack
        yield Line(name, ratio, limit, unit=f"x {self.reference}")
        yield Line(f"{name}: queries", self.subject.queries, self.queries)


def references() -> dict[str, Subject]:
    """The bare pages by the names that limits call them by."""
    application = bare.application()

    def subject(name: str, request: Request, status: int = 200) -> Subject:
        return Subject(f"bare {name}", application, repeat(request), status)

    return {
        "page": subject("page", Request("/bare/page/")),
        "list": subject("list", Request("/bare/list/")),
        "form": subject("form", Request("/bare/form/")),
        "post": subject("post", Request("/bare/form/", data=bare.POSTED), 302),
    }


def limits(records: int, *, posts: int) -> list[Limit]:
    """All limits, with `records` reports and as many submissions in the queue.

    `posts` is how many submissions will be sent of each kind.
    """
    application = _without_kept_pages()
    found = [
        *_public(application, records),
        *_forms(application),
        *_sent(application, posts),
        *_secretariat(application, records),
    ]
    _as_the_worker_does()
    return found


def _as_the_worker_does() -> None:
    """Within half a minute: nothing is kept before, and many changes are told apart no longer.

    And as the database does by itself after so many rows.
    """
    index_due()
    while follow_marked():
        pass
    tidy()


def _public(application: WSGIHandler, records: int) -> Iterator[Limit]:
    pages = _public_pages(records)
    for page in pages:
        subject = Subject(page.name, application, repeat(Request(page.path)))
        yield Limit(subject, page.times, "list", page.queries)
    for page in pages:
        yield from _drawn_anew(application, page)
    whole = WSGIHandler()
    for page in pages:
        if page.is_kept:
            asked = repeat(Request(page.path, takes_gzip=True))
            subject = Subject(f"{page.name}, kept", whole, asked)
            subject.before = subject.answer  # others have published since: only then is it kept
            yield Limit(subject, 2, "page", 1)


class _Page(NamedTuple):
    """A page that anybody reads; `is_kept` for one whose whole answer visitors get from memory."""

    name: str
    path: str
    times: float
    queries: int
    is_kept: bool = False
    is_of_one: bool = False  # and not a list


def _public_pages(records: int) -> list[_Page]:
    report_rows.reports(records)
    report = report_rows.whole_report()
    organization = listed(records)
    library, demand = reverse("library:list"), published.demands(records)
    return [
        _Page("home", reverse("home"), 1.3, 4, is_kept=True),
        _Page(f"library list of {records:,}", library, 1.6, 5, is_kept=True),
        _Page("report page", report.get_absolute_url(), 1.3, 5, is_kept=True, is_of_one=True),
        _Page(f"search in {records:,} reports", f"{library}?q=river+gauge", 2.2, 5),
        _Page(f"directory of {records:,}", reverse("directory:list"), 1.6, 5),
        _Page(f"map of {records:,}", reverse("directory:map"), 1.6, 5),
        _Page("organization's page", public_address(organization), 1.3, 5, is_of_one=True),
        _Page(f"board of {records:,}", reverse("demands"), 1.6, 5, is_kept=True),
        _Page("demand page", _public_url(demand), 1.3, 5, is_kept=True, is_of_one=True),
        _Page("login page", reverse("account_login"), 0.8, 1),
    ]


def _drawn_anew(application: WSGIHandler, page: _Page) -> Iterator[Limit]:
    """Pages of one thing once something else has been published, and where none was drawn before.

    The limit is for the first: that is what readers of a page meet again and again. The second comes
    once to each process for each change of the page itself.
    """
    if page.is_of_one:
        asked = repeat(Request(page.path))
        name = f"{page.name}, another published"
        subject = Subject(name, application, asked, before=_publish_another)
        yield Limit(subject, page.times, "list", page.queries)
        subject = Subject(f"{page.name}, first drawn", application, asked, before=forget)
        yield Limit(subject, None, "list", page.queries)


def _publish_another() -> None:
    """What is left behind by whatever comes into the library or onto the board.

    And by the worker, which drops earlier ones: else every page that is measured later counts them.
    """
    for change in (IndexChange, PublicChange):
        change.objects.all().delete()
        change.objects.create()


def _without_kept_pages() -> WSGIHandler:
    """The portal as it answers whoever finds no answer kept; parts of pages are kept all the same."""
    middleware = [name for name in settings.MIDDLEWARE if name != _KEEPING]
    with override_settings(MIDDLEWARE=middleware):
        return WSGIHandler()


def _public_url(submission: Submission) -> str:
    return address(submission.kind, str(submission), slug_of(submission.title))


def _forms(application: WSGIHandler) -> Iterator[Limit]:
    person = rows.owner(rows.organization())
    session = rows.session_of(person)
    for name, kind in WRITTEN.items():
        desk = Desk(kind, person.memberships.get(), uuid.uuid4())
        requests = repeat(Request(f"{desk.address}?{urlencode({'draft': desk.token})}", session))
        yield Limit(Subject(f"first page, {name}", application, requests), 0.5, "form", 5)


def _sent(application: WSGIHandler, posts: int) -> Iterator[Limit]:
    for name, kind in SENT.items():
        requests = iter([_sending(rows.draft(kind)) for _number in range(posts)])
        yield Limit(
            Subject(f"submit of a form, {name}", application, requests, 302), 4, "post", 15 + LOGIN
        )


def _sending(draft: Submission) -> Request:
    """A press of Submit on the page that shows everything once more."""
    assert draft.saved_by is not None
    return Request(
        reverse("submissions:check", args=[draft.uuid]),
        rows.session_of(draft.saved_by),
        {"version": draft.version, "documents": ""},
    )


def _secretariat(application: WSGIHandler, records: int) -> Iterator[Limit]:
    session = rows.session_of(rows.senior_reviewer())
    last = rows.received(records)
    queue = reverse("admin:submissions_submission_changelist")
    review = reverse("admin:submissions_submission_change", args=[last.pk])
    pages = [(f"review queue of {records:,}", queue, 12, 12), ("review page", review, 15, 30)]
    for name, path, times, queries in pages:
        subject = Subject(name, application, repeat(Request(path, session)))
        yield Limit(subject, times, "list", queries)
