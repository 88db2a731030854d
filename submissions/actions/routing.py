"""Assignment by rule: the worker gives what was received to whom the rules name."""

from collections import defaultdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from organizations.models import Absence, Organization, User
from submissions import emails, permissions
from submissions.actions.assignment import set_assignee
from submissions.models import AssignmentRule, Submission

# One transaction takes so many, and one sweep so many of these: others have their turn.
_AT_ONCE = 100
_ROUNDS = 20


def route_received() -> int:
    """Give every case that waits for the rules to somebody, or to nobody; returns how many. A sweep."""
    routed = 0
    for _round in range(_ROUNDS):
        found = _route_some()
        routed += found
        if found < _AT_ONCE:
            break
    return routed


@transaction.atomic
def _route_some() -> int:
    """The oldest of them, with one message to each person who gets some."""
    waiting = Submission.objects.to_be_routed().order_by("pk")[:_AT_ONCE]
    places = dict(waiting.values_list("pk", "organization"))
    organizations = Organization.objects.locked().in_bulk(set(places.values()))
    cases = Submission.objects.to_be_routed().select_for_update(of=("self",)).order_by("pk")
    rules = rules_in_force() if places else []
    given: dict[User, list[Submission]] = defaultdict(list)
    with audit.in_one_go():
        for case in cases.filter(pk__in=places):
            # One object for each organization: what is read of its conflicts is read once.
            case.organization = organizations[case.organization_id]
            person = _whose(case, rules)
            if person is None:
                case.routed_at = timezone.now()
                case.save(update_fields=["routed_at"])
            else:
                set_assignee(case, person, by=None)
                given[person].append(case)
    for person, theirs in given.items():
        emails.cases_assigned(person, theirs, by=None)
    return len(places)


def rules_in_force() -> list[AssignmentRule]:
    """Rules whose person is not away, the most specific first."""
    away = Absence.objects.on(timezone.localdate())
    rules = AssignmentRule.objects.exclude(person__in=away.values("person"))
    found = list(rules.select_related("person").order_by("order", "pk"))
    # One object for each person: what is read of their roles is read once.
    people = {rule.person_id: rule.person for rule in found}
    for rule in found:
        rule.person = people[rule.person_id]
    return sorted(found, key=lambda rule: -rule.says)


def _whose(case: Submission, rules: list[AssignmentRule]) -> User | None:
    """The person of the first rule that fits, if they may review it; else of the next."""
    if not case.is_worked_on:
        return None
    for rule in rules:
        if rule.fits(case) and permissions.can_review(rule.person, case):
            return rule.person
    return None


@transaction.atomic
def route_again(*, by: User) -> int:
    """Have the rules looked at once more for every open case that is nobody's; returns how many."""
    _check_may_edit(by)
    return Submission.objects.open().received().filter(assignee=None).update(routed_at=None)


@transaction.atomic
def save_rule(rule: AssignmentRule, *, by: User) -> AssignmentRule:
    _check_may_edit(by)
    name = "assignment_rule.added" if rule.pk is None else "assignment_rule.changed"
    rule.save()
    audit.record(name, by=by, about=rule, internal=True, **_codes(rule))
    return rule


@transaction.atomic
def delete_rule(rule: AssignmentRule, *, by: User) -> None:
    _check_may_edit(by)
    audit.record("assignment_rule.deleted", by=by, about=rule, internal=True, **_codes(rule))
    rule.delete()


def _codes(rule: AssignmentRule) -> dict[str, str | int]:
    return {
        "region": rule.region,
        "kind": rule.kind,
        "category": rule.partner_category,
        "person": rule.person_id,
    }


def _check_may_edit(by: User) -> None:
    if not permissions.can_edit_rules(by):
        raise ActionRefused(_("Senior reviewers and administrators set the rules of assignment."))
