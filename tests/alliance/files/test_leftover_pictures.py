"""Public pictures go when nothing names them any more, and not before."""

import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import models
from django.utils import timezone

from alliance import sweeping
from alliance.files import staging
from alliance.files.leftovers import sweep_pictures
from alliance.files.storage import PublicPictureStorage
from alliance.models import StagedUpload
from organizations.actions.registration import Profile, change_profile
from organizations.models import Organization, User
from organizations.retention import forget_unconfirmed_accounts
from submissions.models import Revision
from submissions.retention import forget_closed_organizations
from tests import factories
from tests.alliance.files import samples

pytestmark = pytest.mark.django_db

DAY = 24 * 60 * 60
# What a column is called that holds the name of a picture.
_WORDS = ("logo", "picture", "image", "cover", "photo")


def held(side: int) -> StagedUpload:
    """A picture of so many pixels, waiting for its form: another one for each number."""
    sent = io.BytesIO(samples.logo(side, side))
    return staging.keep_picture(
        sent, "organization-logo", max_side=1024, name="a.png", sent_size=sent.getbuffer().nbytes
    )


def with_logo(place: Organization, owner: User, side: int) -> str:
    return str(change_profile(place, by=owner, profile=Profile(logo=held(side))).logo.name)


def grow_old(*names: str) -> None:
    for name in names:
        then = time.time() - 2 * DAY
        os.utime(storages["pictures"].path(name), (then, then))


def sweep() -> int:
    cache.clear()
    return sweep_pictures()


def there(*names: str) -> list[bool]:
    return [storages["pictures"].exists(name) for name in names]


def test_a_logo_that_was_replaced_goes(organization: Organization, owner: User) -> None:
    old, new = (with_logo(organization, owner, side) for side in (64, 72))
    grow_old(old, new)
    sweep()
    assert there(old, new) == [False, True]


def test_a_picture_that_another_row_names_stays(organization: Organization, owner: User) -> None:
    shared = with_logo(organization, owner, 80)
    submission = factories.submitted(owner)
    with_logo(organization, owner, 88)
    submission.logo = ""
    submission.save()
    assert Revision.objects.get().logo_name == shared
    grow_old(shared)
    sweep()
    assert there(shared) == [True]
    Organization.objects.update(closed_at=timezone.now() - timedelta(days=5000))
    forget_closed_organizations(timezone.now())
    sweep()
    assert there(shared) == [False]


def test_the_logo_of_a_registration_that_nobody_confirms_goes(
    organization: Organization, owner: User
) -> None:
    logo = with_logo(organization, owner, 96)
    EmailAddress.objects.update(verified=False)
    forget_unconfirmed_accounts(timezone.now())
    assert not Organization.objects.exists()
    grow_old(logo)
    sweeping.run("alliance.files.leftovers.sweep_pictures")
    assert there(logo) == [False]


def test_a_young_picture_may_be_getting_its_row(organization: Organization, owner: User) -> None:
    old = with_logo(organization, owner, 104)
    Organization.objects.update(logo="")
    sweep()
    assert there(old) == [True]
    grow_old(old)
    # The same picture once more: its row comes with the end of the transaction.
    assert staging.publish(held(104)) == old
    sweep()
    assert there(old) == [True]


def test_what_a_crash_left_half_written_goes(organization: Organization, owner: User) -> None:
    logo = with_logo(organization, owner, 112)
    half = Path(storages["pictures"].path(logo)).with_name(".0123.part")
    half.write_bytes(b"RIFF")
    old = time.time() - 2 * DAY
    os.utime(half, (old, old))
    sweep()
    assert (half.exists(), there(logo)) == (False, [True])


def test_every_column_that_names_a_picture_is_asked() -> None:
    found = {
        f"{model._meta.label}.{column.name}"
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if isinstance(column, models.ImageField)
        or (
            isinstance(column, models.FileField)
            and isinstance(column.storage, PublicPictureStorage)
        )
        or (
            isinstance(column, models.CharField | models.TextField)
            and any(word in column.name for word in _WORDS)
        )
    }
    assert found == set(settings.PICTURE_COLUMNS)
