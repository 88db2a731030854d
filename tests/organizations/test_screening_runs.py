"""Who is screened, when it is due, and that every run is recorded."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from alliance.exceptions import ActionRefused
from organizations import tasks as screening_tasks
from organizations.actions import screening as actions
from organizations.models import (
    Hit,
    Membership,
    Organization,
    RelatedName,
    SanctionsSnapshot,
    ScreenedName,
    ScreeningRun,
    User,
)
from organizations.screening.in_force import list_in_force
from organizations.screening.runs import NoList, is_screened_with, screen_due, screen_organization
from tests import factories
from tests.organizations.lists import person
from tests.organizations.screening import take
from tests.racing import together

pytestmark = pytest.mark.django_db

Queries = Callable[[int], AbstractContextManager[object]]


def screened(organization: Organization) -> set[tuple[str, str]]:
    """Role and name, without the head that every organization of the tests has."""
    rows = ScreenedName.objects.active().filter(organization=organization)
    return set(rows.exclude(name__startswith="Head Number").values_list("kind", "name"))


def is_screened(organization: Organization) -> bool:
    snapshot = SanctionsSnapshot.objects.current()
    return snapshot is not None and is_screened_with(snapshot, organization)


def test_without_a_list_nothing_can_be_compared(organization: Organization) -> None:
    assert screen_due() == []
    assert not is_screened(organization)
    with pytest.raises(NoList, match="No sanctions list has been taken"):
        screen_organization(organization)


def test_institution_registrant_and_what_the_profile_names_are_screened(
    organization: Organization, owner: User, reader: User
) -> None:
    take()
    RelatedName.objects.create(organization=organization, kind="head", name="Ada Phiri")
    RelatedName.objects.create(organization=organization, kind="former_name", name="Met Office")
    screen_due()
    assert screened(organization) == {
        ("institution", organization.name),
        ("registrant", owner.get_full_name()),
        ("head", "Ada Phiri"),
        ("former_name", "Met Office"),
    }
    assert is_screened(organization)


def test_a_clean_run_is_recorded_with_what_it_compared(
    organization: Organization, owner: User
) -> None:
    snapshot = take()
    [run] = screen_due()
    current = list_in_force()
    assert current is not None
    assert (run.organization, run.snapshot, run.method) == (organization, snapshot, "1/85/90")
    # The institution, its head and who registered it.
    assert (run.names, run.listed_names, run.found, run.new) == (3, current.index.size, 0, 0)
    assert (run.cause, run.by) == (ScreeningRun.Cause.NAMES, None)


def test_another_way_to_write_a_name_is_no_new_list(organization: Organization) -> None:
    take()
    screen_due()
    organization.name = organization.name.upper()
    organization.save()
    assert [run.cause for run in screen_due()] == [ScreeningRun.Cause.NAMES]


def test_a_run_cannot_be_changed_afterwards(organization: Organization) -> None:
    take()
    screen_due()
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        ScreeningRun.objects.update(found=0, names=99)


def test_nothing_is_due_until_a_name_the_list_or_the_method_changes(
    organization: Organization, owner: User, settings: Settings
) -> None:
    take()
    assert len(screen_due()) == 1
    assert screen_due() == []
    owner.first_name = "Tamara"
    owner.save()
    assert not is_screened(organization)
    assert [run.cause for run in screen_due()] == [ScreeningRun.Cause.NAMES]
    take([person()], made="2026-03-01T00:00:00Z")
    assert not is_screened(organization)
    assert [run.cause for run in screen_due()] == [ScreeningRun.Cause.LIST]
    settings.SCREENING_STRONG_RATIO = 80
    assert [run.method for run in screen_due()] == ["1/80/90"]
    assert screen_due() == []


def test_two_ways_to_write_one_name_do_not_make_it_due_for_ever(
    organization: Organization,
) -> None:
    take()
    for name in ("Ana Diaz", "Ana Díaz", "DIAZ, Ana"):
        RelatedName.objects.create(organization=organization, kind="board", name=name)
    assert len(screen_due()) == 1
    assert screen_due() == []


def test_a_renamed_institution_keeps_its_former_name_screened(
    organization: Organization,
) -> None:
    take()
    screen_due()
    before = organization.name
    organization.name = "Weather Service of Malawi"
    organization.save()
    screen_due()
    assert screened(organization) == {
        ("institution", "Weather Service of Malawi"),
        ("former_name", before),
    }


def test_an_old_name_that_the_profile_gives_at_once_is_the_same_row(
    organization: Organization,
) -> None:
    take([person()])
    Organization.objects.update(name="Zorvan Quillbrook Tamsin")
    screen_due()
    hit = actions.dismiss_hit(Hit.objects.get(), by=factories.staff("Reviewer"), reason="A place.")
    Organization.objects.update(name="Weather Service of Malawi")
    RelatedName.objects.create(
        organization=organization, kind="former_name", name="Zorvan Quillbrook Tamsin"
    )
    screen_due()
    assert ("former_name", "Zorvan Quillbrook Tamsin") in screened(organization)
    assert ("institution", "Weather Service of Malawi") in screened(organization)
    assert Hit.objects.get() == hit  # and it is not asked again
    assert screen_due() == []


def test_one_organization_that_cannot_be_screened_holds_up_no_other(db: None) -> None:
    take()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE organizations_screenedname ADD CONSTRAINT stumbling_stone"
            " CHECK (name <> 'Stumbling Stone')"
        )
    before, broken, after = (
        factories.organization(name=name) for name in ("Before It", "Stumbling Stone", "After It")
    )
    assert {run.organization for run in screen_due()} == {before, after}
    assert not is_screened(broken)
    assert screen_due() == []  # tried once in a sweep, and again in the next one


def test_a_name_taken_out_of_the_profile_is_screened_no_longer(
    organization: Organization,
) -> None:
    take()
    related = RelatedName.objects.create(organization=organization, kind="head", name="Ada Phiri")
    screen_due()
    related.delete()
    screen_organization(organization)
    assert screened(organization) == {("institution", organization.name)}


def test_a_name_with_an_undecided_hit_cannot_be_slipped_out_of(organization: Organization) -> None:
    take([person()])
    name = "Zorvan Quillbrook Tamsin"
    related = RelatedName.objects.create(organization=organization, kind="head", name=name)
    screen_due()
    related.delete()
    screen_organization(organization)
    assert ("head", name) in screened(organization)


def test_a_registrant_under_a_new_address_is_the_same_person(
    organization: Organization, owner: User
) -> None:
    take()
    screen_due()
    row = ScreenedName.objects.get(kind="registrant")
    owner.email = "new@example.org"
    owner.save()
    screen_due()
    assert ScreenedName.objects.get(kind="registrant").pk == row.pk


def test_a_lead_whom_we_know_by_address_is_one_row(organization: Organization, owner: User) -> None:
    take()
    screen_due()
    row = actions.add_screened_person(
        organization,
        name=owner.get_full_name().upper(),
        role="lead",
        email=owner.email.upper(),
        source="application",
        reference="EOI-2026-000001",
    )
    assert row.kind == "registrant"
    other = actions.add_screened_person(
        organization,
        name="Ada Phiri",
        role="co_lead",
        email="ada@example.org",
        source="application",
    )
    assert (other.kind, other.run) == ("co_lead", None)


def test_two_people_of_one_name_are_two_rows(organization: Organization, reviewer: User) -> None:
    def add(birth_year: int | None) -> ScreenedName:
        return actions.add_screened_person(
            organization,
            name="Ada Phiri",
            role="board",
            birth_year=birth_year,
            source="secretariat",
            by=reviewer,
        )

    assert add(1970).pk == add(1970).pk
    assert add(1970).pk != add(1985).pk


def test_a_name_noted_by_mistake_is_taken_off_and_can_come_back(
    organization: Organization, reviewer: User
) -> None:
    take()
    row = actions.add_screened_person(
        organization, name="Ada Phiri", role="board", source="secretariat", by=reviewer
    )
    with pytest.raises(ActionRefused, match="Say in a sentence why"):
        actions.retire_name(row, by=reviewer, reason=" ")
    actions.retire_name(row, by=reviewer, reason="Left in 2020.")
    screen_due()
    assert screened(organization) == {("institution", organization.name)}
    again = actions.add_screened_person(
        organization, name="Ada Phiri", role="board", source="secretariat", by=reviewer
    )
    assert (again.pk, again.retired_at) == (row.pk, None)


def test_a_name_that_the_profile_gives_stays_off_once_it_was_taken_off(
    organization: Organization, reviewer: User
) -> None:
    take()
    RelatedName.objects.create(organization=organization, kind="board", name="Ada Phiri")
    screen_due()
    row = ScreenedName.objects.get(name="Ada Phiri")
    actions.retire_name(row, by=reviewer, reason="A council, not a person.")
    assert screen_due() == []
    screen_organization(organization)
    assert ("board", "Ada Phiri") not in screened(organization)


def test_the_institution_and_its_registrant_are_always_screened(
    organization: Organization, owner: User, reviewer: User
) -> None:
    take()
    screen_due()
    for row in ScreenedName.objects.exclude(kind="head"):
        with pytest.raises(ActionRefused, match="always screened"):
            actions.retire_name(row, by=reviewer, reason="Never mind.")


def test_nobody_names_or_screens_for_their_own_organization(
    organization: Organization, reviewer: User
) -> None:
    take()
    organization.memberships.create(user=reviewer, role="reader", function="Adviser")
    with pytest.raises(ActionRefused, match="not allowed"):
        actions.screen_now(organization, by=reviewer)


def test_a_closed_organization_is_not_screened(organization: Organization) -> None:
    take()
    Organization.objects.update(closed_at="2026-01-01T00:00:00Z")
    assert screen_due() == []


def test_the_worker_screens_what_is_due(organization: Organization) -> None:
    take()
    screening_tasks.screen_names_that_are_due()
    assert is_screened(organization)


def test_the_command_screens_what_is_due_or_what_is_named(
    organization: Organization, stranger: User, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="import_sanctions_list first"):
        call_command("screen_organizations")
    take()
    call_command("screen_organizations")
    assert "Screened 2 organizations, 5 names: 0 new hits" in capsys.readouterr().out
    call_command("screen_organizations")
    assert "Screened 0 organizations" in capsys.readouterr().out
    call_command("screen_organizations", organization.pk)
    call_command("screen_organizations", "--all")
    assert ScreeningRun.objects.filter(organization=organization).count() == 3
    with pytest.raises(CommandError, match="There is no open organization 0"):
        call_command("screen_organizations", 0)


def test_screening_takes_the_same_queries_for_one_organization_and_for_three(
    organization: Organization, django_assert_num_queries: Queries
) -> None:
    take()
    screen_due()
    for count in (1, 3):
        for _number in range(count):
            place = factories.organization()
            factories.member(place, Membership.Role.OWNER)
        with django_assert_num_queries(19):
            assert len(screen_due()) == count


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_screen_everybody_once(contents: None) -> None:
    take([person()])
    for _number in range(12):
        factories.organization(name="Zorvan Quillbrook Tamsin")

    done = sum(together(*3 * [lambda: len(screen_due())]))
    done += len(screen_due())
    assert done == 12
    assert ScreeningRun.objects.count() == 12
    assert Hit.objects.count() == 12
