"""Who can be given a case, with what they have on their desk already."""

from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.groups import REVIEWER, SENIOR_REVIEWER
from organizations.models import ConflictOfInterest, DueDiligence, Membership, Organization, User


def reviewers(
    organization: Organization | int | None = None, *, today: date | None = None
) -> QuerySet[User]:
    """Active reviewers, of this organization's cases if one is given; the same as the predicate.

    Each has `checks`, the number of organizations whose due diligence is with them, and
    `away_until`, the last day of an absence that has begun.
    """
    found = User.objects.filter(
        is_staff=True, is_active=True, groups__name__in=(REVIEWER, SENIOR_REVIEWER)
    )
    if organization is not None:
        members = Membership.objects.filter(organization=organization)
        declared = ConflictOfInterest.objects.open().filter(organization=organization)
        found = found.exclude(
            Q(pk__in=members.values("user")) | Q(pk__in=declared.values("person"))
        )
    return (
        User.objects.filter(pk__in=found.values("pk"))
        .annotate(
            checks=how_many(DueDiligence.objects.at_work().filter(assignee=OuterRef("pk"))),
            away_until=away_until(today),
        )
        .order_by("first_name", "last_name", "pk")
    )


def away_until(today: date | None = None) -> Subquery:
    """As a column of people: the last day of an absence that has begun."""
    today = today or timezone.localdate()
    away = Q(absence__starts_on__lte=today, absence__ends_on__gte=today)
    return Subquery(User.objects.filter(away, pk=OuterRef("pk")).values("absence__ends_on"))


def how_many(rows: QuerySet[Any]) -> Coalesce:
    """Count rows of an outer one, as a column; their `assignee` is what they have in common."""
    counted = rows.order_by().values("assignee").annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def described(reviewer: User) -> str:
    """A reviewer in a list to choose from: the name, and what is on the desk."""
    checks = getattr(reviewer, "checks", 0)
    cases = getattr(reviewer, "cases", None)
    parts = []
    if cases is not None:
        parts.append(ngettext("%(count)d case", "%(count)d cases", cases) % {"count": cases})
    parts.append(
        ngettext("%(count)d due diligence", "%(count)d due diligence", checks) % {"count": checks}
    )
    if until := getattr(reviewer, "away_until", None):
        parts.append(_("away until %(day)s") % {"day": date_format(until, "j M")})
    return f"{reviewer} ({', '.join(parts)})"
