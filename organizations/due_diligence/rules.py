"""Rules of due diligence: which cycle counts, and what clearing takes."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance.prepared import Prepared
from alliance.text import Text
from organizations.completeness import missing_in_profile
from organizations.due_diligence.checks import CHECKS, LEVELS, checks_of
from organizations.due_diligence.levels import propose
from organizations.models import (
    Check,
    DueDiligence,
    Hit,
    Membership,
    Organization,
    SanctionsSnapshot,
    User,
)
from organizations.screening.runs import is_screened_with

# Months a clearance holds.
VALID_MONTHS = 24
# How long before its end a clearance is shown to the secretariat as ending.
ENDING_WITHIN = timedelta(days=90)


_cycles_of = Prepared(
    lambda organization: DueDiligence.objects.filter(organization=organization).newest(), int
)


_answers_of = Prepared(
    lambda cycle: Check.objects.filter(cycle=cycle).select_related("answered_by"), int
)


def current_cycle(organization: Organization) -> DueDiligence | None:
    """The cycle that counts: the newest."""
    cycle = _cycles_of.first(organization.pk)
    if cycle is not None:
        cycle.organization = organization
    return cycle


def is_cleared(organization: Organization) -> bool:
    cycle = current_cycle(organization)
    return (
        cycle is not None
        and cycle.is_cleared
        and cycle.valid_until is not None
        and cycle.valid_until >= timezone.localdate()
    )


Answers = Mapping[str, Check]


def missing_for_clearance(
    organization: Organization, cycle: DueDiligence | None = None, answers: Answers | None = None
) -> list[Text]:
    """What stands in the way of clearing, in words for the reviewer; empty when nothing does.

    The cycle that counts and its answers are read, unless they are at hand.
    """
    cycle = cycle or current_cycle(organization)
    return [
        *_missing_of_applicant(organization),
        *(_missing_checks(cycle, answers) if cycle else ()),
        *_missing_of_screening(organization),
    ]


def _missing_of_applicant(organization: Organization) -> Iterator[Text]:
    if organization.closed_at is not None:
        yield _("The organization is closed: nobody speaks for it any more.")
    owners = organization.memberships.filter(role=Membership.Role.OWNER).values("user")
    if not EmailAddress.objects.filter(user__in=owners, verified=True).exists():
        yield _("No owner of the organization has a verified email address.")
    if lacking := missing_in_profile(organization):
        names = ", ".join(str(item.label) for item in lacking)
        yield _("The organization's profile is not complete: %(names)s.") % {"names": names}


def _missing_checks(cycle: DueDiligence, answers: Answers | None) -> Iterator[Text]:
    asked = checks_of(cycle.level)
    answers = answers_of(cycle) if answers is None else answers
    unanswered = len([check for check in asked if check.code not in answers])
    if unanswered:
        yield ngettext(
            "%(count)d of %(all)d checks is not answered.",
            "%(count)d of %(all)d checks are not answered.",
            unanswered,
        ) % {"count": unanswered, "all": len(asked)}


def _missing_of_screening(organization: Organization) -> Iterator[Text]:
    snapshot = SanctionsSnapshot.objects.current()
    if snapshot is None:
        yield _("No sanctions list has been taken yet, so nothing can be compared.")
    elif not is_screened_with(snapshot, organization):
        yield _("The names as they are now have not been compared with the current list.")
    hits = Hit.objects.filter(organization=organization).counts()
    if count := hits.open:
        yield ngettext(
            "%(count)d hit of the screening is open.",
            "%(count)d hits of the screening are open.",
            count,
        ) % {"count": count}
    if hits.confirmed:
        yield _("A hit is confirmed: whoever is on the list cannot be cleared.")


def answers_of(cycle: DueDiligence) -> dict[str, Check]:
    checks = _answers_of.all(cycle.pk)
    for check in checks:
        check.cycle = cycle
    return {check.code: check for check in checks}


def needs_second_person(cycle: DueDiligence, answers: Answers) -> bool:
    """Whether clearing is recommended by one person and done by another.

    It is at the highest level, where an answer speaks against, and where the level was lowered:
    else whoever lowers it would also decide that nobody looks again.
    """
    refused = {code for code, check in answers.items() if check.answer == Check.Answer.NO}
    stops = any(check.stops for check in CHECKS if check.code in refused)
    return stops or cycle.level == DueDiligence.Level.ENHANCED or _is_lowered(cycle)


def _is_lowered(cycle: DueDiligence) -> bool:
    proposed = propose(cycle.organization, cycle).level
    return LEVELS.index(DueDiligence.Level(cycle.level)) < LEVELS.index(proposed)


def missing_second_person(cycle: DueDiligence, answers: Answers, user: User) -> Text:
    """Why this person may not clear the cycle alone; empty where they may."""
    if not needs_second_person(cycle, answers):
        return ""
    if cycle.recommended_at is None and _is_lowered(cycle):
        return _(
            "The level is below the proposed one, so two people clear this one: somebody has to "
            "recommend it first."
        )
    if cycle.recommended_at is None:
        return _("Two people clear this one: somebody has to recommend it first.")
    if cycle.recommended_by_id == user.pk:
        return _("You have recommended to clear it; a second person has to do it.")
    return ""
