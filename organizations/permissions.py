"""Who may do what in an organization, and who works for the secretariat in which role."""

from django.contrib.auth.models import AnonymousUser

from alliance.prepared import Prepared
from organizations.groups import ADMINISTRATOR, REVIEWER, SENIOR_REVIEWER
from organizations.models import (
    ConflictOfInterest,
    ConnectMessage,
    DueDiligence,
    Membership,
    Organization,
    User,
)

# Predicates are asked many times while a page is made. What they read is kept with the person's
# own object, which lives as long as the request.
_MEMBERSHIP = "_kept_membership"
_ROLES = "_kept_roles"
# Kept with the organization's object: who holds its row reads it anew, and knows what was declared.
_CONFLICTS = "_kept_conflicts"

_of_user = Prepared(
    lambda user: Membership.objects.filter(user=user).select_related("organization").order_by(),
    int,
)


def member_of(user: User | AnonymousUser) -> Membership | None:
    """The person's place in an organization, with the organization; one query per request."""
    if not isinstance(user, User):
        return None
    kept = user.__dict__
    if _MEMBERSHIP not in kept:
        kept[_MEMBERSHIP] = _of_user.first(user.pk)
    membership: Membership | None = kept[_MEMBERSHIP]
    return membership


def belongs_to(user: User | AnonymousUser, organization: Organization) -> bool:
    membership = member_of(user)
    return membership is not None and membership.organization_id == organization.pk


def can_edit_profile(user: User | AnonymousUser, organization: Organization) -> bool:
    """Owners and editors; readers read."""
    membership = member_of(user)
    return (
        membership is not None
        and membership.organization_id == organization.pk
        and membership.may_edit
    )


def _owns(user: User | AnonymousUser, organization: Organization) -> bool:
    membership = member_of(user)
    return (
        membership is not None
        and membership.organization_id == organization.pk
        and membership.role == Membership.Role.OWNER
    )


def can_manage_members(user: User | AnonymousUser, organization: Organization) -> bool:
    """Owners alone invite, change roles, remove, and answer those who ask to join."""
    return _owns(user, organization)


def can_rename(user: User | AnonymousUser, organization: Organization) -> bool:
    """Owners alone give the institution another name."""
    return _owns(user, organization)


def can_say_listing(user: User | AnonymousUser, organization: Organization) -> bool:
    """Owners alone say whether the public may see their institution's name and profile."""
    return _owns(user, organization)


def roles_of(user: User | AnonymousUser) -> frozenset[str]:
    """The person's roles in the secretariat; none for whoever is not staff."""
    if not isinstance(user, User) or not user.is_staff or not user.is_active:
        return frozenset()
    kept = user.__dict__
    if _ROLES not in kept:
        kept[_ROLES] = frozenset(user.groups.values_list("name", flat=True))
    roles: frozenset[str] = kept[_ROLES]
    return roles


def is_reviewer(user: User | AnonymousUser) -> bool:
    """Works the queues; senior reviewers do too."""
    return not roles_of(user).isdisjoint({REVIEWER, SENIOR_REVIEWER})


def is_senior_reviewer(user: User | AnonymousUser) -> bool:
    return SENIOR_REVIEWER in roles_of(user)


def has_conflict(user: User | AnonymousUser, organization: Organization) -> bool:
    """Whether the person has declared a conflict of interest that nobody has ended."""
    kept = organization.__dict__
    if _CONFLICTS not in kept:
        declared = ConflictOfInterest.objects.open().filter(organization=organization)
        kept[_CONFLICTS] = frozenset(declared.values_list("person", flat=True))
    return user.pk in kept[_CONFLICTS]


def can_review_organization(user: User | AnonymousUser, organization: Organization) -> bool:
    """Reviewers work on every organization but their own, and those where they have a conflict."""
    return (
        is_reviewer(user)
        and not belongs_to(user, organization)
        and not has_conflict(user, organization)
    )


def can_assign_cycle(user: User | AnonymousUser, cycle: DueDiligence) -> bool:
    """Say whose it is: reviewers of what is nobody's or theirs, seniors of everything."""
    is_free = cycle.assignee_id in {None, user.pk}
    return (
        cycle.state.is_open
        and (is_free or is_senior_reviewer(user))
        and can_review_organization(user, cycle.organization)
    )


def can_hand_over_for_others(user: User | AnonymousUser) -> bool:
    """Give a colleague's cases to another one: who is ill cannot do it."""
    return is_senior_reviewer(user)


def can_end_conflict(user: User | AnonymousUser, conflict: ConflictOfInterest) -> bool:
    """Senior reviewers of this organization's cases: so nobody judges their own conflict."""
    return (
        conflict.is_open
        and is_senior_reviewer(user)
        and can_review_organization(user, conflict.organization)
    )


def can_see_conflicts(user: User | AnonymousUser) -> bool:
    return is_senior_reviewer(user)


def is_administrator(user: User | AnonymousUser) -> bool:
    return ADMINISTRATOR in roles_of(user)


def can_settle_registrations(user: User | AnonymousUser) -> bool:
    """Say what becomes of double registrations, and of requests to join that nobody answers."""
    return is_reviewer(user) or is_administrator(user)


def can_manage_people(user: User | AnonymousUser, person: User) -> bool:
    """Administrators look after every account but their own: nobody raises themselves."""
    return is_administrator(user) and user.pk != person.pk


def can_work_inbox(user: User | AnonymousUser) -> bool:
    """Read and answer what comes through the Connect form."""
    return is_reviewer(user) or is_administrator(user)


def can_handle_message(user: User | AnonymousUser, message: ConnectMessage) -> bool:
    """Everybody who works the inbox; a report of a concern is for few of them."""
    return can_work_inbox(user) and (not message.is_concern or can_read_concerns(user))


def can_read_concerns(user: User | AnonymousUser) -> bool:
    """Reports of a concern may be about anyone, colleagues included: so few read them."""
    return is_senior_reviewer(user) or is_administrator(user)
