"""Members answer the secretariat's questions, on the page of their submission."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from alliance import unsent
from alliance.exceptions import ActionRefused
from alliance.models import StagedUpload
from alliance.text import Text
from organizations.models import User
from organizations.people import signed_in
from submissions import actions, permissions
from submissions.desk import save_documents
from submissions.forms import SubmissionForm
from submissions.forms.clarification import answer_form, answer_name
from submissions.models import Clarification, ClarificationItem, Submission
from submissions.prefill import kept_logo
from submissions.questions import about
from submissions.rounds import Round
from submissions.typed import Typed, typed_from, version_in
from submissions.views import submission_page


def present_form(
    request: HttpRequest, submission: Submission, newest: Round | None
) -> SubmissionForm | None:
    """The form over the open round, for who may answer; with what was typed but never arrived."""
    may_answer = permissions.can_answer(signed_in(request), submission)
    if newest is None or not newest.clarification.is_open or not may_answer:
        return None
    text = unsent.bring_back(request)
    form = _form(submission, [row.item for row in newest.asked])
    if text is None:
        return form
    if version_in(text) != submission.version:
        messages.warning(request, actions.NEWER_VERSION)
    return _form(
        submission, [row.item for row in newest.asked], typed=typed_from(text, form.fields)
    )


def _form(
    submission: Submission, items: list[ClarificationItem], *args: Any, **more: Any
) -> SubmissionForm:
    return answer_form(
        submission,
        items,
        submission.revisions.latest("number"),
        *args,
        initial={"logo": kept_logo(submission)},
        documents=list(submission.attachments.present()),
        **more,
    )


def answer(request: HttpRequest, submission: Submission, *, by: User) -> HttpResponse:
    """Save what was posted; then stay, or send it back where nothing is missing."""
    if not permissions.can_apply(by, submission.organization):
        raise PermissionDenied
    newest = submission.clarifications.first()
    if newest is None:
        return redirect(submission)
    items = list(newest.items.all())
    form = _form(submission, items, request.POST, request.FILES)
    is_valid = form.is_valid()
    typed = _typed(request, form)
    try:
        submission = _save(submission, form, items, typed, request=request, by=by)
        if "save" in request.POST:
            messages.success(request, _("Saved. Nothing is sent yet."))
            return redirect(submission)
        if is_valid:
            actions.send_back(submission, by=by, version=submission.version, answers=form.answers())
            messages.success(request, _("Sent back. The secretariat goes on with its review."))
            return redirect(submission)
    except actions.NewerVersionSaved as newer:
        return _conflict(request, newer, form, typed)
    except ActionRefused as refused:
        return _too_late(request, submission, newest, form, typed, refused=refused, by=by)
    _show_what_is_kept(form, submission)
    return submission_page.show(request, submission, form=form, status=422)


def _show_what_is_kept(form: SubmissionForm, submission: Submission) -> None:
    """The files of a posted form are the submission's now, mistakes elsewhere or not."""
    form.documents = list(submission.attachments.present())
    form.let_go({"logo": kept_logo(submission)})


def _typed(request: HttpRequest, form: SubmissionForm) -> Typed:
    """What was posted to the open fields and answers; a box unticked is an answer too."""
    names = [name for name in form.fields if name not in form.file_fields()]
    return {name: [] for name in names} | typed_from(request.POST, names)


def _save(
    submission: Submission,
    form: SubmissionForm,
    items: list[ClarificationItem],
    typed: Typed,
    *,
    request: HttpRequest,
    by: User,
) -> Submission:
    """Keep answers, open fields and files; the files once the rest was not refused."""
    logo = form.cleaned_data.get("logo")
    asked = {answer_name(item): item.pk for item in items}
    submission = actions.save_answers(
        submission,
        by=by,
        version=version_in(request.POST),
        answers={
            asked[name]: "".join(values[:1]) for name, values in typed.items() if name in asked
        },
        typed={name: values for name, values in typed.items() if name not in asked},
        logo=logo if isinstance(logo, StagedUpload) else None,
        remove_logo="logo" in form.cleaned_data and logo is None,
    )
    if "attachments" in form.fields:
        save_documents(submission, form, request.POST, by=by)
    return submission


def _conflict(
    request: HttpRequest,
    newer: actions.NewerVersionSaved,
    posted: SubmissionForm,
    typed: Typed,
) -> HttpResponse:
    """What was typed, beside where it differs from what a colleague saved; the next press decides."""
    current = newer.current
    items = list(current.clarifications.open().get().items.all())
    saved = {answer_name(item): [item.answer] for item in items} | current.typed
    form = _form(current, items, typed=typed)
    form.hold(posted)
    differing = [
        _label(current, items, form, name)
        for name in form.fields
        if name in typed and "".join(typed[name]) != "".join(saved.get(name, []))
    ]
    return submission_page.show(request, current, form=form, status=409, differing=differing)


def _label(
    submission: Submission, items: list[ClarificationItem], form: SubmissionForm, name: str
) -> Text | None:
    for item in items:
        if name == answer_name(item):
            return _("Your answer: %(field)s") % {"field": about(submission.kind, item.field)}
    return form.fields[name].label


def _too_late(
    request: HttpRequest,
    submission: Submission,
    clarification: Clarification,
    form: SubmissionForm,
    typed: Typed,
    *,
    refused: ActionRefused,
    by: User,
) -> HttpResponse:
    """Somebody was quicker: say who did what, and show what was typed, to copy it."""
    clarification.refresh_from_db()
    items = list(clarification.items.all())
    is_second_click = clarification.answered_by == by and all(
        "".join(typed.get(answer_name(item), [item.answer])) == item.answer for item in items
    )
    if is_second_click:
        return redirect(submission)
    messages.error(request, refused.message)
    kept = [
        (_label(submission, items, form, name), "\n".join(values))
        for name, values in typed.items()
        if "".join(values).strip()
    ]
    submission.refresh_from_db()
    return submission_page.show(request, submission, status=409, kept=kept)
