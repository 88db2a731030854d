"""What requests cost a portal on several machines: `make bench-machines` prints it."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection

from organizations.models import Membership, User
from submissions.models import Attachment, Kind
from tests import factories
from tests.rules.machines import TOKEN, Browser, Machines, running_machines
from tests.swift import BUCKET

pytestmark = [
    pytest.mark.usefixtures("contents"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("swift"),
    pytest.mark.whole,
]

SIZES = (20_000, 5 * 2**20)  # bytes
ROUNDS, REQUESTS = 5, 30


def used(pids: Iterator[int]) -> float:
    """Milliseconds of the processor that these processes have taken so far."""
    ticks = 0
    for pid in pids:
        with suppress(OSError):
            words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(words[11]) + int(words[12])
    return 1000 * ticks / os.sysconf("SC_CLK_TCK")


def in_groups_of(*leaders: int) -> Iterator[int]:
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getpgid(int(place.name)) in leaders:
                yield int(place.name)


def of_the_database() -> Iterator[int]:
    """The processes that answer the portal: PgBouncer keeps its lines to them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        rows = cursor.fetchall()
    yield from (pid for (pid,) in rows)


Asked = tuple[str, str]  # an address, and what is posted to it
NAMES = ("web servers", "database", "replica", "nginx", "by the clock")


def cost(
    machines: Machines, browser: Browser, ask: Callable[[], list[Asked]], size: int = 0
) -> dict[str, float]:
    """Milliseconds of the processor for each request, the least of several rounds of what `ask` says."""
    rounds = []
    with closing(browser.nginx.line()) as line:
        for _ in range(ROUNDS):
            asked = ask()
            before, begun = _now(machines), time.perf_counter()
            for address, form in asked:
                kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
                method = "POST" if form else "GET"
                line.request(method, address, form, headers=browser.headers() | kind)
                answer = line.getresponse()
                content = answer.read()
                assert answer.status == (302 if form else 200)
                assert not size or len(content) == size
            after, spent = _now(machines), 1000 * (time.perf_counter() - begun)
            rounds.append([now - then for now, then in zip(after, before, strict=True)] + [spent])
    least = [min(column) / REQUESTS for column in zip(*rounds, strict=True)]
    return dict(zip(NAMES, least, strict=True))


def again(address: str) -> Callable[[], list[Asked]]:
    return lambda: REQUESTS * [(address, "")]


def sending(owner: User) -> list[Asked]:
    """An Offer for each request."""
    drafts = [factories.draft(owner, Kind.OFFER) for _ in range(REQUESTS)]
    forms = [
        {"version": draft.version, "documents": "", "csrfmiddlewaretoken": TOKEN}
        for draft in drafts
    ]
    addresses = [f"/submissions/{draft.uuid}/check/" for draft in drafts]
    return list(zip(addresses, map(urlencode, forms), strict=True))


def _now(machines: Machines) -> list[float]:
    web = in_groups_of(*(process.pid for process in machines.web))
    databases = used(of_the_database()), used(iter(machines.replica.processes()))
    return [used(web), *databases, used(in_groups_of(machines.nginx.process.pid))]


def papers(machines: Machines, owner: User) -> dict[int, str]:
    """Addresses of papers of these sizes, in the bucket alone."""
    addresses = {}
    client = machines.swift.client("office:portal", "portals-key")
    for size in SIZES:
        paper = factories.attachment(factories.draft(owner), by=owner)
        name = f"attachments/{size}.pdf"
        client.put_object(Bucket=BUCKET, Key=f"private/{name}", Body=bytes(size))
        Attachment.objects.filter(pk=paper.pk).update(file=name)
        addresses[size] = f"/submissions/{paper.submission.uuid}/attachments/{paper.pk}/"
    return addresses


@pytest.mark.parametrize("sender", ["nginx", "Python"])
def test_no_byte_that_nginx_sends_costs_the_web_servers(
    sender: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by_nginx = str(int(sender == "nginx"))
    found: dict[str, dict[str, float]] = {}
    with running_machines(tmp_path, X_ACCEL_REDIRECT=by_nginx) as machines:
        owner = factories.member(factories.organization(), Membership.Role.OWNER)
        cookies = factories.logged_in(owner).cookies
        member = Browser(machines.nginx, {name: word.value for name, word in cookies.items()})
        form = str(member.get("/offers/new/").headers["Location"])
        if sender == "nginx":
            visitor = Browser(machines.nginx)
            found["kept page"] = cost(machines, visitor, again("/library/"))
            numbers = count()

            def searches() -> list[Asked]:
                return [(f"/library/?q=rain+{next(numbers)}", "") for _ in range(REQUESTS)]

            found["search in the library"] = cost(machines, visitor, searches)
            machines.replica.kill()
            found["the same without its replica"] = cost(machines, visitor, searches)
            found["first page of a form"] = cost(machines, member, again(form))
            found["submit of an Offer"] = cost(machines, member, partial(sending, owner))
        downloads = {
            size: cost(machines, member, again(address), size)
            for size, address in papers(machines, owner).items()
        }
    found |= {f"{size:,} bytes, sent by {sender}": each for size, each in downloads.items()}
    with capsys.disabled():
        for what, each in found.items():
            costs = ", ".join(f"{name} {value:.1f}" for name, value in each.items())
            print(f"\n{what}, ms: {costs}")
    small, large = (downloads[size]["web servers"] for size in SIZES)
    assert (large < 1.5 * small) == (sender == "nginx")
