"""Asking to be let into an organization, and what becomes of double registrations."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit, limits
from alliance.exceptions import ActionRefused
from alliance.limits import Limit
from organizations.actions.members import add_member, lock_living
from organizations.duplicates import organization_named
from organizations.emails import members as emails_members
from organizations.models import (
    Invitation,
    JoinRequest,
    Membership,
    Organization,
    PossibleDuplicate,
    User,
)
from organizations.permissions import (
    belongs_to,
    can_manage_members,
    can_settle_registrations,
    member_of,
)

# Each asking tells the owners of an organization somebody's name and address.
REQUESTS = Limit("join-requests", most=5, seconds=24 * limits.HOUR)

_Status = JoinRequest.Status
_ANSWERED = _("This request has been answered or taken back meanwhile.")
_ONE_AT_A_TIME = _("You have asked already. Take that request back before you ask elsewhere.")


@transaction.atomic
def ask_to_join(*, by: User, name: str, function: str, message: str) -> JoinRequest:
    """Pass a request on to the owners of the organization called so, or to the secretariat.

    Which of the two, and whether there is such an organization, the person does not learn.
    """
    if member_of(by) is not None:
        raise ActionRefused(_("You belong to an organization already."))
    if limits.take(REQUESTS, str(by.pk)):
        raise ActionRefused(_("You have asked often today. Please try again tomorrow."))
    return _make_request(
        user=by,
        typed_name=name,
        organization=_living(organization_named(name)),
        function=function,
        message=message,
        by=by,
    )


def _living(organization: Organization | None) -> Organization | None:
    """The same, held; None where it was closed since it was looked for."""
    if organization is None:
        return None
    return Organization.objects.locked().filter(pk=organization.pk, closed_at=None).first()


def _make_request(*, by: User, **fields: object) -> JoinRequest:
    try:
        with transaction.atomic():
            request = JoinRequest.objects.create(**fields)
    except IntegrityError:
        raise ActionRefused(_ONE_AT_A_TIME) from None
    audit.record("member.join_asked", by=by, about=request.user)
    if request.organization is None:
        emails_members.join_waits_for_staff(1)
    else:
        emails_members.join_asked(request)
    return request


@transaction.atomic
def withdraw_request(request: JoinRequest, *, by: User) -> JoinRequest:
    request = _lock_open(request)
    if request.user_id != by.pk:
        raise ActionRefused(_ANSWERED)
    return _end(request, _Status.WITHDRAWN, by)


@transaction.atomic
def accept_request(request: JoinRequest, *, by: User, role: str) -> JoinRequest:
    """Let the person in. Who registered the institution a second time leaves that registration."""
    request = _lock_open(request)
    _refuse_others(request, by)
    if request.organization is None:
        raise ActionRefused(_("Say first which organization is meant."))
    _leave_second_registration(request)
    add_member(request.organization, user=request.user, role=role, function=request.function)
    _end(request, _Status.ACCEPTED, by)
    emails_members.join_accepted(request)
    return request


@transaction.atomic
def decline_request(request: JoinRequest, *, by: User) -> JoinRequest:
    request = _lock_open(request)
    _refuse_others(request, by)
    _end(request, _Status.DECLINED, by)
    emails_members.join_declined(request)
    return request


@transaction.atomic
def point_request(request: JoinRequest, *, by: User, organization: Organization) -> JoinRequest:
    """The secretariat says which organization was meant; its owners are asked."""
    organization = lock_living(organization)
    request = _lock_open(request)
    if not can_settle_registrations(by) or request.organization is not None:
        raise ActionRefused(_ANSWERED)
    request.organization = organization
    request.save(update_fields=["organization"])
    audit.record(
        "member.join_pointed", by=by, about=request.user, internal=True, to=organization.pk
    )
    emails_members.join_asked(request)
    return request


def may_answer(request: JoinRequest, user: User) -> bool:
    """Owners of the organization; reviewers and administrators where it waits for them."""
    if request.organization is not None and can_manage_members(user, request.organization):
        return True
    is_involved = request.organization is not None and belongs_to(user, request.organization)
    waits = JoinRequest.objects.for_staff().filter(pk=request.pk)
    return can_settle_registrations(user) and not is_involved and waits.exists()


def _refuse_others(request: JoinRequest, by: User) -> None:
    if not may_answer(request, by):
        raise ActionRefused(_("The owners of the organization answer this request."))


def _lock_open(request: JoinRequest) -> JoinRequest:
    """The request as it is now, held with the organizations that it is about."""
    row = JoinRequest.objects.filter(pk=request.pk)
    concerned = Q(pk__in=row.values("organization")) | Q(pk__in=row.values("leaves"))
    held = {None, *(one.pk for one in Organization.objects.locked().filter(concerned))}
    found = (
        JoinRequest.objects.open()
        .select_for_update(of=("self",))
        .select_related("organization", "user")
        .filter(pk=request.pk)
        .first()
    )
    if found is None or not {found.organization_id, found.leaves_id} <= held:
        raise ActionRefused(_ANSWERED)
    return found


def _leave_second_registration(request: JoinRequest) -> None:
    if request.leaves_id is None:
        return
    second = Organization.objects.get(pk=request.leaves_id)
    Membership.objects.filter(user=request.user, organization=second).delete()
    audit.record("member.left", by=request.user, about=second)
    if not second.memberships.exists():
        close_organization(second, by=request.user)
        decline_requests(second, by=request.user)
    elif not second.memberships.filter(role=Membership.Role.OWNER, user__is_active=True).exists():
        _promote(second, by=request.user)


def _promote(organization: Organization, *, by: User) -> None:
    """Make an owner of whoever has been there longest, editors before readers.

    Where all accounts are closed nobody is: its requests to join wait for the secretariat then.
    """
    there = organization.memberships.filter(user__is_active=True).select_related("user")
    heirs = sorted(there, key=lambda one: (one.role != Membership.Role.EDITOR, one.pk))
    for heir in heirs[:1]:
        before, heir.role = heir.role, Membership.Role.OWNER
        heir.save(update_fields=["role"])
        audit.record(
            "member.role_changed",
            by=by,
            about=organization,
            person=heir.user_id,
            before=before,
            after=heir.role,
        )
        emails_members.role_changed(heir, by=by)


@transaction.atomic
def close_organization(organization: Organization, *, by: User) -> Organization:
    """Close for good what its last member leaves, and take its invitations back.

    Whoever still waits to be let in is told by `decline_requests`.
    """
    organization = Organization.objects.locked().get(pk=organization.pk)
    if organization.closed_at is not None:
        return organization
    organization.closed_at = timezone.now()
    organization.save(update_fields=["closed_at"])
    audit.record("organization.closed", by=by, about=organization)
    open_ones = Invitation.objects.open().filter(organization=organization)
    for _invitation in range(open_ones.update(revoked_at=timezone.now(), revoked_by=by)):
        audit.record("member.invitation_revoked", by=by, about=organization)
    return organization


@transaction.atomic
def decline_requests(organization: Organization, *, by: User) -> None:
    """Decline every open request to be let into an organization that has been closed."""
    waiting = JoinRequest.objects.open().filter(organization=organization)
    for request in waiting.select_for_update(of=("self",)).select_related("user"):
        _end(request, _Status.DECLINED, by)
        emails_members.join_declined(request)


def _end(request: JoinRequest, status: JoinRequest.Status, by: User) -> JoinRequest:
    request.status = status
    request.decided_at, request.decided_by = timezone.now(), by
    request.save(update_fields=["status", "decided_at", "decided_by"])
    audit.record(f"member.join_{status}", by=by, about=request.user)
    return request


def pass_on_requests() -> int:
    """Tell the secretariat of requests that no owner answered in time; returns how many. A sweep."""
    with transaction.atomic():
        late = list(
            JoinRequest.objects.overdue()
            .filter(passed_on_at=None)
            .select_for_update(skip_locked=True)
        )
        JoinRequest.objects.filter(pk__in=[row.pk for row in late]).update(
            passed_on_at=timezone.now()
        )
        if late:
            emails_members.join_waits_for_staff(len(late))
    return len(late)


@transaction.atomic
def keep_apart(pair: PossibleDuplicate, *, by: User) -> PossibleDuplicate:
    """They are two institutions; it is not asked again unless something new says otherwise."""
    pair = _lock_pair(pair, by)
    return _settle(pair, PossibleDuplicate.Status.KEPT_APART, by)


@transaction.atomic
def turn_into_request(pair: PossibleDuplicate, *, by: User) -> PossibleDuplicate:
    """They are one: the newer registration's owner asks to be let into the earlier one."""
    pair = _lock_pair(pair, by)
    lock_living(pair.older)
    newcomer = (
        pair.newer.memberships.select_related("user")
        .filter(role=Membership.Role.OWNER, user__is_active=True)
        .order_by("pk")
        .first()
    )
    if newcomer is None:
        raise ActionRefused(_("Nobody speaks for the newer registration any more."))
    _make_request(
        by=by,
        user=newcomer.user,
        typed_name=pair.newer.name,
        organization=pair.older,
        leaves=pair.newer,
        function=newcomer.function,
    )
    emails_members.join_passed_on(newcomer.user, pair.newer)
    return _settle(pair, PossibleDuplicate.Status.REQUEST_MADE, by)


def _lock_pair(pair: PossibleDuplicate, by: User) -> PossibleDuplicate:
    list(Organization.objects.locked().filter(pk__in=[pair.newer_id, pair.older_id]))
    found = (
        PossibleDuplicate.objects.open()
        .select_for_update(of=("self",))
        .select_related("newer", "older")
        .filter(pk=pair.pk)
        .first()
    )
    if found is None:
        raise ActionRefused(_("Somebody has settled this meanwhile."))
    involved = belongs_to(by, found.newer) or belongs_to(by, found.older)
    if not can_settle_registrations(by) or involved:
        raise ActionRefused(_("Reviewers and administrators settle this, not for their own."))
    return found


def _settle(
    pair: PossibleDuplicate, status: PossibleDuplicate.Status, by: User
) -> PossibleDuplicate:
    pair.status = status
    pair.decided_at, pair.decided_by = timezone.now(), by
    pair.save(update_fields=["status", "decided_at", "decided_by"])
    audit.record(
        f"organization.duplicate_{status}",
        by=by,
        about=pair.newer,
        internal=True,
        older=pair.older_id,
    )
    return pair
