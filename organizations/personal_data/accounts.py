"""Accounts: addresses, second factors, logins."""

import json

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from alliance.personal_data import Delete, Export, Overwrite, Person, Table, Undo
from organizations.models import User
from organizations.personal_data.rows import of_user


def _end_sessions(person: Person) -> None:
    """Delete the sessions of this person, and those in which one of the addresses was typed.

    What a session holds is encoded, so each is opened; a thousand take a tenth of a second.
    """
    doomed = []
    for session in Session.objects.iterator():
        held = session.get_decoded()
        words = json.dumps(held, default=str).lower()
        is_theirs = held.get(SESSION_KEY) == str(person.pk)
        if is_theirs or any(address in words for address in person.addresses):
            doomed.append(session.pk)
    Session.objects.filter(pk__in=doomed).delete()


def _take_rights(person: Person) -> None:
    user = User.objects.get(pk=person.pk)
    user.groups.clear()
    user.user_permissions.clear()


TABLES = (
    Table(
        model="organizations.User",
        kept="account",
        export=Export(
            "account",
            lambda person: Q(pk=person.pk),
            {
                "number": "pk",
                "email": "email",
                "first_name": "first_name",
                "last_name": "last_name",
                "registered": "date_joined",
                "last_login": "last_login",
                "works_for_the_secretariat": "is_staff",
            },
        ),
        on_erasure=(
            Overwrite(
                lambda person: Q(pk=person.pk),
                {
                    "email": lambda person: f"former-member-{person.pk}@invalid",
                    "first_name": "",
                    "last_name": "",
                    "password": lambda person: make_password(None),
                    "is_active": False,
                    "is_staff": False,
                    "is_superuser": False,
                    "last_login": None,
                    "erased_at": lambda person: timezone.now(),
                },
            ),
            Undo(_take_rights, columns=frozenset()),
        ),
    ),
    Table(
        model="account.EmailAddress",
        kept="account",
        export=Export(
            "email_addresses",
            of_user,
            {"email": "email", "confirmed": "verified", "main": "primary"},
        ),
        on_erasure=(Delete(of_user),),
    ),
    Table(
        model="account.EmailConfirmation",
        kept="account",
        on_erasure=(Delete(lambda person: Q(email_address__user=person.pk)),),
    ),
    Table(
        model="mfa.Authenticator",
        kept="account",
        export=Export(
            "second_factors",
            of_user,
            {"kind": "type", "added": "created_at", "last_used": "last_used_at"},
        ),
        on_erasure=(Delete(of_user),),
    ),
    Table(
        model="organizations.EmailChange",
        kept="account",
        export=Export(
            "changes_of_address",
            of_user,
            {
                "new_address": "new_email",
                "asked": "asked_at",
                "ended": "ended_at",
                "outcome": "end",
            },
        ),
        on_erasure=(Delete(of_user),),
    ),
    Table(
        model="organizations.Absence",
        kept="account",
        export=Export(
            "absence",
            lambda person: Q(person=person.pk),
            {"from": "starts_on", "until": "ends_on"},
        ),
        on_erasure=(Delete(lambda person: Q(person=person.pk)),),
    ),
    Table(
        model="usersessions.UserSession",
        kept="logins",
        export=Export(
            "logins",
            of_user,
            {
                "began": "created_at",
                "last_seen": "last_seen_at",
                "network_address": "ip",
                "browser": "user_agent",
            },
        ),
        on_erasure=(Delete(of_user),),
    ),
    Table(model="sessions.Session", kept="logins", on_erasure=(Undo(_end_sessions),)),
)
