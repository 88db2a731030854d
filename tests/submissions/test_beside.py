"""What stands beside a case: the organization's other cases, and what is near."""

from django.test import Client

from organizations.models import Hit, ScreenedName, User
from organizations.workflow import HIT_DISMISSED, HIT_OPEN
from submissions.admin.beside import near
from tests import factories
from tests.submissions.planting import hit_on
from tests.submissions.test_admin_review import page


def other() -> User:
    return factories.member(factories.organization(), "owner")


def test_other_cases_of_the_organization_stand_beside_a_case_and_drafts_do_not(
    reviewer_client: Client, owner: User
) -> None:
    demand, offer = factories.demand(owner), factories.offer(owner)
    factories.draft(owner)
    factories.demand(other())
    response = reviewer_client.get(page(demand))
    assert response.context["history"] == [offer]


def test_near_is_the_opposite_kind_with_a_theme_or_a_place_in_common(reviewer: User) -> None:
    demand = factories.demand(other())
    both, theme, neither = (factories.offer(other()) for _ in range(3))
    type(theme).objects.filter(pk=theme.pk).update(places=["nowhere"])
    type(theme).objects.filter(pk=neither.pk).update(places=["nowhere"], themes=["nothing"])
    factories.demand(other())
    assert list(near(reviewer, demand)) == [both, theme]
    both.organization.memberships.create(user=reviewer, role="reader", function="Board")
    assert list(near(reviewer, demand)) == [theme]


def test_open_hits_of_the_organization_stand_at_the_head(
    reviewer_client: Client, owner: User
) -> None:
    demand = factories.demand(owner)
    name = ScreenedName.objects.create(
        organization=demand.organization,
        kind="head",
        name="Ada Obi",
        spelling="ada obi",
        source="profile",
    )
    hit = hit_on(name, status=HIT_OPEN)
    assert "One open hit" in reviewer_client.get(page(demand)).text
    Hit.objects.filter(pk=hit.pk).update(status=HIT_DISMISSED)
    assert "One open hit" not in reviewer_client.get(page(demand)).text
