"""From the form to the secretariat: everything once more, the proof of identity, the receipt."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.exceptions import ActionRefused
from alliance.prepared import Prepared
from organizations.login.proof import ask_for_proof, is_proof_recent
from organizations.models import Membership
from organizations.people import signed_in
from organizations.permissions import member_of
from organizations.templatetags.people import person
from submissions import actions, permissions
from submissions.answers import Answers, sections
from submissions.desk import Desk
from submissions.discarded import words_on_discarded
from submissions.documents import stamp_of
from submissions.labels import DECLARATION_TITLE
from submissions.leads import leads_on
from submissions.models import Submission
from submissions.typed import version_in

# In the session, while the proof is asked for: what somebody had read and wanted to send.
_READ = "read_before_proof"

_own = Prepared(
    lambda organization, name: Submission.objects.filter(organization=organization, uuid=name),
    int,
    uuid.UUID,
)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """Everything laid out once more; Submit asks for a fresh proof of identity, then sends."""
    user = signed_in(request)
    membership = member_of(user)
    submission = _own.first(membership.organization_id, submission_uuid) if membership else None
    if submission is None or membership is None:
        return _missing(request, submission_uuid, membership)
    # Read with the person's place in it already: nobody has two.
    submission.organization = membership.organization
    if not (submission.is_draft or submission.is_live):
        return redirect("submissions:received", submission.uuid)
    if not permissions.can_write(user, submission):
        raise PermissionDenied
    desk = Desk(submission.kind, membership, submission.uuid, submission)
    form = desk.checked()
    if not form.is_valid():
        return redirect(desk.mistakes)
    if request.method == "POST":
        return _send(request, desk, form.answers())
    if _was_changed_since_read(request, desk):
        messages.warning(request, _changed_words(submission))
    return _check_page(request, desk, form.answers())


def _missing(
    request: HttpRequest, submission_uuid: uuid.UUID, membership: Membership | None
) -> HttpResponse:
    """Nothing, unless a colleague deleted the draft while this person read it once more."""
    words = ""
    if membership is not None and request.method == "POST":
        words = words_on_discarded(submission_uuid, membership.organization)
    if not words:
        raise Http404
    messages.error(request, _("%(words)s Nothing was sent.") % {"words": words})
    return redirect("drafts")


def _check_page(request: HttpRequest, desk: Desk, answers: Answers) -> HttpResponse:
    context = {
        "submission": desk.submission,
        "desk": desk,
        "sections": sections(desk.kind, answers.values),
        "documents": desk.documents,
        "documents_seen": stamp_of(desk.documents),
        "statements": answers.statements,
        "declaration_title": DECLARATION_TITLE,
        "needs_proof": not is_proof_recent(request),
    }
    return render(request, "submissions/check.html", context)


def _was_changed_since_read(request: HttpRequest, desk: Desk) -> bool:
    """Whether somebody comes back from their proof to another text than they had wanted to send."""
    read = request.session.pop(_READ, None)
    return read is not None and read[0] == desk.name.hex and read != _stamp_of(desk)


def _stamp_of(desk: Desk) -> list[Any]:
    return [desk.name.hex, desk.version, stamp_of(desk.documents)]


def _changed_words(submission: Submission) -> str:
    return _(
        "%(person)s saved a newer version meanwhile. "
        "Please read it once more: nothing has been sent yet."
    ) % {"person": person(submission.saved_by)}


def _send(request: HttpRequest, desk: Desk, answers: Answers) -> HttpResponse:
    submission = desk.submission
    assert submission is not None
    user, version = signed_in(request), version_in(request.POST)
    seen = request.POST.get("documents", "")
    if not is_proof_recent(request):
        request.session[_READ] = [desk.name.hex, version, seen]
        return ask_for_proof(request)
    send = actions.submit if submission.is_draft else actions.send_change
    try:
        send(submission, by=user, version=version, answers=answers, documents=seen)
    except actions.NewerVersionSaved as newer:
        messages.error(request, _changed_words(newer.current))
        return redirect("submissions:check", submission.uuid)
    except ActionRefused as refused:
        messages.error(request, refused.message)
        return redirect("submissions:check", submission.uuid)
    if submission.is_draft:
        return redirect("submissions:received", submission.uuid)
    messages.success(
        request, _("Your change is sent. Until it is accepted, what is published stays as it is.")
    )
    return redirect(submission)


@require_safe
def received(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """The confirmation: the number, what happens next, and how long it usually takes."""
    submission = get_object_or_404(
        Submission.objects.visible_to(signed_in(request)), uuid=submission_uuid
    )
    if submission.is_draft:
        return redirect("submissions:edit", submission.uuid)
    context = {"submission": submission, "leads": leads_on(submission)}
    return render(request, "submissions/received.html", context)
