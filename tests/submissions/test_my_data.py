"""The pages of one's own data, and the file."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from alliance.models import Event, OutgoingMail
from organizations.actions.screening import add_screened_person
from organizations.models import Membership, Organization, OrganizationDocument, User
from organizations.personal_data import person_of
from submissions.actions.my_data import request_export
from submissions.exporting import data_of
from submissions.models import DataExport
from submissions.personal_data import TABLES
from submissions.retention import KEPT
from submissions.tasks import make_due_exports
from tests import factories
from tests.submissions.planting import EMAIL, FIRST, LAST, NAME, plant

# The tests of papers share one folder, so they share one worker.
pytestmark = pytest.mark.django_db


def made(person: User) -> DataExport:
    request_export(person, by=person)
    assert make_due_exports() == 1
    return DataExport.objects.get(person=person)


def archive(client: Client, export: DataExport) -> zipfile.ZipFile:
    response: Any = client.get(f"/account/data/exports/{export.pk}/")
    assert response.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def data_in(file: zipfile.ZipFile) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read("data.json"))
    return found


@pytest.fixture
def zubeyde(organization: Organization, reviewer: User, senior: User) -> User:
    person = factories.member(
        organization, Membership.Role.OWNER, first_name=FIRST, last_name=LAST, email=EMAIL
    )
    plant(person, organization, reviewer=reviewer, senior=senior)
    DataExport.objects.all().delete()
    person.refresh_from_db()
    return person


def test_the_page_says_what_is_kept_why_and_how_long(owner_client: Client) -> None:
    page = owner_client.get("/account/data/").content.decode()
    for line in KEPT:
        assert f"{line.title} <small>{line.what}" in page.replace("&#x27;", "'")
        assert line.until_words in page
    assert "Export my data" in page


def test_the_file_has_a_list_of_every_table_that_is_exported(zubeyde: User) -> None:
    data = data_in(archive(factories.logged_in(zubeyde), made(zubeyde)))
    sections = {export.section for table in TABLES for export in table.exports}
    assert sections == set(data) - {"portal", "made_at", "about_these_sections"}
    assert sections == set(data["about_these_sections"])
    empty = {section for section in sections if not data[section]}
    # The letter is not published yet, and a lead is not a co-lead as well.
    assert empty == {"letters", "named_as_co_lead"}


def test_the_file_says_what_the_person_wrote_and_gave(zubeyde: User) -> None:
    data = data_in(archive(factories.logged_in(zubeyde), made(zubeyde)))
    assert data["account"][0]["email"] == EMAIL
    assert data["memberships"][0]["role"] == "owner"
    assert data["answers_sent"][0]["answers"]["lead_name"] == NAME
    assert data["declaration_answers"][0]["answers"][0]["statement"]
    assert len(data["connect_messages"]) == 2
    assert {"event": "submission.submitted", "about": "submissions.submission"}.items() <= next(
        event for event in data["events"] if event["event"] == "submission.submitted"
    ).items()


def test_neither_secrets_nor_what_others_noted_is_in_the_file(
    owner: User, reviewer: User, organization: Organization
) -> None:
    OutgoingMail.objects.create(
        recipient=owner.email,
        sender="alliance@localhost",
        subject="Your code",
        text="The code is 424242.",
        message_id="<1@localhost>",
        is_secret=True,
    )
    submission = factories.submitted(owner)
    submission.notes.create(text="They smell of herring.", made_by=reviewer)
    file = archive(factories.logged_in(owner), made(owner))
    text = file.read("data.json").decode()
    assert "Your code" in text
    for secret in ("424242", "herring", "argon2", reviewer.email):
        assert secret not in text


def test_colleagues_addresses_are_not_in_the_file(owner: User, editor: User) -> None:
    factories.draft(editor)
    text = archive(factories.logged_in(owner), made(owner)).read("data.json").decode()
    assert owner.email in text
    assert editor.email not in text


def test_whoever_is_named_as_a_contact_gets_what_is_kept_of_them(
    owner: User, editor: User, organization: Organization
) -> None:
    submission = factories.submitted(
        owner,
        lead_name="Chikondi of the Met Office",
        lead_email=editor.email.upper(),
        co_lead_name="Somebody Else",
        co_lead_title="Analyst",
        co_lead_email="else@example.org",
    )
    assert not data_of(person_of(owner))["named_as_lead"]
    data = data_of(person_of(editor))
    assert data["named_as_lead"] == [
        {
            "reference": submission.reference,
            "organization": organization.name,
            "revision": 1,
            "sent": submission.revisions.get().made_at,
            "name": "Chikondi of the Met Office",
            "title": "Deputy Director",
            "email": submission.revisions.get().answers["lead_email"],
        }
    ]
    assert data["named_as_co_lead"] == []
    text = json.dumps(data, cls=DjangoJSONEncoder)
    assert "else@example.org" not in text
    assert "Somebody Else" not in text
    other = factories.user(email="else@example.org")
    assert data_of(person_of(other))["named_as_co_lead"][0]["name"] == "Somebody Else"


def test_a_name_that_is_screened_without_an_address_is_in_the_file(
    editor: User, organization: Organization
) -> None:
    elsewhere = factories.organization()
    for place, name in (
        (organization, f"{editor.last_name.upper()}, {editor.first_name}"),
        (organization, "Somebody Else"),
        (elsewhere, editor.get_full_name()),  # a namesake, for all that is known
    ):
        add_screened_person(place, name=name, role="board", source="secretariat")
    names = data_of(person_of(editor))["names_compared_with_the_sanctions_list"]
    assert [row["name"] for row in names] == [f"{editor.last_name.upper()}, {editor.first_name}"]


def test_logo_and_own_documents_are_in_the_file(owner: User, organization: Organization) -> None:
    private = storages["private"]
    for name, by in (("statutes.pdf", owner), ("theirs.pdf", None)):
        OrganizationDocument.objects.create(
            organization=organization,
            kind="statutes",
            name=name,
            file=private.save("documents/x.pdf", ContentFile(f"%PDF {name}".encode())),
            size=9,
            sha256=f"{len(name):064d}",
            content_type="application/pdf",
            added_by=by,
        )
    logo = "logos/0123.webp"
    storages["pictures"].save(logo, ContentFile(b"RIFF"))
    Organization.objects.filter(pk=organization.pk).update(logo=logo)
    file = archive(factories.logged_in(owner), made(owner))
    names = [name.rpartition("-")[2] for name in file.namelist()]
    assert names == ["data.json", "logos/0123.webp", "statutes.pdf"]
    assert file.read(file.namelist()[2]) == b"%PDF statutes.pdf"


def test_asking_twice_makes_one_file(owner: User, owner_client: Client) -> None:
    for _click in range(2):
        assert owner_client.post("/account/data/export/").status_code == 302
    assert DataExport.objects.count() == 1
    assert make_due_exports() == 1
    assert make_due_exports() == 0
    assert OutgoingMail.objects.filter(message="export_ready").count() == 1
    assert Event.objects.filter(name="user.export_requested").count() == 1


def test_a_lost_job_is_found_by_the_sweep(owner: User, owner_client: Client) -> None:
    """The queue is emptied; the row still says that the file is due."""
    owner_client.post("/account/data/export/")
    assert "Your file is being made." in owner_client.get("/account/data/").content.decode()
    make_due_exports()
    assert "Download (" in owner_client.get("/account/data/").content.decode()


def test_a_new_file_replaces_the_old_one(
    owner: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first = made(owner)
    assert storages["private"].exists(str(first.file))
    with django_capture_on_commit_callbacks(execute=True):
        second = request_export(owner, by=owner)
    assert list(DataExport.objects.all()) == [second]
    assert not storages["private"].exists(str(first.file))


def test_a_file_that_cannot_be_made_is_tried_five_times_and_said_so(
    owner: User, owner_client: Client
) -> None:
    request_export(owner, by=owner)
    # The owner's logo has a name that leads out of the folder of pictures, which storages refuse.
    Organization.objects.update(logo="../../secret.webp")
    for _attempt in range(6):
        assert make_due_exports() == 0
    export = DataExport.objects.get()
    assert (export.attempts, export.has_failed) == (5, True)
    assert "Something went wrong with your file." in owner_client.get("/account/data/").text
    Organization.objects.update(logo="")
    made(owner)


def test_the_file_is_the_persons_alone(owner: User, editor: User, administrator: User) -> None:
    address = f"/account/data/exports/{made(owner).pk}/"
    assert factories.logged_in(owner).get(address).status_code == 200
    for other in (editor, administrator):
        assert factories.logged_in(other).get(address).status_code == 404


def test_an_old_file_and_one_in_the_making_are_not_handed_out(
    owner: User, owner_client: Client
) -> None:
    export = request_export(owner, by=owner)
    address = f"/account/data/exports/{export.pk}/"
    assert owner_client.get(address).status_code == 404
    make_due_exports()
    week_ago = timezone.now() - timedelta(days=7, minutes=1)
    DataExport.objects.update(requested_at=week_ago)
    assert owner_client.get(address).status_code == 404


def test_a_file_that_is_gone_is_a_404(owner: User, owner_client: Client) -> None:
    export = made(owner)
    storages["private"].delete(str(export.file))
    assert owner_client.get(f"/account/data/exports/{export.pk}/").status_code == 404


@pytest.mark.parametrize("address", ["/account/data/erase/", "/account/data/exports/{}/"])
def test_an_open_session_is_not_enough(owner: User, address: str) -> None:
    """Somebody who finds the browser open gets neither the file nor the account's end."""
    client = Client()
    client.force_login(owner)
    response = client.get(address.format(made(owner).pk))
    assert response["Location"].startswith("/account/reauthenticate/?next=")


def test_export_asks_for_a_proof_and_comes_back_to_the_page(owner: User) -> None:
    client = Client()
    client.force_login(owner)
    response = client.post("/account/data/export/")
    assert response["Location"] == "/account/reauthenticate/?next=%2Faccount%2Fdata%2F"
    assert not DataExport.objects.exists()


def test_erasing_asks_for_the_address(owner: User, owner_client: Client) -> None:
    page = owner_client.post("/account/data/erase/", {"email": "somebody@example.org"})
    assert "This is not the address of your account." in page.text
    owner.refresh_from_db()
    assert owner.erased_at is None


def test_erasing_ends_every_login_and_says_goodbye(owner: User, owner_client: Client) -> None:
    email = owner.email
    elsewhere = factories.logged_in(owner)
    assert elsewhere.get("/account/").status_code == 200
    response = owner_client.post("/account/data/erase/", {"email": f" {email.upper()} "})
    assert response["Location"] == "/account/erased/"
    assert owner_client.get("/account/erased/").status_code == 200
    for client in (owner_client, elsewhere):
        assert client.get("/account/").status_code == 302
    assert [mail.message for mail in OutgoingMail.objects.filter(recipient=email)] == [
        "account_erased"
    ]


def test_who_cannot_go_yet_is_told_why_and_has_no_button(
    owner: User, editor: User, owner_client: Client
) -> None:
    page = owner_client.get("/account/data/erase/").text
    assert "Make one of them an owner first." in page
    assert "Type it to confirm" not in page
    owner_client.post("/account/data/erase/", {"email": owner.email})
    owner.refresh_from_db()
    assert owner.erased_at is None


def test_the_sender_reads_a_former_member_for_colleagues(owner: User, editor: User) -> None:
    submission = factories.submitted(owner)
    Membership.objects.filter(user=editor).update(role=Membership.Role.OWNER)
    client = factories.logged_in(owner)
    client.post("/account/data/erase/", {"email": owner.email})
    page = factories.logged_in(editor).get(submission.get_absolute_url()).text
    assert "by a former member" in page


def test_the_privacy_notice_is_made_from_the_same_table(client: Client) -> None:
    page = client.get("/about/").text.partition('id="privacy"')[2]
    assert page.count('<th scope="row">') == len(KEPT)
    for line in KEPT:
        assert line.until_words in page


def test_the_database_allows_one_export_in_the_making(owner: User) -> None:
    DataExport.objects.create(person=owner)
    with (
        pytest.raises(IntegrityError, match="data_export_one_in_the_making"),
        transaction.atomic(),
    ):
        DataExport.objects.create(person=owner)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from submissions_dataexport")
        assert cursor.fetchone() == (1,)
