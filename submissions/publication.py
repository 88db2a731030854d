"""What members see of a Demand or Offer once it is published, and may do with it."""

from dataclasses import dataclass

from alliance.workflow import Arrow
from organizations.models import User
from submissions import permissions
from submissions.models import Change, Submission
from submissions.public.addresses import address
from submissions.public.content import slug_of

# Acts that end it: they are asked about once more.
ENDING = ("fulfil", "close")


@dataclass(frozen=True)
class Publication:
    """For the page of one submission; `change` is the newest one, whatever became of it."""

    arrows: list[Arrow]
    change: Change | None
    can_change: bool
    is_change_begun: bool = False
    # Its page on the board, while it is there.
    public_url: str = ""

    @property
    def at_once(self) -> list[Arrow]:
        return [arrow for arrow in self.arrows if arrow.name not in ENDING]

    @property
    def ending(self) -> list[Arrow]:
        return [arrow for arrow in self.arrows if arrow.name in ENDING]

    @property
    def is_change_waiting(self) -> bool:
        return self.change is not None and self.change.outcome == Change.Outcome.WAITING

    @property
    def is_change_refused(self) -> bool:
        return self.change is not None and self.change.outcome == Change.Outcome.REFUSED


def publication_of(user: User, submission: Submission) -> Publication | None:
    """None for whatever was never published."""
    if submission.published_at is None:
        return None
    changes = Change.objects.filter(revision__submission=submission)
    begun = Submission.objects.with_unsent_change().filter(pk=submission.pk)
    return Publication(
        arrows=permissions.publication_arrows(user, submission),
        change=changes.select_related("revision").first(),
        can_change=permissions.can_change(user, submission),
        is_change_begun=submission.is_live and begun.exists(),
        public_url=_public_url(submission) if submission.is_published else "",
    )


def _public_url(submission: Submission) -> str:
    return address(submission.kind, str(submission), slug_of(submission.title))
