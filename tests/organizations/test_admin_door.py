"""Staff need a second factor: at every address of the admin, also at those that come later."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver

from organizations.models import User
from tests import factories
from tests.factories import PASSWORD
from tests.organizations.second_factor import code_of, secret_of

pytestmark = pytest.mark.django_db

DOOR = "/admin/login/"


def admin_paths() -> list[str]:
    """One address for every pattern of the admin but the door itself, with 1 for each argument."""
    patterns, _, _ = admin.site.urls
    paths = [f"/admin/{path}" for path in _paths(patterns)]
    return sorted(path for path in paths if path != DOOR)


def _paths(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + _filled(pattern)
        if isinstance(pattern, URLResolver):
            yield from _paths(pattern.url_patterns, route)
        else:
            yield route


def _filled(pattern: URLPattern | URLResolver) -> str:
    """The pattern's own part of an address; two of the admin's are regular expressions."""
    shape = str(pattern.pattern)
    if "app_label" in shape:
        return "organizations/"
    return "nowhere/" if shape.startswith("(?P") else re.sub(r"<(\w+:)?\w+>", "1", shape)


def status(client: Client, path: str) -> tuple[int, str]:
    response = client.get(path)
    return response.status_code, response.headers.get("Location", "")


def test_the_admin_has_many_addresses() -> None:
    paths = admin_paths()
    assert len(paths) > 30
    assert "/admin/" in paths
    assert not [path for path in paths if "<" in path]


def test_visitors_are_sent_to_the_login() -> None:
    for path in admin_paths():
        client = Client()
        code, location = status(client, path)
        assert (code, location.startswith((DOOR, "/login/"))) == (302, True), path
    assert status(Client(), f"{DOOR}?next=/admin/")[1] == "/login/?next=/admin/"


def test_members_are_refused(owner_client: Client) -> None:
    for path in admin_paths():
        response = owner_client.get(path, follow=True)
        assert response.status_code == 403 or response.request["PATH_INFO"] == DOOR, path
        assert "Site administration" not in response.content.decode()
        assert response.status_code != 200, path


def test_staff_without_a_second_factor_are_sent_to_set_it_up() -> None:
    newcomer = factories.user(is_staff=True)
    client = factories.known_browser(newcomer)
    client.post("/login/", {"login": newcomer.email, "password": PASSWORD})
    for path in admin_paths():
        response = client.get(path, follow=True)
        assert response.request["PATH_INFO"] == "/account/second-factor/", path
    assert "need a second factor" in response.content.decode()


def test_staff_whose_session_saw_only_the_password_are_asked_for_the_factor(
    reviewer: User,
) -> None:
    client = Client()
    client.force_login(reviewer)
    for path in admin_paths():
        response = client.get(path, follow=True)
        assert response.request["PATH_INFO"] == "/account/reauthenticate/code/", path


def test_recovery_codes_alone_are_no_second_factor(reviewer: User) -> None:
    client = factories.logged_in(reviewer)
    assert client.get("/admin/").status_code == 200
    Authenticator.objects.filter(user=reviewer, type=Authenticator.Type.TOTP).delete()
    assert client.get("/admin/").status_code == 302


def test_second_factor_opens_the_admin(reviewer: User) -> None:
    client = Client()
    client.post("/login/", {"login": reviewer.email, "password": PASSWORD, "next": "/admin/"})
    answer = client.post("/login/second-factor/", {"code": code_of(secret_of(reviewer))})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_proof_asked_for_later_opens_the_admin_too(reviewer: User) -> None:
    client = Client()
    client.force_login(reviewer)
    proof = "/account/reauthenticate/code/"
    answer = client.post(proof, {"code": code_of(secret_of(reviewer)), "next": "/admin/"})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_somebody_who_is_staff_no_longer_is_out_at_once(reviewer: User) -> None:
    client = factories.logged_in(reviewer)
    User.objects.filter(pk=reviewer.pk).update(is_staff=False)
    assert client.get("/admin/", follow=True).status_code == 403


def test_door_leads_nowhere_else(reviewer: User) -> None:
    client = factories.logged_in(reviewer)
    assert client.get(f"{DOOR}?next=https://evil.example/")["Location"] == "/admin/"
    assert client.get(f"{DOOR}?next=/admin/login/")["Location"] == "/admin/"


def test_password_is_changed_where_everybody_changes_it(reviewer: User) -> None:
    client = factories.logged_in(reviewer)
    assert client.get("/admin/password_change/")["Location"] == "/account/password/"
