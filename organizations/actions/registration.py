"""What changes people and organizations: registering, and the profile."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.files.staging import publish
from alliance.models import Country, StagedUpload, Term
from organizations.due_diligence.levels import propose
from organizations.groups import codes_of
from organizations.models import (
    DueDiligence,
    JoinRequest,
    Membership,
    Organization,
    RelatedName,
    User,
)
from organizations.permissions import can_edit_profile
from organizations.tasks import screen_soon

_ADDRESS_TAKEN = "user_email_unique"
_ONE_INSTITUTION = "membership_one_per_person"
_NOWHERE = "@invalid"  # a name that no mail is delivered to (RFC 2606)

RelatedNames = Mapping[RelatedName.Kind, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who registers. The email address becomes the login."""

    email: str
    first_name: str
    last_name: str
    function: str


@dataclass(frozen=True, kw_only=True)
class Institution:
    """What is registered; `country` is None for regional and global entities, as `scope` says."""

    name: str
    scope: Organization.Scope
    country: Country | None
    type: Term
    type_other: str = ""


@transaction.atomic
def register_organization(
    institution: Institution, *, person: Person, password: str, logo: StagedUpload
) -> User:
    """Make the organization, its first owner and its first due diligence cycle together.

    Where the address has an account already, all of it is made as well, for somebody whom no
    mail reaches (`waits_for_address`): the database decides that, so two at once cannot both have
    it, and the work is the same either way. Whoever mistyped can then still give another address;
    else it is forgotten like every registration that nobody confirms.
    """
    user = register_person(person, password=password)
    _make_organization(institution, user, person.function, publish(logo))
    return user


@transaction.atomic
def register_person(person: Person, *, password: str) -> User:
    """Make an account alone, for an address that may have one already (see above)."""
    user = User.objects.create(
        email=nobodys_address(),
        password=make_password(password),
        first_name=person.first_name,
        last_name=person.last_name,
    )
    _give_address(user, person.email)
    audit.record("user.registered", by=user, about=user)
    return user


@transaction.atomic
def register_another(
    institution: Institution, *, by: User, function: str, logo: StagedUpload
) -> Organization:
    """Register an institution with an account that has none; the person becomes its owner."""
    if JoinRequest.objects.open().filter(user=by).exists():
        raise ActionRefused(
            _("You have asked to be let into an organization. Take that request back first.")
        )
    try:
        with transaction.atomic():
            return _make_organization(institution, by, function, publish(logo))
    except IntegrityError as error:
        if _ONE_INSTITUTION not in str(error):
            raise
        raise ActionRefused(_("You belong to an organization already.")) from None


@transaction.atomic
def correct_address(user: User, *, email: str) -> User:
    """Give a registration that is not confirmed yet another address, taken ones as above."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if EmailAddress.objects.filter(user=user, verified=True).exists():
        raise ActionRefused(_("This account is open already. Log in to change its address."))
    _give_address(user, email)
    audit.record("user.address_corrected", by=user, about=user)
    return user


def nobodys_address() -> str:
    """A login that nobody can have: no mail goes there, and no form takes it."""
    return f"{uuid.uuid4().hex}{_NOWHERE}"


def waits_for_address(user: User) -> bool:
    return user.email.endswith(_NOWHERE)


def _give_address(user: User, email: str) -> None:
    """Make `email` the login of an account that is not open yet, unless somebody has it."""
    user.email = email.lower()
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError as error:
        if _ADDRESS_TAKEN not in str(error):
            raise
        user.email = nobodys_address()
        user.save(update_fields=["email"])
    EmailAddress.objects.update_or_create(
        user=user, primary=True, defaults={"email": user.email, "verified": False}
    )


def _make_organization(
    institution: Institution, owner: User, function: str, logo_name: str
) -> Organization:
    organization = Organization.objects.create(
        name=institution.name,
        scope=institution.scope,
        country=institution.country,
        type=institution.type,
        type_other=institution.type_other,
        logo=logo_name,
    )
    Membership.objects.create(
        user=owner, organization=organization, role=Membership.Role.OWNER, function=function
    )
    DueDiligence.objects.create(organization=organization, level=propose(organization).level)
    audit.record("organization.registered", by=owner, about=organization)
    screen_soon()
    return organization


@transaction.atomic
def appoint(
    role: str, *, email: str, first_name: str, last_name: str, password: str, totp_secret: str
) -> User:
    """Make an account for somebody who works for the secretariat, with its second factor.

    `role` is one of `groups.ROLES`. The address counts as confirmed: whoever runs the command
    vouches for it. Raises ActionRefused where the address has an account.
    """
    if User.objects.filter(email=email.lower()).exists():
        raise ActionRefused(_("There is an account with this address already."))
    user = User.objects.create_user(
        email, password, first_name=first_name, last_name=last_name, is_staff=True
    )
    user.groups.add(Group.objects.get(name=role))
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    TOTP.activate(user, totp_secret)
    audit.record("user.appointed", by=None, about=user, roles=codes_of([role]))
    return user


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What an organization says of itself; None leaves a part as it is."""

    website: str | None = None
    description: str | None = None
    registration_number: str | None = None
    related: RelatedNames | None = None
    logo: StagedUpload | None = None


class ProfileChanged(ActionRefused):
    """Somebody has saved the profile since this person opened it; `current` is how it stands."""

    def __init__(self, current: Organization) -> None:
        super().__init__(
            _(
                "The profile was saved meanwhile, in another window or by a colleague. Nothing of "
                "yours is lost: look at what stands there now, then save again."
            )
        )
        self.current = current


def profile_version(organization: Organization, names: Iterable[RelatedName]) -> str:
    """A name for the profile as it stands; `names` are all its related names."""
    content = [
        organization.website,
        organization.description,
        organization.registration_number,
        organization.logo.name,
        sorted((str(row.kind), row.name) for row in names),
    ]
    return sha256(json.dumps(content).encode()).hexdigest()


@transaction.atomic
def change_profile(
    organization: Organization, *, by: User, profile: Profile, seen: str = ""
) -> Organization:
    """Change what is given. Names and numbers are compared with other registrations anew.

    `seen` is the `profile_version` from which somebody began; ProfileChanged where it is another.
    """
    if not can_edit_profile(by, organization):
        raise ActionRefused(_("Only owners and editors of an organization can change its profile."))
    organization = Organization.objects.locked().get(pk=organization.pk)
    if seen and seen != profile_version(organization, organization.related_names.all()):
        raise ProfileChanged(organization)
    return change_held_profile(organization, by=by, profile=profile)


def change_held_profile(organization: Organization, *, by: User, profile: Profile) -> Organization:
    """The same for a caller who holds the organization's row and knows that this person may."""
    changed = []
    for name in ("website", "description", "registration_number"):
        value = getattr(profile, name)
        if value is not None and getattr(organization, name) != value:
            setattr(organization, name, value)
            changed.append(name)
    if profile.logo is not None:
        organization.logo = publish(profile.logo)
        changed.append("logo")
    if profile.related is not None:
        changed += _change_related_names(organization, profile.related)
    if {"website", "registration_number", "former_name"} & set(changed):
        organization.compared_at = None
    organization.save()
    audit.record("organization.profile_changed", by=by, about=organization, fields=changed)
    return organization


def _change_related_names(organization: Organization, related: RelatedNames) -> list[str]:
    """Add and remove so that exactly these names are left; returns the kinds that changed."""
    present = {(row.kind, row.name): row for row in organization.related_names.all()}
    wanted = {(str(kind), name) for kind, names in related.items() for name in names}
    gone = [row for key, row in present.items() if row.kind in related and key not in wanted]
    RelatedName.objects.filter(pk__in=[row.pk for row in gone]).delete()
    new = [
        RelatedName(organization=organization, kind=kind, name=name)
        for kind, names in related.items()
        for name in names
        if (str(kind), name) not in present
    ]
    RelatedName.objects.bulk_create(new)
    return sorted({str(row.kind) for row in [*gone, *new]})
