"""`create_administrator` and `load_demo_people`."""

import logging
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from organizations.demo import MEMBER, STAFF, load_demo_people
from organizations.groups import ADMINISTRATOR, LIBRARY_EDITOR, ROLES, grant, load_groups
from organizations.models import Membership, User
from tests.organizations.registering import code_in_mail
from tests.organizations.second_factor import code_of, secret_of

pytestmark = pytest.mark.django_db

PASSWORD = "three lamps above the harbour"


def create_administrator(**options: Any) -> str:
    out = StringIO()
    given = {"email": "First@Example.org", "first_name": "Ines", "last_name": "Costa"}
    call_command("create_administrator", stdout=out, **(given | options))
    return out.getvalue()


def load_people() -> list[str]:
    out = StringIO()
    call_command("load_demo_people", stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", PASSWORD)
    return PASSWORD


def test_first_administrator_can_enter_the_admin(client: Client, password: str) -> None:
    shown = create_administrator()
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser) == ("first@example.org", True, False)
    assert [group.name for group in user.groups.all()] == [ADMINISTRATOR]
    secret = secret_of(user)
    assert secret in shown
    assert f"otpauth://totp/first%40example.org?secret={secret}&issuer=UNOSSC%20Alliance" in shown
    assert password not in shown
    client.post("/login/", {"login": user.email, "password": password})
    client.post("/login/second-factor/", {"code": code_of(secret)})
    assert client.get("/admin/").status_code == 200


@pytest.mark.usefixtures("password")
def test_administrator_is_made_once() -> None:
    create_administrator()
    with pytest.raises(CommandError, match="There is an account with this address already"):
        create_administrator()


def test_administrator_needs_a_good_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", "password1234")
    with pytest.raises(CommandError, match="among those that are guessed first"):
        create_administrator()
    assert User.objects.count() == 0


@pytest.mark.usefixtures("password")
def test_administrator_needs_an_address() -> None:
    with pytest.raises(CommandError, match="Please give an email address"):
        create_administrator(email="nonsense")


def test_demo_people_can_log_in_with_what_is_shown(client: Client) -> None:
    lines = load_people()
    assert len(lines) <= 4
    access = load_demo_people()
    assert access.password in lines[0]
    assert access.totp_secret in lines[1]
    client.post("/login/", {"login": MEMBER, "password": access.password})
    client.post("/login/code/", {"code": code_in_mail()})
    page = client.get("/organization/").content.decode()
    assert "Lilongwe Centre for Rural Energy" in page
    staff = Client()
    staff.post("/login/", {"login": "senior@example.org", "password": access.password})
    staff.post("/login/second-factor/", {"code": code_of(access.totp_secret)})
    assert staff.get("/admin/").status_code == 200


def test_demo_people_have_their_roles() -> None:
    load_people()
    for email, (role, _first, _last) in STAFF.items():
        user = User.objects.get(email=email)
        assert [group.name for group in user.groups.all()] == [role]
    membership = Membership.objects.get()
    assert (membership.user.email, membership.role) == (MEMBER, "owner")
    assert membership.organization.country_id == "MW"
    assert membership.organization.logo
    assert EmailAddress.objects.filter(verified=False).count() == 0


def test_demo_people_are_made_once_and_stay_as_shown() -> None:
    first = load_people()
    counts = (User.objects.count(), Membership.objects.count(), Authenticator.objects.count())
    assert load_people() == first
    assert counts == (6, 1, 5)
    assert (
        User.objects.count(),
        Membership.objects.count(),
        Authenticator.objects.count(),
    ) == counts


def test_demo_person_who_changed_the_password_gets_the_shown_one_back() -> None:
    access = load_demo_people()
    user = User.objects.get(email=MEMBER)
    user.set_password("something else entirely")
    user.save()
    Authenticator.objects.filter(user__email="editor@example.org").delete()
    load_demo_people()
    assert User.objects.get(email=MEMBER).check_password(access.password)
    assert secret_of(User.objects.get(email="editor@example.org")) == access.totp_secret


def test_demo_people_exist_in_local_mode_only(settings: Settings) -> None:
    settings.LOCAL_MODE = False
    with pytest.raises(CommandError, match="local mode only"):
        load_people()
    assert User.objects.count() == 0


def test_password_and_secret_are_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    access = load_demo_people()
    assert access.password not in caplog.text
    assert access.totp_secret not in caplog.text


def test_code_of_the_moment_is_shown() -> None:
    access = load_demo_people()
    out = StringIO()
    call_command("load_demo_people", code=True, stdout=out)
    assert out.getvalue().strip() == code_of(access.totp_secret)


def test_roles_are_loaded_once_and_keep_what_staff_added() -> None:
    extra = Group.objects.get(name=LIBRARY_EDITOR)
    grant(LIBRARY_EDITOR, ["organizations.view_organization"])
    load_groups()
    assert sorted(Group.objects.values_list("name", flat=True)) == sorted(ROLES)
    assert extra.permissions.filter(codename="view_organization").exists()


def test_unknown_permission_is_refused() -> None:
    with pytest.raises(LookupError, match=r"alliance\.fly_term"):
        grant(LIBRARY_EDITOR, ["alliance.fly_term"])
