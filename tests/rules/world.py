"""A portal in use: rows of everything, so that every address leads somewhere.

What is private carries a word of its own, by which a test notices where it comes out.
"""

import secrets
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.webauthn.internal.auth import WebAuthn
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from alliance.models import OutgoingMail, PartialUpload, Term
from knowledge import alert_links
from knowledge.models import Alert, Report
from organizations import connect_links, subscription_links
from organizations.models import ConnectMessage, ConnectRoute, Membership, Subscription, User
from submissions import actions
from submissions.directory.writing import follow_marked
from submissions.models import DataExport, SavedView
from submissions.public.content import slug_of
from tests import factories
from tests.knowledge.factories import add_text, make_report
from tests.rules.addresses import Address
from tests.rules.world_assignment import add_assignment
from tests.rules.world_clarification import add_questions
from tests.rules.world_drafts import add_drafts
from tests.rules.world_exports import add_list_exports, add_report_exports
from tests.rules.world_joining import add_joining
from tests.rules.world_publication import add_publication
from tests.rules.world_screening import add_screening
from tests.rules.world_tables import add_table_import
from tests.submissions.listing import listed

# What is posted where an empty form would be refused before anybody asks who sent it.
FILLED = {
    "admin:submissions_submission_decide": {
        "outcome": "approve",
        "reason_code": "meets-criteria",
        "explanation": "As we were asked.",
    },
    "admin:submissions_submission_letter": {"letter": "Dear colleagues"},
    "admin:submissions_submission_publish": {"read": 32 * "0"},
    "admin:submissions_submission_note": {"text": "A word."},
    "admin:submissions_lettertemplate_save": {"text": "Dear {person},", "based_on": "1"},
    "admin:submissions_lettertemplate_preview": {"text": "Dear {person},", "based_on": "1"},
    "admin:submissions_lettertemplate_bring_back": {"based_on": "1"},
    "admin:submissions_submission_refuse_change": {"reason": "No names, please."},
    "admin:organizations_connectmessage_answer": {"text": "An answer.", "seen": "1"},
    "admin:organizations_connectmessage_note": {"text": "A word."},
    "admin:organizations_hit_decide": {
        "dismiss-reason": "Seen in person.",
        "confirm-reason": "Seen in person.",
    },
}

# Words that stand in rows which few may read, with the roles that may.
ORGANIZATION = "Kestrelmark"  # name, people and answers of the organization whose page it is
REVIEW = "Petrelmark"  # the secretariat's note, and a decision that is not published
DRAFT = "Heronmark"  # a draft of the other organization, which not even reviewers read
CONCERN = "Ospreymark"  # a report of a concern
CHECKED = "Merlinmark"  # what reviewers noted of an organization's checks
UNPUBLISHED = "Ternmark"  # a report that the library's editors are still at
SECRETS = {
    ORGANIZATION: {"reader", "editor", "owner", "reviewer", "senior", "administrator"},
    REVIEW: {"reviewer", "senior"},
    CHECKED: {"reviewer", "senior"},
    DRAFT: {"stranger"},
    CONCERN: {"senior", "administrator"},
    UNPUBLISHED: {"library-editor", "administrator"},
}

# In the order of the columns of access.txt. Somebody unverified has the right password but not
# the code from the mail, somebody halfway has not shown the second factor; staff without one
# have a session from elsewhere and either no factor at all, or one that was not shown.
ROLES = (
    "visitor",
    "unverified",
    "halfway",
    "reader",
    "editor",
    "owner",
    "stranger",
    "reviewer",
    "senior",
    "library-editor",
    "administrator",
    "no-factor",
    "unproved",
)


@dataclass
class World:
    """The rows, the people by role, and what stands for the parameters of addresses."""

    people: dict[str, User] = field(default_factory=dict)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A browser of this role; who is logged in as usual has just proved it once more."""
        person = self.people.get(role)
        if person is None:
            client = Client()
        elif role in {"unverified", "halfway"}:
            client = Client()
            client.post("/login/", {"login": person.email, "password": factories.PASSWORD})
        elif role in {"no-factor", "unproved"}:
            client = Client()
            client.force_login(person)
        else:
            client = factories.logged_in(person)
            _prove_again(client)
        client.raise_request_exception = False
        return client

    def path(self, address: Address, variant: str = "") -> str:
        """The address with values that lead to a row; a variant leads to another one."""
        values = self.values.get(f"{address.name} {variant}".strip())
        if values is None:
            values = {name: self._value(address, name) for name in address.parameters}
        return address.path(
            {name: value for name, value in values.items() if name != "?"}, values.get("?")
        )

    def _value(self, address: Address, name: str) -> Any:
        if address.model and name in {"object_id", "edition_id"}:
            row = apps.get_model(*address.model)._default_manager.order_by("pk").first()
            assert row is not None, f"no row for {address.name}"
            return row.pk
        return self.values["*"][name]


def make_world(rows: int = 1) -> World:
    """One row of what pages list, or several."""
    world = World()
    _add_people(world, rows)
    _add_submissions(world, rows)
    _add_library(world, rows)
    _add_messages(world, rows)
    _add_uploads(world)
    world.values |= add_publication(world.people, ORGANIZATION, rows)
    world.values |= _add_directory(rows)
    world.values |= add_drafts(world.people, DRAFT, rows)
    world.values |= add_joining(world.people, rows)
    world.values |= add_screening(world.people, CHECKED, rows)
    world.values |= add_list_exports(world.people["senior"], rows)
    world.values |= add_table_import(world.people["administrator"], rows)
    world.values |= add_report_exports(world.people["administrator"], rows)
    world.values |= add_questions(world.people, ORGANIZATION, rows)
    world.values["*"] = {"organization_id": add_assignment(world.people, REVIEW, rows)}
    owner = world.people["owner"]
    UserSession.objects.create(user=owner, ip="192.0.2.7", user_agent="", session_key="none")
    for number in range(rows):
        passkey = WebAuthn.add(owner, f"Key {number} {ORGANIZATION}", _credential()).instance
    name = "00/" + 32 * "0"
    if not storages["pictures"].exists(f"{name}.webp"):
        storages["pictures"].save(f"{name}.webp", ContentFile(b"RIFF"))
    export = DataExport.objects.create(
        person=owner,
        made_at=timezone.now(),
        file=storages["private"].save("exports/data.zip", ContentFile(b"PK")),
    )
    task = apps.get_model("django_tasks_database", "dbtaskresult")
    task.objects.create(task_path="nothing", args_kwargs={"args": [], "kwargs": {}})
    world.values["*"] |= {
        "pk": passkey.pk,
        "submission_uuid": world.values["submissions:detail"]["submission_uuid"],
        "export_uuid": export.pk,
        "name": name,
        "extension": "webp",
        "content_type_id": ContentType.objects.get_for_model(Report).pk,
        "object_id": Report.objects.earliest("pk").pk,
        "app_label": "submissions",
        "url": "nowhere/",
        "arrow": "start_review",
        "ending": "csv",
        "number": 1,
        "person_id": world.people["reviewer"].pk,
    }
    return world


def _add_directory(rows: int) -> dict[str, dict[str, Any]]:
    """Organizations that everybody may see."""
    for number in range(rows):
        place = listed(name=f"Open institute {number}")
    follow_marked()
    return {"directory:page": {"pk": place.pk, "slug": slug_of(place.name)}}


def _prove_again(client: Client) -> None:
    """Some pages ask for a proof beyond the login; this session has just given one."""
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["reauthenticated"] = True
    session.save()


def _credential() -> dict[str, Any]:
    """What a browser sends when a passkey is made."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    made = AttestedCredentialData.create(Aaguid.NONE, secrets.token_bytes(16), key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    signed = AuthenticatorData.create(32 * b"0", flags, 1, made)
    client = CollectedClientData.create(
        CollectedClientData.TYPE.CREATE, secrets.token_bytes(32), "http://localhost"
    )
    attestation = AttestationObject.create("none", signed, {})
    return {
        "id": websafe_encode(made.credential_id),
        "rawId": websafe_encode(made.credential_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(attestation),
        },
        "clientExtensionResults": {},
    }


def _add_people(world: World, rows: int) -> None:
    place = factories.organization(
        name=f"{ORGANIZATION} Institute", description=f"The {ORGANIZATION} Institute."
    )
    ours = partial(factories.member, place, last_name=ORGANIZATION)
    other = factories.organization(name="Heron Agency")
    staff = factories.staff
    world.people = {
        "unverified": factories.user(),
        "halfway": staff("Senior reviewer"),
        "reader": ours(Membership.Role.READER, email="reader@kestrelmark.example.org"),
        "editor": ours(Membership.Role.EDITOR, email="editor@kestrelmark.example.org"),
        "owner": ours(Membership.Role.OWNER, email="owner@kestrelmark.example.org"),
        "stranger": factories.member(other, Membership.Role.OWNER),
        "reviewer": staff("Reviewer"),
        "senior": staff("Senior reviewer"),
        "library-editor": staff("Library editor"),
        "administrator": staff("Administrator"),
        "no-factor": factories.user(is_staff=True),
        "unproved": staff("Senior reviewer"),
    }
    for _number in range(rows - 1):
        ours(Membership.Role.READER)
    EmailAddress.objects.filter(user=world.people["unverified"]).update(verified=False)


def _add_submissions(world: World, rows: int) -> None:
    """Applications under review, one with a pending decision; closed ones; a draft."""
    owner, reviewer, senior = (world.people[role] for role in ("owner", "reviewer", "senior"))
    text = f"{ORGANIZATION} runs 23 stations."
    for _number in range(rows):
        actions.withdraw(factories.submitted(owner, description=text), by=owner)
    main = factories.submitted(owner, description=text, lead_name=ORGANIZATION)
    factories.clear(main.organization)
    for step in (actions.start_review, actions.confirm_eligibility, actions.put_for_decision):
        main = step(main, by=reviewer)
    for number in range(rows):
        actions.write_note(main, by=reviewer, text=f"{REVIEW} {number}")
    decision = actions.decide(
        main,
        by=senior,
        outcome="approve",
        reason=factories.term("decision-reason", "meets-criteria"),
        explanation=REVIEW,
        letter=REVIEW,
    )
    undecided = factories.for_decision(
        factories.member(factories.organization(), Membership.Role.OWNER), reviewer=reviewer
    )
    for number in range(rows):
        view = SavedView.objects.create(person=senior, name=f"View {number}", query="queue=all")
    for name in ("rename_view", "delete_view"):
        world.values[f"admin:submissions_submission_{name}"] = {"view_id": view.pk}
    draft = factories.draft(world.people["stranger"], description=f"{DRAFT} is not sent yet.")
    for _number in range(rows - 1):
        factories.submitted(factories.member(factories.organization(), Membership.Role.OWNER))
    for name in ("detail", "check", "received", "withdraw"):
        world.values[f"submissions:{name}"] = {"submission_uuid": main.uuid}
        world.values[f"submissions:{name} draft"] = {"submission_uuid": draft.uuid}
    for name in (
        "step",
        "assign",
        "decide",
        "letter",
        "confirm",
        "publish",
        "drop",
        "note",
        "read",
        "here",
        "change",
    ):
        more: dict[str, Any] = {"arrow": "start_review"} if name == "step" else {}
        if name in {"letter", "confirm", "publish", "drop"}:
            more = {"decision_id": decision.pk}
        address = f"admin:submissions_submission_{name}"
        world.values[address] = {"object_id": main.pk} | more
        world.values[f"{address} undecided"] = {"object_id": undecided.pk} | more
        world.values[f"{address} draft"] = {"object_id": draft.pk} | more


def _add_library(world: World, rows: int) -> None:
    tags = {"themes": ["health"], "sdgs": ["sdg-03"], "countries": ["KE"]}
    for number in range(rows):
        report = make_report(f"Reading the Rain {number}", authors=[("Ada", "Obi")], **tags)
        file = add_text(report, "Rain came late.")
        hidden = make_report(f"{UNPUBLISHED} {number}", status=Report.Status.DRAFT)
        add_text(hidden, UNPUBLISHED)
    for variant, shown in (("", report), (" draft", hidden)):
        one = {"pk": shown.pk, "slug": shown.slug}
        language = {"language": "en"}
        world.values |= {
            f"library:report{variant}": one,
            f"library:file{variant}": one | language,
            f"library:file_version{variant}": one | language | {"number": file.number},
            f"library:page{variant}": one | language | {"number": 1},
            f"library:pages{variant}": one | language,
            f"library:citation{variant}": one | {"extension": "bib"},
        }
    ways = ("publish", "embargo", "retire", "withdraw")
    for name in ("change", "history", "delete", *ways):
        world.values[f"admin:knowledge_report_{name}"] = {"object_id": report.pk}
        world.values[f"admin:knowledge_report_{name} draft"] = {"object_id": hidden.pk}
    world.values["admin:knowledge_report_downloads_file"] = {"ending": "csv"}
    world.values["sitemap_section"] = {"section": "reports"}
    world.values["admin:knowledge_edition_upload"] = {"edition_id": file.edition_id}


def _add_messages(world: World, rows: int) -> None:
    for number in range(rows):
        message, concern = (
            ConnectMessage.objects.create(
                name=name,
                email="writer@example.org",
                organization="A ministry",
                job_title="Officer",
                is_concern=name == CONCERN,
                fingerprint=f"{name}{number}",
            )
            for name in ("Writer", CONCERN)
        )
        ConnectMessage.objects.create(
            name="Advertiser", email="ads@example.org", status="held", fingerprint=f"held{number}"
        )
        subscription = Subscription.objects.create(
            email=f"news{number}@example.org", confirmed_at=timezone.now()
        )
        alert = Alert.objects.create(
            email="reader@example.org", search=f"q=rain{number}", confirmed_at=timezone.now()
        )
        mail = OutgoingMail.objects.create(
            recipient="writer@example.org",
            sender="alliance@localhost",
            subject=f"Mail {number}",
            text="Hello",
            html="<p>Hello</p>",
            message_id=f"<{number}@localhost>",
        )
        for row in (message, concern):
            row.replies.create(text=row.name)
            row.notes.create(text=row.name)
        ConnectRoute.objects.create(reason=Term.objects.filter(vocabulary="connect-reason")[number])
    acts = ("answer", "note", "assign", "deal_with", "put_back")
    for name in ("change", "history", "delete", *acts):
        address = f"admin:organizations_connectmessage_{name}"
        world.values[address] = {"object_id": message.pk}
        world.values[f"{address} concern"] = {"object_id": concern.pk}
    for name, link in (
        ("connect_thread", connect_links.thread_link(message)),
        ("subscription_confirm", subscription_links.confirm_link(subscription)),
        ("subscription_choices", subscription_links.choices_link(subscription)),
        ("subscription_end", subscription_links.end_link(subscription)),
        ("library:alert_confirm", alert_links.confirm_link(alert)),
        ("library:alert_end", alert_links.end_link(alert)),
        ("library:alerts", alert_links.list_link(alert)),
    ):
        world.values[name] = {"token": link.rstrip("/").rpartition("/")[2]}
        world.values[f"{name} forged"] = {"token": "1.forged"}
    world.values |= {name: {"pk": mail.pk} for name in ("local_mail_detail", "local_mail_html")}


def _add_uploads(world: World) -> None:
    """Files on their way: of a visitor, and of a member."""
    for name in ("upload", "upload_append", "upload_finish", "upload_cancel"):
        for variant, by in (("", None), (" member", world.people["owner"].pk)):
            upload = PartialUpload.objects.create(
                purpose="logo", max_side=9, name="logo", size=9, uploaded_by=by
            )
            world.values[name + variant] = {"upload_uuid": upload.pk}
