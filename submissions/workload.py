"""What each reviewer has on the desk, and to whom a case can be given."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from alliance.prepared import Prepared
from alliance.workflow import Turn
from organizations.models import DueDiligence, Organization, User
from organizations.reviewers import away_until, how_many, reviewers
from submissions.models import Submission
from submissions.models.kinds import codes_of_turn


def colleagues(
    organization: Organization | int | None = None, *, today: date | None = None
) -> QuerySet[User]:
    """Reviewers as `reviewers` finds them, with the number of `cases` that wait for each."""
    waiting = Submission.objects.filter(
        status__in=codes_of_turn(Turn.SECRETARIAT), assignee=OuterRef("pk")
    )
    return reviewers(organization, today=today).annotate(cases=how_many(waiting))


_colleagues = Prepared(lambda organization, today: colleagues(organization, today=today), int, date)
_all_colleagues = Prepared(lambda today: colleagues(today=today), date)


def colleagues_of(organization: Organization) -> list[User]:
    """The same of one organization, as each page of a case asks."""
    return _colleagues.all(organization.pk, timezone.localdate())


def all_colleagues() -> list[User]:
    """The same of any, as each page of the queue asks."""
    return _all_colleagues.all(timezone.localdate())


def desks(seen_by: User) -> QuerySet[User]:
    """Everybody who reviews, and whoever has an open case all the same, these first.

    Each has the numbers of open `cases` and `checks`, of those that `seen_by` may review,
    `away_until`, and `reviews`: whether they do.
    """
    cases = Submission.objects.reviewable_by(seen_by).open()
    checks = DueDiligence.objects.reviewable_by(seen_by).at_work()
    mine = {"assignee": OuterRef("pk")}
    people = User.objects.annotate(
        cases=how_many(cases.filter(**mine)),
        checks=how_many(checks.filter(**mine)),
        away_until=away_until(),
        reviews=Exists(reviewers().filter(pk=OuterRef("pk"))),
    )
    found = people.filter(
        Q(pk__in=reviewers().values("pk"))
        | Q(pk__in=cases.order_by().values("assignee"))
        | Q(pk__in=checks.order_by().values("assignee"))
    )
    return found.order_by("reviews", "first_name", "last_name", "pk")
