"""From the first word typed to the reference number."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.files.staging import publish
from alliance.models import StagedUpload
from organizations.actions.due_diligence_work import note_application
from organizations.actions.registration import Profile, change_profile
from organizations.actions.screening import add_screened_person
from organizations.models import Organization, ScreenedName, User
from submissions import emails, permissions
from submissions.actions.moves import locked, move
from submissions.answers import Answers, Choice, Value
from submissions.models import DeclarationAnswer, Kind, Revision, Submission
from submissions.typed import Typed

NEWER_VERSION = _(
    "A newer version of this draft was saved elsewhere. What you typed is kept below."
)


class NewerVersionSaved(ActionRefused):
    """Somebody saved the draft since this person opened it; `current` is what stands now."""

    def __init__(self, current: Submission) -> None:
        super().__init__(NEWER_VERSION)
        self.current = current


@transaction.atomic
def start_application(organization: Organization, *, by: User) -> Submission:
    """The organization's open Expression of Interest, or a new draft of one."""
    if not permissions.can_apply(by, organization):
        raise ActionRefused(_("Only owners and editors of an organization can apply."))
    # The organization's row is the lock: two first clicks at once make one draft.
    Organization.objects.select_for_update().get(pk=organization.pk)
    existing = Submission.objects.applications().open().filter(organization=organization).first()
    if existing is not None:
        return existing
    submission = Submission.objects.create(
        kind=Kind.EXPRESSION_OF_INTEREST,
        organization=organization,
        status_by=by,
        logo=organization.logo.name,
    )
    audit.record("submission.begun", by=by, about=submission)
    return submission


@transaction.atomic
def save_draft(
    submission: Submission,
    *,
    by: User,
    typed: Typed,
    version: int,
    logo: StagedUpload | None = None,
    remove_logo: bool = False,
) -> Submission:
    """Keep what was typed, valid or not. Raises NewerVersionSaved instead of overwriting.

    `version` is the draft's version that the page was made from; `logo` replaces the draft's.
    """
    submission = locked(submission)
    if not permissions.can_apply(by, submission.organization):
        raise ActionRefused(_("Only owners and editors of an organization can write its drafts."))
    if not submission.is_draft:
        raise ActionRefused(_("This has been sent already and can no longer be changed."))
    is_unchanged = typed == submission.typed and logo is None and not remove_logo
    if is_unchanged and submission.saved_at is not None:
        return submission  # a second click, or a colleague who typed the same
    if version != submission.version:
        raise NewerVersionSaved(submission)
    submission.typed = typed
    submission.version += 1
    submission.saved_at = timezone.now()
    submission.saved_by = by
    if logo is not None:
        submission.logo = publish(logo)
    elif remove_logo:
        submission.logo = ""
    submission.save(update_fields=["typed", "version", "saved_at", "saved_by", "logo"])
    return submission


@transaction.atomic
def submit(submission: Submission, *, by: User, version: int, answers: Answers) -> Submission:
    """Send a draft whose answers were checked: freeze them, give a number, confirm by mail.

    Sending what is already sent changes nothing, so a second click gets the first one's answer.
    """
    submission = locked(submission)
    if not permissions.can_apply(by, submission.organization):
        raise ActionRefused(_("Only owners and editors of an organization can apply."))
    if not submission.is_draft:
        return submission
    if version != submission.version:
        raise NewerVersionSaved(submission)
    submission.submitted_at = timezone.now()
    submission.submitted_by = by
    submission.reference = submission.make_reference()
    _fill_columns(submission, answers.values)
    revision = _freeze(submission, answers, by=by)
    move(
        submission,
        "submit",
        event="submission.submitted",
        by=by,
        revision=revision.number,
        also_save=(
            "submitted_at",
            "submitted_by",
            "reference",
            "title",
            "country",
            "region",
            "partner_category",
            "sdgs",
        ),
    )
    emails.application_received(submission)
    _tell_profile(submission.organization, answers.values, by=by)
    _tell_due_diligence(submission, answers.values)
    return submission


def _tell_profile(organization: Organization, values: dict[str, Value], *, by: User) -> None:
    """What the application says and the profile does not yet, goes into the profile too."""
    profile = Profile(
        website=None if organization.website else str(values["website"]),
        description=None if organization.description else str(values["description"]),
    )
    if profile != Profile():
        change_profile(organization, by=by, profile=profile)


def _tell_due_diligence(submission: Submission, values: dict[str, Value]) -> None:
    """Have lead and co-lead screened, and the level follow what the institution wants to do."""
    for role in (ScreenedName.Kind.LEAD, ScreenedName.Kind.CO_LEAD):
        if name := str(values.get(f"{role}_name") or "").strip():
            add_screened_person(
                submission.organization,
                name=name,
                role=role,
                email=str(values.get(f"{role}_email") or ""),
                source=ScreenedName.Source.APPLICATION,
                reference=submission.reference or "",
                by=submission.submitted_by,
            )
    note_application(
        submission.organization,
        category=_code(values["partner_category"]),
        engagement=[choice["code"] for choice in _choices(values["interest"])],
    )


def _fill_columns(submission: Submission, values: dict[str, Value]) -> None:
    """Repeat the answers that lists filter by."""
    submission.title = str(values["name"])
    country = _code(values["country"])
    submission.country_id = country if len(country) == 2 else None
    submission.region = _code(values["region"])
    submission.partner_category = _code(values["partner_category"])
    submission.sdgs = [choice["code"] for choice in _choices(values["sdgs"])]


def _code(value: Value) -> str:
    return _choices(value)[0]["code"]


def _choices(value: Value) -> list[Choice]:
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, dict) else []


def _freeze(submission: Submission, answers: Answers, *, by: User) -> Revision:
    number = submission.revisions.count() + 1
    revision = Revision.objects.create(
        submission=submission,
        number=number,
        answers=answers.values,
        logo_name=submission.logo.name or "",
        language=answers.language,
        made_by=by,
    )
    DeclarationAnswer.objects.bulk_create(
        DeclarationAnswer(
            revision=revision,
            statement=answer.statement,
            statement_version=answer.statement.version,
            wording=answer.wording,
            language=answers.language,
            answer=answer.answer,
            explanation=answer.explanation,
            answered_by=by,
        )
        for answer in answers.statements
    )
    return revision


@transaction.atomic
def withdraw(submission: Submission, *, by: User) -> Submission:
    """Take an open submission back; what was sent stays readable for its organization."""
    submission = locked(submission)
    move(submission, "withdraw", event="submission.withdrawn", by=by)
    return submission
