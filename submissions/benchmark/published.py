"""Published Demands for the pages that anybody reads."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from submissions import actions
from submissions.actions.arrival import take_in
from submissions.benchmark import rows
from submissions.forms import FORMS
from submissions.models import Kind, PublicChange, PublicEntry, Submission
from submissions.public.writing import follow
from submissions.typed import as_posted

_COLUMNS = "title, title_key, slug, changed_at, until, facets, card, picture, words"
_OF_ENTRY = ", ".join(f"entry.{column}" for column in _COLUMNS.split(", "))
# All have every choice of the first one: as many rows as a filter can leave.
_COPY = f"""
INSERT INTO {PublicEntry._meta.db_table} (kind, organization_id, submission_id, since, {_COLUMNS})
SELECT entry.kind, other.organization_id, other.id,
    entry.since - make_interval(mins => other.id::int), {_OF_ENTRY}
FROM {PublicEntry._meta.db_table} entry, {Submission._meta.db_table} other
WHERE entry.submission_id = %s AND other.organization_id = %s AND other.id <> %s
"""  # noqa: S608 - names of our own


def demands(number: int) -> Submission:
    """So many entries on the board; returns the Demand that was sent by its form."""
    draft = rows.draft(Kind.DEMAND)
    assert draft.saved_by is not None
    form = FORMS[draft.kind](as_posted(draft.typed))
    form.full_clean()
    sent = actions.submit(draft, by=draft.saved_by, version=draft.version, answers=form.answers())
    take_in(sent)
    place = sent.organization
    for status in ("screening", "under_review"):
        place.due_diligence_cycles.update(status=status)
    place.due_diligence_cycles.update(status="cleared", valid_until="2099-01-01")
    Submission.objects.filter(pk=sent.pk).update(
        status="published",
        shown_revision=sent.revisions.get(),
        published_at=timezone.now(),
        expires_on=timezone.localdate() + timedelta(days=300),
    )
    shown = Submission.objects.get(pk=sent.pk)
    follow(shown)
    for start in range(0, number - 1, rows.BATCH):
        Submission.objects.bulk_create(
            Submission(kind=Kind.DEMAND, organization=place)
            for _row in range(min(rows.BATCH, number - 1 - start))
        )
    with connection.cursor() as cursor:
        cursor.execute(_COPY, [shown.pk, place.pk, shown.pk])
        cursor.execute(f"ANALYZE {PublicEntry._meta.db_table}")
    # So many are not told apart any more once the worker has been there.
    PublicChange.objects.all().delete()
    PublicChange.objects.create()
    return shown
