"""Forms that are being written: a Demand that is not sent yet, and the change of a published one."""

from typing import Any
from uuid import uuid4

from organizations.models import User
from submissions.desk import NEW_ROUTES, Desk
from submissions.models import Kind, Submission
from tests import factories

Values = dict[str, dict[str, Any]]


def add_drafts(people: dict[str, User], mark: str, rows: int) -> Values:
    """Make the stranger's drafts, with `mark` in their texts; returns what stands for parameters.

    Without a further word a line asks for what the owner's organization has published; a line that
    names "demand" for what the stranger writes, one that names "named" for a new form as the
    owner's organization has opened it.
    """
    stranger, owner = people["stranger"], people["owner"]
    for _number in range(rows):
        draft = factories.draft(stranger, Kind.DEMAND, description=f"{mark} is not sent yet.")
        theirs = factories.attachment(draft, by=stranger)
    own = Submission.objects.filter(organization__memberships__user=owner)
    live = own.live().latest("pk")
    owners = owner.memberships.get()
    return {
        **{
            f"{NEW_ROUTES[kind]} named": {"?": {"draft": Desk(kind, owners, uuid4()).token}}
            for kind in (Kind.DEMAND, Kind.OFFER)
        },
        **{f"submissions:{name}": {"submission_uuid": live.uuid} for name in ("edit", "copy")},
        **{
            f"submissions:{name} demand": {"submission_uuid": draft.uuid}
            for name in ("edit", "copy", "check", "discard")
        },
        "submissions:discard": {"submission_uuid": live.uuid},
        "submissions:check published": {"submission_uuid": live.uuid},
        "submissions:document": {
            "submission_uuid": live.uuid,
            "document_uuid": live.attachments.get().pk,
        },
        "submissions:document demand": {
            "submission_uuid": draft.uuid,
            "document_uuid": theirs.pk,
        },
    }
