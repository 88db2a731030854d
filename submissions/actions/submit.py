"""Sending: from a checked draft to a frozen revision with a number; and taking it back."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.exceptions import ActionRefused
from alliance.prepared_writes import insert
from organizations.models import User
from submissions import permissions
from submissions.actions.drafts import NewerVersionSaved
from submissions.actions.moves import locked, locked_as_read, move
from submissions.answers import Answers, codes
from submissions.documents import present_documents, stamp_of
from submissions.headline import headline
from submissions.models import Attachment, Revision, Submission

# What `fill_columns` sets: the answers that lists show and filter by.
COLUMNS = (
    "title",
    "country",
    "region",
    "partner_category",
    "sdgs",
    "support",
    "themes",
    "places",
    "modalities",
)


@transaction.atomic
def submit(
    submission: Submission,
    *,
    by: User,
    version: int,
    answers: Answers,
    documents: str | None = None,
) -> Submission:
    """Send a draft whose answers were checked: freeze them and give a number.

    Who is to hear of it does so from the worker, see `arrival`. Sending what is already sent
    changes nothing, so a second click gets the first one's answer. `documents` is the stamp of those
    that were looked at; ActionRefused where there are others by now.
    """
    submission = locked_as_read(submission)
    if not permissions.can_apply(by, submission.organization):
        raise ActionRefused(_("Only owners and editors of an organization can apply."))
    if not submission.is_draft:
        return submission
    if version != submission.version:
        raise NewerVersionSaved(submission)
    sent_along = check_files(submission, documents)
    submission.submitted_at = timezone.now()
    submission.submitted_by = by
    submission.reference = submission.make_reference()
    fill_columns(submission, answers.values)
    revision = freeze(submission, answers, by=by, number=1, documents=sent_along)
    submission.is_arriving = True
    move(
        submission,
        "submit",
        event="submission.submitted",
        by=by,
        revision=revision.number,
        also_save=("submitted_at", "submitted_by", "reference", "is_arriving", *COLUMNS),
    )
    return submission


def check_files(submission: Submission, seen: str | None = None) -> list[Attachment]:
    """The documents that go along; refuses where a virus was found in one.

    `seen` is the stamp of those that were looked at, where anybody did.
    """
    documents = [] if submission.is_application else present_documents(submission)
    if seen is not None and seen != stamp_of(documents):
        raise ActionRefused(_("The documents have changed meanwhile. Please look once more."))
    for document in documents:
        if document.scan == Attachment.Scan.REFUSED:
            raise ActionRefused(
                _("A virus was found in “%(name)s”. Please remove it first.")
                % {"name": document.name}
            )
    return documents


def fill_columns(submission: Submission, values: dict[str, Any]) -> None:
    """Repeat the answers that lists show and filter by; the caller saves `COLUMNS`."""
    if not submission.is_application:
        _fill_from_demand_or_offer(submission, values)
        return
    submission.title = str(values["name"])
    country = codes(values["country"])[0]
    submission.country_id = country if len(country) == 2 else None
    submission.region = codes(values["region"])[0]
    submission.partner_category = codes(values["partner_category"])[0]
    submission.sdgs = codes(values["sdgs"])


def _fill_from_demand_or_offer(submission: Submission, values: dict[str, Any]) -> None:
    """What its form does not ask: title from the description, place from the organization, goals
    from the themes.
    """
    place = submission.organization
    themes = codes(values["themes"])
    goals = {goal for theme in themes for goal in vocabularies.goals_of_theme(theme)}
    submission.title = headline(values["description"])
    submission.country_id = place.country_id
    submission.region = vocabularies.region_of_country(place.country_id or place.scope)
    submission.partner_category = str(place.type.data.get("category", ""))
    submission.support = codes(values["support"])
    submission.themes = themes
    submission.sdgs = sorted(goals)
    submission.places = codes(values["geography"]) + codes(values["countries"])
    submission.modalities = codes(values["modalities"])


def freeze(
    submission: Submission,
    answers: Answers,
    *,
    by: User,
    number: int,
    documents: Sequence[Attachment],
) -> Revision:
    """A revision of these answers and documents."""
    revision = Revision(
        submission=submission,
        number=number,
        answers=answers.values,
        **declared(answers, by=by),
        logo_name=submission.logo.name or "",
        language=answers.language,
        made_by=by,
    )
    insert(revision)
    if documents:
        revision.attachments.add(*documents)
    return revision


def declared(answers: Answers, *, by: User) -> dict[str, Any]:
    """The columns of a revision that hold the declaration given with these answers, if it was."""
    if not answers.statements:
        return {}
    return {
        "declaration": [statement.as_kept() for statement in answers.statements],
        "declared_at": timezone.now(),
        "declared_by": by,
    }


@transaction.atomic
def withdraw(submission: Submission, *, by: User) -> Submission:
    """Take an open submission back; what was sent stays readable for its organization."""
    submission = locked(submission)
    move(submission, "withdraw", event="submission.withdrawn", by=by)
    return submission
