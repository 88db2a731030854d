"""Writes what anybody finds, and takes it back: in the transaction that made it so.

    follow(submission)       # after whatever may have published it, changed it or taken it down
    write(content)           # for what has another source, as organizations have
    remove(organization=5)   # what is not to be found any more

Each leaves a `PublicChange`, so that no answer is kept that was made before it.
"""

import json
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from alliance.files.leftovers import drop_picture
from knowledge.folding import SIMPLE, fold
from organizations.models import Organization
from submissions.models import PublicChange, PublicEntry, Submission
from submissions.public.content import Content, of_submission, slug_of
from submissions.workflow import PUBLISHED

# A sweep gives others their turn; what is left is still missing the next time.
_MOST_AT_ONCE = 500
# More changes than that are not told apart any more, only counted.
_MOST_CHANGES = 200

# Only names of our own are put into the text.
_INSERT = f"""
INSERT INTO {PublicEntry._meta.db_table} (kind, organization_id, submission_id, title, title_key,
    slug, since, changed_at, until, facets, card, picture, words)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', {{words}})
"""  # noqa: S608 - names of our own


def follow(submission: Submission) -> None:
    """Show a Demand or Offer as it is now, or not at all where it is not published.

    The caller holds its lock. Its organization is marked: its own entry says what it works on.
    """
    Organization.objects.filter(pk=submission.organization_id).update(shown_at=None)
    if submission.is_published:
        write(of_submission(submission))
    else:
        remove(submission=submission.pk)


@transaction.atomic
def write(content: Content) -> None:
    """Put the entry in place of the one that there is; the caller holds the lock of what it is of."""
    _entries(content.submission_id, content.organization_id).delete()
    tagged = [f"{name}:{code}" for name, codes in content.facets.items() for code in codes if code]
    row: list[Any] = [
        content.kind,
        content.organization_id,
        content.submission_id,
        content.title,
        fold(content.title, SIMPLE)[:300],
        slug_of(content.title),
        content.since,
        content.changed_at,
        content.until,
        tagged,
        json.dumps(dict(content.card)),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(words=content.words.sql), [*row, *content.words.values])
    PublicChange.objects.create()


@transaction.atomic
def remove(*, submission: int | None = None, organization: int | None = None) -> bool:
    """Drop the entry of a submission, or the own one of an organization; whether there was one.

    Its picture goes with it, since whoever has a link to that has no page to ask any more.
    """
    entries = _entries(submission, organization)
    pictures = list(entries.exclude(picture="").values_list("picture", flat=True))
    deleted, _of_models = entries.delete()
    if deleted:
        PublicChange.objects.create()
    for name in pictures:
        transaction.on_commit(partial(drop_picture, name, timezone.now()), robust=True)
    return bool(deleted)


def take_up_missed() -> int:
    """Write what is published and has no entry, drop what is not; returns how many. A sweep.

    Nothing is left to it but what came without an action, as a restored or migrated database does.
    """
    missed = Submission.objects.published().filter(public_entry=None)
    gone = Submission.objects.exclude(status=PUBLISHED).filter(public_entry__isnull=False)
    rows = [row for found in (missed, gone) for row in found.order_by("pk")[:_MOST_AT_ONCE]]
    for row in rows:
        follow_locked(row)
    _forget_changes()
    return len(rows)


@transaction.atomic
def follow_locked(submission: Submission) -> None:
    """`follow` the row as it is under its lock, its organization's first as everywhere."""
    Organization.objects.locked().filter(submissions=submission).first()
    held = Submission.objects.select_for_update(of=("self",), no_key=True)
    found = held.filter(pk=submission.pk).first()
    if found is not None:
        follow(found)


def _entries(submission: int | None, organization: int | None) -> QuerySet[PublicEntry]:
    if submission is not None:
        return PublicEntry.objects.filter(submission=submission)
    return PublicEntry.objects.filter(submission=None, organization=organization)


def _forget_changes() -> None:
    """Keep the newest change once there are many: the state has another name, nothing else."""
    newest = list(PublicChange.objects.order_by("-pk").values_list("pk", flat=True)[:1])
    if newest and PublicChange.objects.count() > _MOST_CHANGES:
        PublicChange.objects.filter(pk__lt=newest[0]).delete()
