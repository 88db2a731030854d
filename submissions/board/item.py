"""What the page of one published Demand or Offer shows, and whether there is one."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from alliance.browsing.lines import goals_of
from alliance.files.storage import picture_storage
from alliance.prepared import Prepared
from knowledge.search import TookTooLong
from submissions.answers import Line
from submissions.board import lines
from submissions.board.wording import WORDINGS, place_name
from submissions.headline import headline
from submissions.labels import LABELS, OUTCOMES_TITLE, SECTIONS
from submissions.models import Kind, Revision, Submission
from submissions.public.addresses import address, list_address
from submissions.public.content import slug_of
from submissions.public.pictures import HEIGHT, WIDTH
from submissions.public.related import Around, around
from submissions.public.rows import Row

_by_reference = Prepared(
    lambda reference: (
        Submission.objects.filter(reference=reference)
        .order_by()
        .select_related("shown_revision", "organization__type", "organization__country")
    ),
    str,
)
# What was chosen, beside the text: the field, and the field for what is in own words.
_CHOSEN = {
    "support": "support_other",
    "themes": "themes_other",
    "geography": "countries",
    "modalities": "modalities_other",
    "timeframe": "",
    "stage": "",
}


@dataclass
class Shown:
    """A Demand or Offer with the revision that is, or once was, in public."""

    submission: Submission
    revision: Revision

    @cached_property
    def around(self) -> Around:
        return around(self.submission)

    @property
    def made_from(self) -> list[object]:
        """All rows that its page shows."""
        return [self.submission, self.revision, self.submission.organization, self.around]

    @property
    def is_shown(self) -> bool:
        """Published, and its organization is cleared at this moment."""
        return self.around.own is not None

    @property
    def is_over(self) -> bool:
        """Ended, as opposed to what may come back."""
        return not self.submission.is_live

    @property
    def title(self) -> str:
        return headline(self.description)

    @property
    def description(self) -> str:
        return str(self.revision.answers["description"])

    @property
    def slug(self) -> str:
        return slug_of(self.title)

    @property
    def url(self) -> str:
        return address(self.submission.kind, str(self.submission), self.slug)


def ever_shown(kind: str, reference: str) -> Shown | None:
    """What has that reference, if it was ever published."""
    submission = _by_reference.first(reference)
    if submission is None or submission.kind != kind or submission.shown_revision is None:
        return None
    return Shown(submission, submission.shown_revision)


def title_at(kind: str, reference: str) -> str | None:
    """What the page is called, for a message about it; None where nothing ever was shown.

    Of what has gone meanwhile the reference is left: whoever had it open and writes that they can
    help should not have to say with what.
    """
    shown = ever_shown(kind, reference)
    if shown is None:
        return None
    try:
        return f"{reference}: {shown.title}" if shown.is_shown else reference
    except TookTooLong:
        return reference


def item_page(shown: Shown) -> dict[str, Any]:
    """The context of the page of what is shown."""
    submission, kind = shown.submission, Kind(shown.submission.kind)
    place, wording = submission.organization, WORDINGS[kind]
    own, reference = shown.around.own, str(submission)
    assert own is not None  # as the caller has asked
    language = own.card["language"]
    about = urlencode({"about": shown.url, "reason": wording.reason})
    return {
        "title": shown.title,
        "reference": reference,
        "submission": submission,
        "page_url": settings.SITE_URL + shown.url,
        "picture_url": _picture_url(own),
        "picture_size": (WIDTH, HEIGHT),
        "language_mark": format_html(' lang="{}"', language) if language else "",
        "logo": place.logo,
        "place": place,
        "place_name": place_name(submission.country_id or "", place.place),
        "directory_url": _directory_url(shown.around.organization),
        "wording": wording,
        "connect_url": f"{reverse('connect')}?{about}",
        "crumbs": [(list_address(kind), wording.title)],
        "description_title": SECTIONS[kind][0][0],
        "description": shown.description,
        "outcomes_title": OUTCOMES_TITLE,
        "outcomes": shown.revision.answers["outcomes"],
        "summary": own.card["excerpt"] or shown.title,
        "goals": goals_of(submission.sdgs),
        "facts": _facts(kind, shown.revision.answers),
        "related": [_related(row) for row in shown.around.related],
    }


def _related(row: Row) -> tuple[str, str, Row, list[str]]:
    """Address, what kind it is, the row, and where it comes from."""
    return lines.row_address(row), str(Kind(row.kind).label), row, lines.facts(row)[:1]


def _directory_url(entry: Row | None) -> str:
    """The page of the organization, where it is listed."""
    if entry is None:
        return ""
    return reverse("directory:page", args=[entry.organization_id, entry.slug or "organization"])


def _picture_url(own: Row) -> str:
    """Empty until it is drawn."""
    return settings.SITE_URL + picture_storage().url(own.picture) if own.picture else ""


def _facts(kind: Kind, answers: dict[str, Any]) -> list[tuple[str, str]]:
    """What was chosen, in the words of the published revision, each with a short name."""
    titles = {
        "support": WORDINGS[kind].support_title,
        "themes": _("Thematic areas"),
        "geography": _("Geographic focus"),
        "modalities": _("Modalities"),
        "timeframe": _("Timeframe"),
        "stage": _("Current stage"),
    }
    found = []
    for name, other in _CHOSEN.items():
        said = [*_said(kind, name, answers), *_said(kind, other, answers)]
        if said:
            found.append((str(titles[name]), "; ".join(said)))
    return found


def _said(kind: Kind, name: str, answers: dict[str, Any]) -> list[str]:
    if not answers.get(name):
        return []
    line = Line(name, LABELS[kind][name], answers[name])
    return [choice["label"] for choice in line.choices] or [line.text]
