"""What due diligence finds is written to the organization's owners, in words meant for them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.models import OutgoingMail
from organizations.actions import due_diligence as actions
from organizations.actions import screening as screening_actions
from organizations.due_diligence.rules import current_cycle
from organizations.models import DueDiligence, Membership, Organization, User
from tests import factories
from tests.organizations.screening import planted
from tests.organizations.test_due_diligence_steps import ready

pytestmark = pytest.mark.django_db

WORDS = "Send the accounts of 2026 by June.\nNo money changes hands until then."
INTERNAL = "The desk officer has doubts."


def letters() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(message="organization_finding").order_by("id"))


def test_every_owner_hears_of_a_clearance_and_nobody_else(
    organization: Organization, owner: User, editor: User, reviewer: User
) -> None:
    second = factories.member(organization, Membership.Role.OWNER)
    factories.member(organization, Membership.Role.OWNER, is_active=False)
    actions.advance(ready(organization, reviewer), by=reviewer, arrow="clear", reason=INTERNAL)
    assert [mail.recipient for mail in letters()] == [owner.email, second.email]
    mail = letters()[0]
    assert mail.subject == "Your institution is confirmed"
    assert "Dear Thandiwe" in mail.text
    assert "has been checked and can take part" in mail.text
    assert INTERNAL not in mail.text
    assert INTERNAL not in mail.html


def test_conditions_stand_in_the_letter_and_on_the_page(
    organization: Organization, owner_client: Client, reviewer: User
) -> None:
    cycle = ready(organization, reviewer)
    with pytest.raises(ActionRefused, match="Write the conditions"):
        actions.advance(cycle, by=reviewer, arrow="clear_with_conditions", reason=INTERNAL)
    actions.advance(cycle, by=reviewer, arrow="clear_with_conditions", reason=INTERNAL, words=WORDS)
    mail = letters()[0]
    assert mail.subject == "Your institution is confirmed, with conditions"
    assert WORDS in mail.text
    assert INTERNAL not in mail.text
    page = owner_client.get("/organization/").content.decode()
    assert "Send the accounts of 2026 by June." in page
    assert INTERNAL not in page


def test_a_refusal_says_why_and_how_to_ask_for_another_look(
    organization: Organization, owner: User, reviewer: User, senior: User
) -> None:
    cycle = ready(organization, reviewer)
    with pytest.raises(ActionRefused, match="Write to the organization why"):
        actions.advance(cycle, by=senior, arrow="refuse", reason=INTERNAL, words=" ")
    cycle = actions.advance(cycle, by=senior, arrow="refuse", reason=INTERNAL, words=WORDS)
    mail = letters()[0]
    assert mail.subject == "Your institution could not be confirmed"
    assert WORDS in mail.text
    assert "/connect/" in mail.text
    assert INTERNAL not in mail.text
    following = actions.begin_again(cycle, by=senior, reason="They have sent other papers.")
    assert following.words == ""


def test_a_suspension_is_told_without_what_the_screening_found(
    organization: Organization, owner: User, reviewer: User, senior: User
) -> None:
    actions.advance(ready(organization, reviewer), by=reviewer, arrow="clear", reason="Fine.")
    hit = planted(organization)
    screening_actions.confirm_hit(hit, by=senior, reason=INTERNAL)
    mail = letters()[-1]
    assert mail.subject == "The confirmation of your institution is suspended"
    assert "paused until then" in mail.text
    for word in ("hit", "sanctions", INTERNAL, hit.name.name):
        assert word not in mail.text


def test_an_end_is_told_once(organization: Organization, owner: User, reviewer: User) -> None:
    cycle = actions.advance(
        ready(organization, reviewer), by=reviewer, arrow="clear", reason="Fine."
    )
    yesterday = timezone.localdate() - timedelta(days=1)
    DueDiligence.objects.filter(pk=cycle.pk).update(valid_until=yesterday)
    actions.expire_clearances()
    actions.expire_clearances()
    assert [mail.subject for mail in letters()] == [
        "Your institution is confirmed",
        "The confirmation of your institution has expired",
    ]
    assert "checks it again" in letters()[1].text
    following = current_cycle(organization)
    assert following is not None
    assert following.status == "screening"


def test_steps_on_the_way_send_nothing(
    organization: Organization, owner: User, reviewer: User
) -> None:
    actions.advance(ready(organization, reviewer), by=reviewer, arrow="escalate", reason="Hm.")
    assert letters() == []
