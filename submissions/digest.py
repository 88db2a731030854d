"""What a digest tells of: everything new in the Alliance that its reader has chosen."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knowledge import search
from knowledge.models import Appearance
from organizations.models import Subscription

# Named of each kind in one mail; the rest is behind its link to the list.
MOST_NAMED = 10


class Item(NamedTuple):
    title: str
    # Where it comes from, as in `Norec, 2021`.
    origin: str
    url: str


class Part(NamedTuple):
    """What is new of one kind: the first of them, and how many there are."""

    heading: str
    # As the subject of the mail says it: `3 reports`.
    summary: str
    items: Sequence[Item]
    more: int
    list_url: str


def new_for(subscription: Subscription, until: datetime) -> list[Part]:
    """What has come since the reader's last digest, up to `until`; empty where there is nothing."""
    chosen = {"theme": subscription.themes, "region": subscription.regions}
    since = subscription.seen_until
    parts = [_reports(chosen, since, until)]
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


def _list(name: str, chosen: dict[str, list[str]]) -> str:
    """The address of the list of what was chosen, the newest first."""
    pairs = [(facet, code) for facet, codes in chosen.items() for code in codes]
    return f"{settings.SITE_URL}{reverse(name)}?{urlencode([*pairs, ('sort', 'newest')])}"
