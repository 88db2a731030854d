"""What each reviewer has on the desk, and to whom a case can be given."""

from django.db.models import OuterRef, QuerySet

from alliance.workflow import Turn
from organizations.models import Organization, User
from organizations.reviewers import how_many, reviewers
from submissions.models import Submission
from submissions.models.kinds import codes_of_turn


def colleagues(organization: Organization | None = None) -> QuerySet[User]:
    """Reviewers as `reviewers` finds them, with the number of `cases` that wait for each."""
    waiting = Submission.objects.filter(
        status__in=codes_of_turn(Turn.SECRETARIAT), assignee=OuterRef("pk")
    )
    return reviewers(organization).annotate(cases=how_many(waiting))
