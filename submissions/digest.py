"""What a digest tells of: everything new in the Alliance that its reader has chosen."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alliance import vocabularies
from alliance.text import Text
from knowledge import search
from knowledge.models import Appearance
from organizations.models import Subscription
from submissions.directory.entry import address_of
from submissions.models import PublicEntry, PublicKind
from submissions.public.addresses import address
from submissions.public.asked import PublicQuery
from submissions.public.finding import MOST
from submissions.public.rows import Row, in_order

# Named of each kind in one mail; the rest is behind its link to the list.
MOST_NAMED = 10


_HEADINGS = {
    PublicKind.DEMAND: gettext_lazy("Demands"),
    PublicKind.OFFER: gettext_lazy("Offers"),
    PublicKind.ORGANIZATION: gettext_lazy("Organizations"),
}
_COUNTS: dict[PublicKind, Callable[[int], str]] = {
    PublicKind.DEMAND: lambda n: ngettext("%d Demand", "%d Demands", n),
    PublicKind.OFFER: lambda n: ngettext("%d Offer", "%d Offers", n),
    PublicKind.ORGANIZATION: lambda n: ngettext("%d organization", "%d organizations", n),
}
_LISTS = {
    PublicKind.DEMAND: "demands",
    PublicKind.OFFER: "offers",
    PublicKind.ORGANIZATION: "directory:list",
}


class Item(NamedTuple):
    title: str
    # Where it comes from, as in `Norec, 2021`.
    origin: str
    url: str


class Part(NamedTuple):
    """What is new of one kind: the first of them, and how many there are."""

    heading: Text
    # As the subject of the mail says it: `3 reports`.
    summary: str
    items: Sequence[Item]
    more: int
    list_url: str


def new_for(subscription: Subscription, until: datetime) -> list[Part]:
    """What has come since the reader's last digest, up to `until`; empty where there is nothing."""
    chosen = {"theme": subscription.themes, "region": subscription.regions}
    since = subscription.seen_until
    parts = [
        _entries(PublicKind.DEMAND, chosen, since, until),
        _entries(PublicKind.OFFER, chosen, since, until),
        _reports(chosen, since, until),
        _entries(PublicKind.ORGANIZATION, chosen, since, until),
    ]
    return [part for part in parts if part is not None]


def subject_words(parts: Sequence[Part]) -> str:
    return ", ".join(part.summary for part in parts)


def _reports(chosen: dict[str, list[str]], since: datetime, until: datetime) -> Part | None:
    appeared = Appearance.objects.filter(at__gt=since, at__lte=until)
    numbers = list(appeared.values_list("report_id", flat=True))
    if not numbers:
        return None
    new = search.matching(search.Query(chosen=chosen), among=numbers)
    number = new.count()
    if not number:
        return None
    newest = new.order_by("-appearance__at", "-pk")[:MOST_NAMED]
    items = [
        Item(report.title, report.origin, settings.SITE_URL + report.get_absolute_url())
        for report in newest
    ]
    return Part(
        _("Reports"),
        ngettext("%d report", "%d reports", number) % number,
        items,
        number - len(items),
        _list("library:list", chosen),
    )


def _entries(
    kind: PublicKind, chosen: dict[str, list[str]], since: datetime, until: datetime
) -> Part | None:
    """Asked as the lists ask, so that what has ended this minute is told of no more."""
    number = PublicEntry.objects.filter(kind=kind, since__gt=since).count()
    if not number:
        return None
    query = PublicQuery(kind=kind, chosen=chosen)
    rows = in_order(query, rows=min(number, MOST))
    new = [row for row in rows if since < row.since <= until]
    if not new:
        return None
    return Part(
        heading=_HEADINGS[kind],
        summary=_COUNTS[kind](len(new)) % len(new),
        items=[_item(row) for row in new[:MOST_NAMED]],
        more=max(len(new) - MOST_NAMED, 0),
        list_url=_list(_LISTS[kind], chosen),
    )


def _item(row: Row) -> Item:
    if row.kind == PublicKind.ORGANIZATION:
        country = vocabularies.country(row.card["country"])
        place = country.name if country else ""
        return Item(
            row.organization, place, settings.SITE_URL + address_of(row.organization_id, row.slug)
        )
    page = address(row.kind, row.card["reference"], row.slug)
    return Item(row.title, row.organization, settings.SITE_URL + page)


def _list(name: str, chosen: dict[str, list[str]]) -> str:
    """The address of the list of what was chosen, the newest first."""
    pairs = [(facet, code) for facet, codes in chosen.items() for code in codes]
    return f"{settings.SITE_URL}{reverse(name)}?{urlencode([*pairs, ('sort', 'newest')])}"
