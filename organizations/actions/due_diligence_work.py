"""What reviewers put into a cycle before its finding: checks, level, recommendation."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Func, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.exceptions import ActionRefused
from alliance.reasons import check_reason
from organizations.actions.due_diligence_moves import (
    SETTLED,
    drop_recommendation,
    follow_proposal,
    locked_for,
    record,
)
from organizations.due_diligence.checks import checks_of
from organizations.due_diligence.rules import answers_of, current_cycle, missing_for_clearance
from organizations.models import Check, DueDiligence, Organization, User
from organizations.workflow import UNDER_REVIEW


@transaction.atomic
def answer_checks(
    cycle: DueDiligence, *, by: User, answers: "Mapping[str, Answered]"
) -> DueDiligence:
    """Keep the answers that are new or changed; a recommendation to clear falls with them.

    Raises ActionRefused where somebody has answered one of them since this person looked.
    """
    cycle = locked_for(by, cycle)
    known = answers_of(cycle)
    asked = {check.code for check in checks_of(cycle.level)}
    changed = []
    for code, given in answers.items():
        row = known.get(code) or Check(cycle=cycle, code=code)
        if code not in asked or given.says_the_same_as(row):
            continue
        if row.pk and str(row.answered_at.timestamp()) != given.seen:
            raise ActionRefused(
                _("%(person)s has answered “%(answer)s” meanwhile. Compare, and save again.")
                % {"person": row.answered_by or _("Somebody"), "answer": row.get_answer_display()}
            )
        row.answer, row.note, row.evidence = given.answer, given.note, given.evidence
        row.answered_at, row.answered_by = timezone.now(), by
        row.save()
        changed.append(code)
    if changed:
        drop_recommendation(cycle)
        record("due_diligence.checks_answered", cycle, by=by, internal=True, checks=changed)
    return cycle


@dataclass(frozen=True)
class Answered:
    """An answer as typed; `seen` is the stamp of the one that stood there before, or empty."""

    answer: str
    note: str = ""
    evidence: str = ""
    seen: str = ""

    def says_the_same_as(self, row: Check) -> bool:
        return (self.answer, self.note, self.evidence) == (row.answer, row.note, row.evidence)


@transaction.atomic
def set_level(cycle: DueDiligence, *, by: User, level: str, reason: str) -> DueDiligence:
    """Raise or lower the level; from then on it no longer follows the proposal."""
    cycle = locked_for(by, cycle)
    reason = check_reason(reason)
    before = cycle.level
    cycle.level = DueDiligence.Level(level)
    cycle.level_reason = reason
    cycle.level_by = by
    cycle.save(update_fields=["level", "level_reason", "level_by"])
    drop_recommendation(cycle)
    record("due_diligence.level_set", cycle, by=by, internal=True, before=before, after=cycle.level)
    return cycle


@transaction.atomic
def recommend(cycle: DueDiligence, *, by: User, text: str) -> DueDiligence:
    """Recommend to clear the cycle, for a second person to do it. Asks for all that clearing does."""
    cycle = locked_for(by, cycle)
    if cycle.status != UNDER_REVIEW:
        raise ActionRefused(_("Clearing is recommended while the review goes on."))
    text = check_reason(text)
    if missing := missing_for_clearance(cycle.organization, cycle):
        raise ActionRefused(" ".join(str(line) for line in missing))
    cycle.recommended_at, cycle.recommended_by = timezone.now(), by
    cycle.recommendation = text
    cycle.save(update_fields=["recommended_at", "recommended_by", "recommendation"])
    record("due_diligence.clearing_recommended", cycle, by=by, internal=True)
    return cycle


def note_application(
    organization: Organization, *, category: str, engagement: list[str]
) -> DueDiligence | None:
    """Keep what the organization says of itself in an application: the level may follow it.

    The caller holds the organization's row, as everybody does who changes a submission.
    """
    cycle = current_cycle(organization)
    if cycle is None or cycle.status in SETTLED:
        return cycle
    cycle.partner_category = category
    cycle.engagement = engagement
    cycle.save(update_fields=["partner_category", "engagement"])
    follow_proposal(cycle)
    return cycle


def note_engagement(organization: Organization, code: str) -> None:
    """Keep that the organization asks for something or gives it: its checks may begin.

    In one statement, since every Demand and Offer comes by. Settled cycles stay as they were
    decided.
    """
    open_cycles = organization.due_diligence_cycles.exclude(status__in=SETTLED)
    open_cycles.exclude(engagement__contains=[code]).update(
        engagement=Func(F("engagement"), Value(code), function="array_append")
    )
