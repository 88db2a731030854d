"""An institution gets another name, and everybody who has to know it does."""

import pytest
from django.test import Client

from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from organizations.actions import screening as screening_actions
from organizations.actions.registration import Profile, change_profile
from organizations.actions.renaming import rename
from organizations.due_diligence.rules import is_cleared
from organizations.duplicates import find_duplicates
from organizations.models import (
    Hit,
    Organization,
    PossibleDuplicate,
    RelatedName,
    ScreenedName,
    User,
)
from organizations.screening.runs import is_screened_with, screen_due
from tests import factories
from tests.organizations.lists import person
from tests.organizations.screening import LISTED, take

pytestmark = pytest.mark.django_db

NAME = "/organization/name/"


def former(place: Organization) -> list[str]:
    return list(place.related_names.filter(kind="former_name").values_list("name", flat=True))


def test_owner_changes_the_name_and_the_old_one_stays_among_the_former(
    owner_client: Client, owner: User, organization: Organization
) -> None:
    before = organization.name
    assert f'href="{NAME}"' in owner_client.get("/organization/").content.decode()
    assert before in owner_client.get(NAME).content.decode()
    response = owner_client.post(NAME, {"name": "  Weather   Service of Malawi "})
    assert response["Location"] == "/organization/"
    organization.refresh_from_db()
    assert (organization.name, former(organization)) == ("Weather Service of Malawi", [before])
    event = Event.objects.about(organization).get()
    assert (event.name, event.actor_id, event.data) == ("organization.renamed", owner.pk, {})
    mail = OutgoingMail.objects.get()
    assert (mail.message, mail.recipient) == ("organization_renamed", "secretariat@localhost")
    assert before in mail.subject
    assert "It is now: Weather Service of Malawi." in mail.text


def test_the_same_name_again_and_none_at_all_change_nothing(
    owner_client: Client, organization: Organization
) -> None:
    assert owner_client.post(NAME, {"name": organization.name}).status_code == 302
    page = owner_client.post(NAME, {"name": " "})
    assert page.context["form"].errors == {"name": ["Please fill this in."]}
    assert (former(organization), Event.objects.about(organization).count()) == ([], 0)


def test_going_back_to_an_old_name_leaves_it_no_former_name(
    organization: Organization, owner: User
) -> None:
    first = organization.name
    for name in ("Weather Service of Malawi", first):
        rename(organization, by=owner, name=name)
    assert former(organization) == ["Weather Service of Malawi"]


def test_editors_do_not_change_the_name(
    editor: User, stranger: User, organization: Organization
) -> None:
    client = factories.logged_in(editor)
    assert client.get(NAME).status_code == 403
    assert f'href="{NAME}"' not in client.get("/organization/").content.decode()
    for somebody in (editor, stranger):
        with pytest.raises(ActionRefused, match="Only an owner"):
            rename(organization, by=somebody, name="Weather Service of Malawi")


def test_the_clearance_stays_and_the_names_are_compared_anew(
    organization: Organization, owner: User
) -> None:
    snapshot = take([person()])
    factories.clear(organization)
    before = organization.name
    screen_due()
    rename(organization, by=owner, name=LISTED)
    assert is_cleared(organization)
    assert not is_screened_with(snapshot, organization)
    assert len(screen_due()) == 1
    assert Hit.objects.get().name.name == LISTED
    kinds = dict(ScreenedName.objects.values_list("name", "kind"))
    assert (kinds[LISTED], kinds[before]) == ("institution", "former_name")


def test_a_listed_name_cannot_be_slipped_out_of_by_another_one(
    organization: Organization, owner: User, reviewer: User
) -> None:
    take([person()])
    Organization.objects.update(name=LISTED)
    screen_due()
    screening_actions.dismiss_hit(Hit.objects.get(), by=reviewer, reason="Another one.")
    rename(organization, by=owner, name="Weather Service of Malawi")
    change_profile(
        organization, by=owner, profile=Profile(related={RelatedName.Kind.FORMER_NAME: []})
    )
    screen_due()
    row = ScreenedName.objects.get(name=LISTED)
    assert (row.kind, row.retired_at) == ("former_name", None)


def test_a_new_name_is_looked_for_among_other_registrations(
    organization: Organization, owner: User, stranger: User
) -> None:
    find_duplicates()
    PossibleDuplicate.objects.all().delete()  # their people have mail at one domain
    rename(organization, by=owner, name=stranger.memberships.get().organization.name)
    find_duplicates()
    assert "name" in PossibleDuplicate.objects.get().reasons
