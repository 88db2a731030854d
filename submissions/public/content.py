"""What is said in public of a Demand or an Offer: the words of its published revision.

Nobody's name, address or telephone number, no document and no note is among it, and nothing of the
field for additional information, which is where people write such things.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from anyascii import anyascii
from django.utils.text import Truncator, slugify

from alliance import vocabularies
from alliance.files.pdf_language import language_of
from knowledge.folding import config_of, fold
from knowledge.indexing.vectors import Vector, joined, weighted
from organizations.models import Organization
from submissions.headline import headline
from submissions.models import Change, PublicEntry, Submission

EXCERPT_CHARACTERS = 260
_LABELLED = ("support", "themes", "geography", "countries", "modalities")
_OTHERS = ("support_other", "themes_other", "modalities_other")


@dataclass(frozen=True)
class Content:
    """One entry. `facets` maps a facet to its codes; `card` is what else a line shows.

    `words` begins with the words of the title, with weight A: by their places they are marked.
    """

    kind: str
    organization_id: int
    title: str
    since: datetime
    changed_at: datetime
    words: Vector
    submission_id: int | None = None
    until: date | None = None
    facets: Mapping[str, Iterable[str]] = field(default_factory=dict)
    card: Mapping[str, Any] = field(default_factory=dict)


def slug_of(title: str) -> str:
    """The title in an address, in Latin letters; empty where nothing is left of it."""
    return slugify(anyascii(title))[: PublicEntry.SLUG_LENGTH].strip("-_")


def of_submission(submission: Submission) -> Content:
    """The entry of a published Demand or Offer."""
    revision, since = submission.shown_revision, submission.published_at
    assert revision is not None  # whatever is published has both
    assert since is not None
    answers = revision.answers
    description = str(answers["description"])
    title, excerpt = headline(description), excerpt_of(description)
    language = language_of(f"{description} {answers['outcomes']}")
    # Of a short text nobody knows: it is most likely in the language that the form was in.
    stemmed_as = language or revision.language
    config = config_of(stemmed_as)
    return Content(
        kind=submission.kind,
        organization_id=submission.organization_id,
        submission_id=submission.pk,
        title=title,
        since=since,
        changed_at=_changed_at(submission),
        until=submission.expires_on,
        facets=_facets(submission),
        card={
            "reference": submission.reference,
            "excerpt": excerpt,
            # As it is found by, and drawn into the picture.
            "organization": named(submission.organization),
            "country": submission.country_id or "",
            "goals": submission.sdgs,
            "language": language,
            # For the words that are looked for to be marked.
            "config": config,
            "folded": [fold(title, config), fold(excerpt, config)],
        },
        words=_words(submission, title, stemmed_as),
    )


def named(organization: Organization) -> str:
    """The name and place that its items are found by."""
    return f"{organization.name} {organization.place}"


def excerpt_of(description: str) -> str:
    """What follows the title in the description, on one line."""
    text, title = " ".join(description.split()), headline(description)
    rest = text.removeprefix(title).lstrip(".。।!?！？؟ ") if not title.endswith("…") else text
    return Truncator(rest).chars(EXCERPT_CHARACTERS)


def _changed_at(submission: Submission) -> datetime:
    """When it came onto the board as it is, or another version of it was accepted."""
    accepted = Change.objects.filter(
        revision=submission.shown_revision_id, settled_at__gt=submission.status_at
    )
    settled = accepted.values_list("settled_at", flat=True).first()
    return settled or submission.status_at


def _facets(submission: Submission) -> dict[str, Iterable[str]]:
    """By which it is found: regions and countries are where it comes from, and where it is for."""
    places = submission.places
    regions = [code for code in places if vocabularies.term("region", code)]
    countries = [code for code in places if vocabularies.country(code)]
    return {
        "theme": submission.themes,
        "region": dict.fromkeys([submission.region, *regions]),
        "country": dict.fromkeys([submission.country_id or "", *countries]),
        "sdg": submission.sdgs,
        "support": submission.support,
        "modality": submission.modalities,
    }


def _words(submission: Submission, title: str, language: str) -> Vector:
    """Title A, organization and what was chosen B, description C, outcomes and reference D."""
    revision = submission.shown_revision
    assert revision is not None  # as in `of_submission`
    answers = revision.answers
    labels = " ".join(choice["label"] for name in _LABELLED for choice in answers.get(name) or ())
    others = " ".join(str(answers.get(name, "")) for name in _OTHERS)
    about = f"{named(submission.organization)} {others}"
    return joined(
        [
            weighted(
                language,
                (title, "A"),
                (about, "B"),
                (str(answers["description"]), "C"),
                (f"{answers['outcomes']} {submission.reference}", "D"),
            ),
            weighted(revision.language, (labels, "B")),
        ]
    )
