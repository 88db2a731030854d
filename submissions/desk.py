"""Where a form is written: what its page starts from, and how what was posted is kept."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from alliance.models import StagedUpload
from organizations.models import Membership, Organization, User
from submissions import actions
from submissions.documents import present_documents
from submissions.forms import FORMS, SubmissionForm
from submissions.forms.documents import REMOVED_DOCUMENTS
from submissions.merging import FIELD as BASE
from submissions.merging import Merged, base_of, merge, shown_first
from submissions.models import Attachment, Kind, Submission
from submissions.prefill import application_initial, kept_logo
from submissions.typed import Typed, as_initial, as_posted, typed_from, version_in

_SALT = "submissions.desk"
NEW_ROUTES: dict[str, str] = {
    Kind.EXPRESSION_OF_INTEREST: "apply",
    Kind.DEMAND: "new_demand",
    Kind.OFFER: "new_offer",
}
# What a page's script must know: the text is not saved yet, or must not be saved by itself.
UNSAVED, CONFLICT = "unsaved", "conflict"
# In the query string of a draft's page: show what is still missing or wrong in it.
CHECKED = "checked"


@dataclass
class Desk:
    """One form of one organization. `submission` is None until its first saving, which makes it.

    `name` is the uuid that it then gets. The page carries it, signed, so that the same page finds
    the same draft however often it is saved, and in whatever order its savings arrive.
    """

    kind: str
    membership: Membership
    name: uuid.UUID
    submission: Submission | None = None
    _documents: list[Attachment] | None = None

    @property
    def organization(self) -> Organization:
        return self.membership.organization

    @property
    def version(self) -> int:
        return self.submission.version if self.submission else 0

    @property
    def token(self) -> str:
        return signing.dumps([self.organization.pk, self.kind, self.name.hex], salt=_SALT)

    @property
    def base(self) -> str:
        """Fingerprints of what the page shows before anybody types on it."""
        return base_of(shown_first(self._profile) | self._typed)

    @property
    def _typed(self) -> Typed:
        return self.submission.typed if self.submission else {}

    @property
    def address(self) -> str:
        """Where the page stands."""
        if self.submission is None or self.kind == Kind.EXPRESSION_OF_INTEREST:
            return reverse(NEW_ROUTES[self.kind])
        return reverse("submissions:edit", args=[self.submission.uuid])

    @property
    def mistakes(self) -> str:
        """Where the saved draft stands with its mistakes beside the fields."""
        return f"{self.address}?{CHECKED}"

    @property
    def documents(self) -> list[Attachment]:
        """Those of the form now; an application has none."""
        if self.submission is None or self.submission.is_application:
            return []
        if self._documents is None:
            self._documents = present_documents(self.submission)
        return self._documents

    def blank(self, unsent: QueryDict | None = None) -> SubmissionForm:
        """The form as it is shown: the profile's answers, the draft's, or those never arrived."""
        is_first = unsent is None and self.submission is None
        initial = self._profile | self._files()
        form = FORMS[self.kind](initial=initial, documents=self.documents, drawn=not is_first)
        if unsent is not None:
            typed = typed_from(unsent, form.fields)
            form.hold_again(unsent)
        else:
            typed = self._typed
        form.initial.update(as_initial(typed, form.fields))
        return form.name_retired()

    def posted(self, request: HttpRequest) -> SubmissionForm:
        """The form with what was posted."""
        return FORMS[self.kind](
            request.POST, request.FILES, initial=self._files(), documents=self.documents
        ).name_retired()

    def again(self, form: SubmissionForm) -> SubmissionForm:
        """A posted form with its mistakes, once it is saved: its files are the draft's now."""
        form.documents = self.documents
        form.let_go(self._files())
        return form

    def checked(self) -> SubmissionForm:
        """The draft as if it had just been posted, to be checked."""
        return self._sent_again(drawn=False).without_idle_fields()

    def with_mistakes(self) -> SubmissionForm:
        """The same, to be shown."""
        return self._sent_again(self.documents).name_retired()

    def _sent_again(
        self, documents: Sequence[Attachment] = (), *, drawn: bool = True
    ) -> SubmissionForm:
        typed, files = as_posted(self._typed), self._files()
        return FORMS[self.kind](typed, initial=files, documents=documents, drawn=drawn)

    def save(self, form: SubmissionForm, posted: QueryDict, *, by: User) -> Submission:
        """Keep what was posted, valid or not. Raises NewerVersionSaved and ActionRefused."""
        submission = self.submission or actions.start_draft(
            self.organization, self.kind, by=by, name=self.name
        )
        logo = form.cleaned_data.get("logo")
        self.submission = actions.save_draft(
            submission,
            by=by,
            typed=typed_from(posted, form.fields),
            version=self.version_on(posted),
            logo=logo if isinstance(logo, StagedUpload) else None,
            remove_logo="logo" in form.cleaned_data and logo is None,
        )
        self._documents = None
        save_documents(self.submission, form, posted, by=by)
        return self.submission

    def version_on(self, posted: QueryDict) -> int:
        """The version that a page was made from; one that never was, where its draft is no more.

        Of Expressions of Interest an organization has one at a time: a page of the last one, which
        is deleted, must not pass for a page of the next.
        """
        named = name_in(posted, self.organization)
        is_other = named and self.submission and named.uuid != self.submission.uuid
        return -1 if is_other else version_in(posted)

    def merged(self, posted: QueryDict, form: SubmissionForm) -> Merged:
        """What was posted by a page of an earlier version, with what was saved since."""
        names = [name for name in form.fields if name not in form.file_fields()]
        return merge(typed_from(posted, names), self._typed, posted.get(BASE, ""), names)

    def saved(self, name: str) -> list[str]:
        """What the draft says in this field."""
        return self._typed.get(name, [])

    @cached_property
    def _profile(self) -> dict[str, Any]:
        """What the profile answers of the form."""
        if self.kind != Kind.EXPRESSION_OF_INTEREST:
            return {}
        return application_initial(self.organization, self.membership)

    def _files(self) -> dict[str, Any]:
        if self.kind != Kind.EXPRESSION_OF_INTEREST:
            return {}
        draft = self.submission or Submission(
            organization=self.organization, logo=self.organization.logo.name
        )
        return {"logo": kept_logo(draft)}


def save_documents(
    submission: Submission, form: SubmissionForm, posted: QueryDict, *, by: User
) -> None:
    """Take away the form's documents that were ticked, and keep those that were added."""
    ticked = set(posted.getlist(REMOVED_DOCUMENTS))
    removed = [document for document in form.documents if str(document.pk) in ticked]
    for document in removed:
        actions.remove_attachment(document, by=by)
    uploads = form.new_documents()
    added = actions.add_attachments(submission, uploads, by=by) if uploads else []
    if removed or added:
        actions.note_documents(submission, by=by)


class Name(NamedTuple):
    """What a page says that it was made for."""

    kind: str
    uuid: uuid.UUID


def name_in(posted: QueryDict, organization: Organization) -> Name | None:
    """What a page of this organization was made for; None where it says nothing, or a forgery."""
    try:
        place, kind, name = signing.loads(posted.get("draft", ""), salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    return Name(kind, uuid.UUID(name)) if place == organization.pk else None
