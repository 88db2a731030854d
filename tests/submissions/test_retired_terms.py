"""Terms that administrators add, reword and retire: what forms, cases and lists make of it."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alliance.models import Event, Term
from organizations.models import User
from submissions.actions.list_exports import export_list
from submissions.models import Kind
from submissions.statistics import year_tables
from submissions.tasks import make_due_list_exports
from tests import factories
from tests.submissions.asking import asked
from tests.submissions.writing import edit_url, shown

pytestmark = pytest.mark.django_db

TERMS = "/admin/alliance/term/"
QUEUE = "/admin/submissions/submission/"


@pytest.fixture
def administrators_client(administrator: User) -> Client:
    return factories.logged_in(administrator)


def fill_in(client: Client, address: str, **changes: Any) -> None:
    """Send the page of a term as it is shown, but for the changes."""
    form = client.get(address).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in (values | changes).items()}
    answer = client.post(
        address, {name: value for name, value in sent.items() if value is not False}
    )
    assert answer.status_code == 302, answer.context["adminform"].form.errors


def retire(client: Client, code: str, vocabulary: str = "theme") -> Term:
    term = factories.term(vocabulary, code)
    fill_in(client, f"{TERMS}{term.pk}/change/", is_active=False)
    term.refresh_from_db()
    assert not term.is_active
    return term


def new_demand(client: Client) -> Any:
    return client.get("/demands/new/", follow=True)


def offered(client: Client) -> list[str]:
    return [code for code, _label in new_demand(client).context["form"].fields["themes"].choices]


def test_a_new_term_stands_in_the_form_at_once_and_leaves_an_event(
    administrators_client: Client, owner_client: Client
) -> None:
    assert "rivers" not in offered(owner_client)
    fill_in(
        administrators_client,
        f"{TERMS}add/",
        vocabulary="theme",
        code="rivers",
        label_en="Rivers and lakes",
    )
    assert "rivers" in offered(owner_client)
    assert "Rivers and lakes" in shown(new_demand(owner_client))
    assert Event.objects.about(Term.objects.get(code="rivers")).get().name == "term.added"


def test_a_new_wording_is_for_what_is_sent_from_now_on(
    administrators_client: Client, owner_client: Client, owner: User
) -> None:
    sent = factories.submitted(owner, Kind.DEMAND)
    term = factories.term("theme", "climate")
    fill_in(administrators_client, f"{TERMS}{term.pk}/change/", label_en="A cooler planet")
    assert "A cooler planet" in shown(new_demand(owner_client))
    page = shown(owner_client.get(sent.get_absolute_url()))
    assert term.label_en in page
    assert "A cooler planet" not in page
    assert Term.objects.get(pk=term.pk).version == term.version + 1


def test_a_draft_names_the_answer_that_is_no_longer_offered_beside_its_field(
    administrators_client: Client, owner_client: Client, owner: User
) -> None:
    draft = factories.draft(owner, Kind.DEMAND)
    words = "No longer offered: “Climate action”. Please choose another answer."
    assert "No longer offered" not in shown(owner_client.get(edit_url(draft)))
    retire(administrators_client, "climate")
    page = owner_client.get(edit_url(draft))
    assert words in page.context["form"]["themes"].help_text
    assert shown(page).count(words) == 1
    checked = owner_client.get(f"{edit_url(draft)}?checked=1")
    assert "themes" in checked.context["form"].errors
    assert shown(checked).count(words) == 1


def test_a_question_about_a_field_names_its_retired_answer_too(
    administrators_client: Client, owner_client: Client, owner: User, reviewer: User
) -> None:
    case = factories.submitted(owner, Kind.DEMAND)
    asked(case, reviewer, "themes")
    retire(administrators_client, "climate")
    page = shown(owner_client.get(case.get_absolute_url()))
    assert "No longer offered: “Climate action”." in page


def test_what_was_sent_stays_readable_filtered_counted_and_taken_out(
    administrators_client: Client, owner_client: Client, reviewer: User, owner: User
) -> None:
    case = factories.submitted(owner, Kind.DEMAND)
    factories.submitted(
        factories.member(factories.organization(), "owner"), Kind.DEMAND, themes=["health"]
    )
    retire(administrators_client, "climate")
    assert "Climate action" in shown(owner_client.get(case.get_absolute_url()))
    client = factories.logged_in(reviewer)
    assert "Climate action" in shown(client.get(f"{QUEUE}{case.pk}/change/"))
    assert "?theme=climate" in client.get(QUEUE).text
    narrowed = client.get(f"{QUEUE}?theme=climate")
    assert [row.pk for row in narrowed.context["page"].rows] == [case.pk]
    assert "Climate action" in narrowed.text
    [_regions, themes, *_others] = year_tables(timezone.localdate().year)
    counted = {row.label: row.received for row in themes.rows}
    assert counted["Climate action"] == 1
    export = export_list(
        "submissions.submission", by=reviewer, query="theme=climate", file_format="csv"
    )
    assert make_due_list_exports() == 1
    export.refresh_from_db()
    with export.file.open("rb") as file:
        lines = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))
    assert [case.reference in line for line in lines] == [False, True]


def test_the_queue_offers_no_retired_term_that_no_case_has(
    administrators_client: Client, owner: User, reviewer: User
) -> None:
    factories.submitted(owner, Kind.DEMAND, themes=["health"])
    retire(administrators_client, "climate")
    page = factories.logged_in(reviewer).get(QUEUE).text
    assert "?theme=health" in page
    assert "?theme=climate" not in page
