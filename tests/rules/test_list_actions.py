"""What is done to chosen rows of the admin's lists, and by whom; everybody else changes nothing.

The actions come from the admin itself, so that a new one without a line fails.
"""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from alliance.models import OutgoingMail
from tests.rules.matrix import at_the_door
from tests.rules.world import ROLES, World

# "App.Model action" -> the roles for whom it changes rows.
EVERY_ACTION: dict[str, set[str]] = {
    "account.EmailAddress delete_selected": set(),
    "account.EmailAddress make_verified": set(),
    "alliance.Country delete_selected": set(),
    "alliance.OutgoingMail delete_selected": set(),
    "alliance.OutgoingMail send_selected_again": {"administrator"},
    "alliance.Term delete_selected": set(),
    "alliance.Vocabulary delete_selected": set(),
    "auth.Group delete_selected": set(),
    "django_tasks_database.DBTaskResult delete_selected": set(),
    "mfa.Authenticator delete_selected": set(),
    "organizations.ConnectMessage deal_with": {"reviewer", "senior", "administrator"},
    "organizations.ConnectMessage delete_selected": set(),
    "organizations.ConnectMessage discard": {"reviewer", "senior", "administrator"},
    "organizations.ConnectMessage release": {"reviewer", "senior", "administrator"},
    "organizations.ConnectRoute delete_selected": {"administrator"},
    "organizations.Subscription delete_selected": {"administrator"},
    "usersessions.UserSession delete_selected": set(),
}
# Where the rows of a list stand that are not on its first page.
ELSEWHERE = {"organizations.ConnectMessage": "?status__exact=held"}
# Whom the door stops at each list alike.
AT_THE_DOOR = {
    "visitor": "login",
    "unverified": "login",
    "halfway": "login",
    "no-factor": "2fa",
    "unproved": "2fa",
}


def declared() -> dict[str, tuple[Any, str]]:
    """Each action of each list, offered to anybody or not."""
    return {
        f"{model._meta.label} {name}": (page, name)
        for model, page in _lists().items()
        if page.actions is not None
        for _function, name, _description in page._get_base_actions()
    }


def _lists() -> dict[type[models.Model], Any]:
    """What the stubs do not know of a page of the admin is asked of it here."""
    return {**admin.site._registry}


def rows(model: type[models.Model]) -> list[dict[str, Any]]:
    return list(model._default_manager.order_by("pk").values())


def do(client: Client, page: admin.ModelAdmin[Any], name: str) -> tuple[str, bool]:
    """What the list answers, confirmation given, and whether its rows changed; all is taken back."""
    path = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
    path += ELSEWHERE.get(page.opts.label, "")
    before = rows(page.model)
    assert before, f"no row of {page.opts.label}"
    chosen = [row[page.opts.pk.attname] for row in before]
    sent = {"action": name, ACTION_CHECKBOX_NAME: chosen, "index": 0, "post": "yes"}
    with transaction.atomic():
        response = client.post(path, sent)
        found = at_the_door(client, response, path), rows(page.model) != before
        transaction.set_rollback(True)
    return found


def test_every_action_of_a_list_has_a_line() -> None:
    assert declared().keys() == EVERY_ACTION.keys()


@pytest.mark.django_db
def test_an_action_of_a_list_changes_rows_for_those_alone_who_may(world: World) -> None:
    OutgoingMail.objects.update(status=OutgoingMail.Status.FAILED)
    clients = {role: world.client(role) for role in ROLES}
    found = {
        key: {role: do(client, page, name) for role, client in clients.items()}
        for key, (page, name) in declared().items()
    }
    may = {
        key: {role for role, (_answer, is_changed) in answers.items() if is_changed}
        for key, answers in found.items()
    }
    assert may == EVERY_ACTION
    for key, answers in found.items():
        stopped = {role: answers[role][0] for role in AT_THE_DOOR}
        assert stopped == AT_THE_DOOR, key
