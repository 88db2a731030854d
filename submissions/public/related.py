"""What stands beside a published Demand or Offer: others like it, and its organization's page."""

from typing import NamedTuple

from submissions.models import PublicEntry, PublicKind, Submission
from submissions.public.rows import Row, chosen_rows

MOST_RELATED = 3
# Of each kind so many of the newest with a theme in common are compared.
_COMPARED = 100

_ENTRIES = PublicEntry._meta.db_table
_COMMON = "(SELECT count(*) FROM unnest(facets) code WHERE code = ANY(%(codes)s::varchar[]))"
# The other kind first where as much is in common: whoever reads a Demand may look for an Offer.
_ARM = f"""
(SELECT *, {_COMMON} AS common FROM {_ENTRIES}
WHERE kind = '{{kind}}' AND facets && %(themes)s::varchar[] AND submission_id <> %(submission)s
ORDER BY since DESC, id DESC LIMIT {_COMPARED})"""  # noqa: S608 - names of our own
_CHOSEN = f"""
(SELECT * FROM ({_ARM.format(kind=PublicKind.DEMAND)} UNION ALL {_ARM.format(kind=PublicKind.OFFER)}) alike
ORDER BY common DESC, kind = %(kind)s, since DESC, id DESC LIMIT {MOST_RELATED})
UNION ALL
SELECT *, 0 FROM {_ENTRIES} WHERE submission_id = %(submission)s
    OR (kind = 'organization' AND organization_id = %(organization)s)"""  # noqa: S608


class Around(NamedTuple):
    """Its own entry, items like it, and the entry of its organization where that is listed.

    None stands for what is not public at this moment.
    """

    own: Row | None
    organization: Row | None
    related: list[Row]


def around(submission: Submission) -> Around:
    """In one question. Raises TookTooLong."""
    themes = [f"theme:{code}" for code in submission.themes]
    values = {
        "kind": submission.kind,
        "submission": submission.pk,
        "organization": submission.organization_id,
        "themes": themes,
        "codes": [*themes, *(f"support:{code}" for code in submission.support)],
    }
    rows = chosen_rows(_CHOSEN, "common DESC, kind = %(kind)s, since DESC, entry.id DESC", values)
    own = next((row for row in rows if row.reference == submission.reference), None)
    place = next((row for row in rows if row.kind == PublicKind.ORGANIZATION), None)
    return Around(own, place, [row for row in rows if row not in (own, place)])
