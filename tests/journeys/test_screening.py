"""The whole story of a name that is like a listed one: found, dismissed, asked about again."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from alliance.models import Event
from organizations.models import Hit, Organization, ScreeningRun, User
from organizations.tasks import screen_names_that_are_due
from tests.organizations.lists import MADE, person, whole_list
from tests.organizations.screening import LISTED

pytestmark = pytest.mark.django_db

QUEUE = "/admin/organizations/hit/"
OTHERS = ["Ada Obi", "Jean Ndiaye"]


class Secretariat:
    """A reviewer at the queue of hits, and the machine that takes a new list in the night."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client = client
        self.file = folder / "list.xml"

    def takes_list(self, entry: str, *, made: str = MADE) -> None:
        self.file.write_bytes(whole_list([entry], made=made))
        call_command("import_sanctions_list", str(self.file), verbosity=0)

    def asked_about(self) -> list[int]:
        """The hits that wait for somebody."""
        page = self.client.get(QUEUE).content.decode()
        return [int(number) for number in re.findall(rf'href="{QUEUE}(\d+)/change/', page)]

    def opens(self, hit: int) -> str:
        return self.client.get(f"{QUEUE}{hit}/change/").content.decode()

    def dismisses(self, hit: int, reason: str) -> int:
        """The status of the answer; a reason that is missing is asked for."""
        answer = self.client.post(f"{QUEUE}{hit}/dismiss/decide/", {"dismiss-reason": reason})
        return answer.status_code


@pytest.fixture
def secretariat(reviewer_client: Client, tmp_path: Path) -> Secretariat:
    return Secretariat(reviewer_client, tmp_path)


def write_board(client: Client, *names: str) -> None:
    """An owner says on the page of the profile who sits on the board."""
    profile = {
        "website": "institute.example.org",
        "description": "We measure rain.",
        "head": "Grace Banda",
        "board": "\n".join([*OTHERS, *names]),
    }
    assert client.post("/organization/edit/", profile)["Location"] == "/organization/"
    screen_names_that_are_due()


def screen_again(organization: Organization) -> ScreeningRun:
    call_command("screen_organizations", organization.pk, verbosity=0)
    return organization.screening_runs.latest("pk")


@pytest.fixture
def dismissed(owner_client: Client, secretariat: Secretariat) -> int:
    """A hit on a name of the board that a reviewer has dismissed, with a reason."""
    secretariat.takes_list(person())
    write_board(owner_client)
    assert secretariat.asked_about() == []
    write_board(owner_client, LISTED)
    [hit] = secretariat.asked_about()
    page = secretariat.opens(hit)
    assert "Member of the board" in page
    assert "QDi.001" in page
    assert secretariat.dismisses(hit, " ") == 422
    assert secretariat.asked_about() == [hit]
    assert secretariat.dismisses(hit, "Born in 1990; her passport was seen.") == 302
    assert "her passport was seen" in secretariat.opens(hit)
    return hit


def test_what_was_dismissed_is_not_asked_again_while_nothing_changes(
    dismissed: int, secretariat: Secretariat, owner_client: Client, organization: Organization
) -> None:
    assert secretariat.asked_about() == []
    run = screen_again(organization)
    assert (run.found, run.new) == (1, 0)
    secretariat.takes_list(person(), made="2026-03-01T00:00:09Z")  # made anew, and says the same
    write_board(owner_client, LISTED, "Chikondi Phiri")
    write_board(owner_client, LISTED.upper())
    write_board(owner_client)
    write_board(owner_client, LISTED)
    assert secretariat.asked_about() == []
    assert Hit.objects.get().pk == dismissed


def test_a_changed_entry_is_asked_about_again_and_dismissed_for_itself(
    dismissed: int, secretariat: Secretariat, organization: Organization
) -> None:
    changed = person(aliases=[("Good", "Zorvan of the Hills")], nationality="Kenya")
    secretariat.takes_list(changed, made="2026-03-01T00:00:09Z")
    [again] = secretariat.asked_about()
    assert again != dismissed
    assert "Kenya" in secretariat.opens(again)
    assert secretariat.dismisses(again, "Still another person.") == 302
    screen_again(organization)
    assert secretariat.asked_about() == []
    assert "her passport was seen" in secretariat.opens(dismissed)  # what was decided stays
    secretariat.takes_list(person(), made="2026-03-02T00:00:09Z")  # as it was at first
    assert secretariat.asked_about() == []
    assert (screen_again(organization).found, Hit.objects.count()) == (1, 2)


def test_a_changed_name_is_asked_about_again(
    dismissed: int, secretariat: Secretariat, owner_client: Client, reviewer: User
) -> None:
    write_board(owner_client, "Zorvan Quillbrok Tamsin")
    [again] = secretariat.asked_about()
    assert again != dismissed
    assert "Zorvan Quillbrok Tamsin" in secretariat.opens(again)
    secretariat.dismisses(again, "The same person, with a letter less.")
    assert secretariat.asked_about() == []
    assert [
        (event.name, event.actor_id, event.data["hit"])
        for event in Event.objects.filter(name__startswith="screening.hit").order_by("id")
    ] == [
        ("screening.hit_found", None, dismissed),
        ("screening.hit_dismissed", reviewer.pk, dismissed),
        ("screening.hit_found", None, again),
        ("screening.hit_dismissed", reviewer.pk, again),
    ]
    assert all(event.internal for event in Event.objects.filter(name__startswith="screening"))
