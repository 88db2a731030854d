"""What changes people and organizations: registering, and the profile."""

import os
import shutil
import tempfile
import uuid
from contextlib import suppress
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from alliance import audit, vocabularies
from alliance.exceptions import ActionRefused
from alliance.files.staging import discard, publish
from alliance.models import Country, StagedUpload, Term
from alliance.models.upload import staging_folder
from organizations.due_diligence import propose_level
from organizations.models import DueDiligence, Membership, Organization, User
from organizations.permissions import can_edit_profile

_ADDRESS_TAKEN = "user_email_unique"


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
) -> User | None:
    """Make the organization, its first owner and its first due diligence cycle together.

    Returns None where the address has an account already. The database decides that, so two at
    once cannot both succeed, and whoever asks learns nothing from the time that it takes: the
    same rows are written for nobody then, the same bytes copied, and all of it is taken back.
    """
    password_hash = make_password(password)
    try:
        with transaction.atomic():
            user = _make_person(person.email, person, password_hash)
            _make_organization(institution, user, person.function, publish(logo))
            return user
    except IntegrityError as error:
        if _ADDRESS_TAKEN not in str(error):
            raise
    with transaction.atomic():
        nobody = _make_person(f"{uuid.uuid4().hex}@invalid", person, password_hash)
        _make_organization(institution, nobody, person.function, _copy_for_nobody(logo))
        transaction.set_rollback(True)
    discard(logo)
    return None


def _make_person(email: str, person: Person, password_hash: str) -> User:
    user = User.objects.create(
        email=email.lower(),
        password=password_hash,
        first_name=person.first_name,
        last_name=person.last_name,
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    return user


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
    category = vocabularies.term("partner-category", institution.type.data.get("category", ""))
    DueDiligence.objects.create(organization=organization, level=propose_level(category))
    audit.record("user.registered", by=owner, about=owner)
    audit.record("organization.registered", by=owner, about=organization)
    return organization


def _copy_for_nobody(upload: StagedUpload) -> str:
    """Spend the work of publishing a picture; what is written has no name and vanishes."""
    # A second click finds the file gone: the first one's registration has used it.
    with (
        suppress(FileNotFoundError),
        upload.open() as kept,
        tempfile.TemporaryFile(dir=staging_folder()) as copy,
    ):
        shutil.copyfileobj(kept, copy)
        copy.flush()
        os.fsync(copy.fileno())
    return ""


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
    audit.record("user.appointed", by=None, about=user, role=role)
    return user


@transaction.atomic
def change_profile(
    organization: Organization,
    *,
    by: User,
    website: str,
    description: str,
    logo: StagedUpload | None = None,
) -> Organization:
    """Change what the organization says of itself; `logo` replaces the present one."""
    if not can_edit_profile(by, organization):
        raise ActionRefused(_("Only owners and editors of an organization can change its profile."))
    organization = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    changed = [
        name
        for name, value in (("website", website), ("description", description))
        if getattr(organization, name) != value
    ]
    organization.website = website
    organization.description = description
    if logo is not None:
        organization.logo = publish(logo)
        changed.append("logo")
    organization.save(update_fields=["website", "description", "logo"])
    audit.record("organization.profile_changed", by=by, about=organization, fields=changed)
    return organization
