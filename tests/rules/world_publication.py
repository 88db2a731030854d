"""What is published in the portal in use: a Demand with a change that waits and another begun."""

from typing import Any

from organizations.models import Membership, User
from submissions import actions
from submissions.models import PublicEntry, Submission
from submissions.public.addresses import Item
from submissions.public.content import slug_of
from submissions.renewal_links import renewal_link
from tests import factories
from tests.submissions.publishing import begun, change, ends_in

Values = dict[str, dict[str, Any]]


def add_publication(people: dict[str, User], mark: str, rows: int) -> Values:
    """Make the rows, with `mark` in their texts; returns what stands for their parameters.

    The title is without it: whoever has the link of a reminder reads that.
    A line that names "draft" asks for an Offer of another organization that is not sent yet.
    """
    owner = people["owner"]
    for number in range(rows):
        live = _published(owner, f"We ask for partners. {mark} {number}.")
        waiting = change(live, owner, f"We ask for partners. {mark} {number} has radios.")
        begun(live, owner, f"We ask for partners. {mark} {number} has boats.")
        ended = _published(owner, f"We asked for boats. {mark} {number}.")
        actions.close(ended, by=owner)
    draft = factories.draft(people["stranger"], "offer")
    values: Values = _on_the_board(rows) | {
        "renew_by_link": {"token": renewal_link(live, owner).rstrip("/").rpartition("/")[2]},
        "renew_by_link forged": {"token": "1.forged"},
    }
    for name in ("pause", "resume", "renew", "fulfil", "close", "take_back", "drop_change"):
        values[f"submissions:{name}"] = {"submission_uuid": live.uuid}
        values[f"submissions:{name} draft"] = {"submission_uuid": draft.uuid}
    more: Values = {
        "accept_change": {"change_id": waiting.pk},
        "refuse_change": {"change_id": waiting.pk},
        "attachment": {"attachment_uuid": live.attachments.get().pk},
    }
    for name, parameters in more.items():
        address = f"admin:submissions_submission_{name}"
        values[address] = {"object_id": live.pk} | parameters
        values[f"{address} draft"] = {"object_id": draft.pk} | parameters
    values["admin:submissions_submission_change published"] = {"object_id": live.pk}
    values["submissions:detail published"] = {"submission_uuid": live.uuid}
    return values


def _on_the_board(rows: int) -> Values:
    """What anybody finds is another organization's, in whose rows nothing carries a mark."""
    PublicEntry.objects.all().delete()
    person = factories.member(factories.organization(), Membership.Role.OWNER)
    for _number in range(rows):
        demand, offer = factories.demand(person, "published"), factories.offer(person, "published")
    ended = factories.demand(person, "closed")
    return {
        "demand": {"item": _item(demand)},
        "offer": {"item": _item(offer)},
        "demand draft": {"item": str(ended)},
        "offer draft": {"item": "OFF-2026-000000"},
    }


def _item(submission: Submission) -> Item:
    return Item(str(submission), slug_of(submission.title))


def _published(owner: User, description: str) -> Submission:
    """A Demand that ends soon, so that it can be renewed, with one document."""
    draft = factories.draft(owner, "demand", description=description)
    factories.attachment(draft, by=owner)
    submission = factories.submit_draft(draft, by=owner)
    published = factories.decided(submission, "publish", by=factories.staff("Senior reviewer"))
    return ends_in(published, 9)
