"""People and places that the tests share. Nothing of ours is mocked; the database is PostgreSQL."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connection
from django.dispatch import receiver
from django.test import Client
from django.test.signals import setting_changed
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from alliance import drawn_forms, drawn_pages, kept_pages
from alliance.reference_data import load_reference_data
from knowledge.permissions import load_rights
from organizations.groups import load_groups
from organizations.models import Membership, Organization, User
from submissions.letters import load_letters
from tests import factories
from tests.browser import browser_type_launch_args
from tests.portal import portal
from tests.rights import People
from tests.spreading import pytest_collection_modifyitems

__all__ = ["browser_type_launch_args", "portal", "pytest_collection_modifyitems"]


def pytest_configure() -> None:
    """The web server's own file server wants its folder, also where nothing was collected."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # Tests make a database, and empty its tables.
    connection.settings_dict.update(settings.DATABASE_OWNER)
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        # Files of one worker's tests are not counted, or swept away, by another's.
        settings.ALLIANCE_DATA = settings.ALLIANCE_DATA / worker
        settings.ALLIANCE_DATA.mkdir(exist_ok=True)
        # They were made with the models, before this, and the models hold on to them: so they are
        # not made anew but told once more where they are.
        for alias in ("private", "pictures"):
            storages[alias].__init__()  # type: ignore[misc]


@receiver(setting_changed)
def make_storages_anew(*, setting: str, **_changed: object) -> None:
    """A storage that was made while a test had another data folder would stay with that folder."""
    if setting == "ALLIANCE_DATA":
        # As Django's own receiver does for STORAGES; its stubs do not know the attribute.
        storages._storages = {}  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Every test finds the vocabularies, the countries and the roles of the secretariat."""
    with django_db_blocker.unblock():
        load_contents()


def load_contents() -> None:
    load_reference_data()
    load_groups()
    load_rights()
    load_letters()


@pytest.fixture(autouse=True)
def outbox(settings: Settings) -> None:
    """Mail goes the way it goes in the portal: Django's test set-up would keep it in memory."""
    settings.EMAIL_BACKEND = "alliance.emails.OutboxBackend"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each test draws its pages itself, whatever another one has set."""
    kept_pages.forget()
    drawn_pages.forget()
    drawn_forms.forget()


@pytest.fixture
def contents(transactional_db: None) -> Iterator[None]:
    """The same for tests whose transactions are real: Django empties the tables after each.

    All but that of the cache, in which guesses and mails are counted.
    """
    load_contents()
    yield
    cache.clear()


@pytest.fixture
def organization(db: None) -> Organization:
    return factories.organization(name="Department of Climate Change, Malawi")


@pytest.fixture
def owner(organization: Organization) -> User:
    return factories.member(organization, Membership.Role.OWNER, first_name="Thandiwe")


@pytest.fixture
def editor(organization: Organization) -> User:
    return factories.member(organization, Membership.Role.EDITOR, first_name="Chikondi")


@pytest.fixture
def reader(organization: Organization) -> User:
    return factories.member(organization, Membership.Role.READER, first_name="Grace")


@pytest.fixture
def stranger(db: None) -> User:
    """The owner of another organization."""
    return factories.member(factories.organization(), Membership.Role.OWNER)


@pytest.fixture
def reviewer(db: None) -> User:
    return factories.staff("Reviewer", first_name="Inés")


@pytest.fixture
def senior(db: None) -> User:
    return factories.staff("Senior reviewer", first_name="Amina")


@pytest.fixture
def library_editor(db: None) -> User:
    return factories.staff("Library editor", first_name="Linh")


@pytest.fixture
def administrator(db: None) -> User:
    return factories.staff("Administrator", first_name="Omar")


@pytest.fixture
def people(
    owner: User,
    editor: User,
    reader: User,
    stranger: User,
    reviewer: User,
    senior: User,
    library_editor: User,
    administrator: User,
) -> People:
    """One of each kind, by name, with a visitor."""
    return {
        "visitor": AnonymousUser(),
        "owner": owner,
        "editor": editor,
        "reader": reader,
        "stranger": stranger,
        "reviewer": reviewer,
        "senior": senior,
        "library editor": library_editor,
        "administrator": administrator,
    }


@pytest.fixture
def groups(db: None) -> dict[str, Group]:
    return {group.name: group for group in Group.objects.all()}


@pytest.fixture
def owner_client(owner: User) -> Client:
    return factories.logged_in(owner)


@pytest.fixture
def reviewer_client(reviewer: User) -> Client:
    return factories.logged_in(reviewer)


@pytest.fixture
def senior_client(senior: User) -> Client:
    return factories.logged_in(senior)
