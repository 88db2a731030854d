"""Members answer the secretariat's questions, on the page of their submission."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alliance import unsent
from alliance.exceptions import ActionRefused
from alliance.models import StagedUpload
from alliance.text import Text
from organizations.models import User
from organizations.people import signed_in
from submissions import actions, permissions
from submissions.desk import CONFLICT, UNSAVED, save_documents
from submissions.documents import present_documents
from submissions.forms import FORMS, SubmissionForm
from submissions.forms.clarification import answer_form, answer_name
from submissions.merging import FIELD as BASE
from submissions.merging import Said, as_said, base_of, merge
from submissions.models import Attachment, Clarification, ClarificationItem, Submission
from submissions.prefill import kept_logo
from submissions.questions import about
from submissions.rounds import Round, rounds_of
from submissions.typed import Typed, cut_words, typed_from, version_in
from submissions.views import autosave, submission_page


def present(request: HttpRequest, submission: Submission, newest: Round | None) -> dict[str, Any]:
    """What the page shows to answer the open round, for who may; nothing for all others.

    With what was typed when the login was over, and never arrived.
    """
    may_answer = permissions.can_answer(signed_in(request), submission)
    if newest is None or not newest.clarification.is_open or not may_answer:
        return {}
    items = [row.item for row in newest.asked]
    form = _form(submission, items)
    text = unsent.bring_back(request)
    if text is None:
        return _shown(request, submission, items, form)
    if version_in(text) != submission.version:
        return _both(request, submission, items, text)
    form = _form(submission, items, typed=typed_from(text, form.fields))
    form.hold_again(text)
    return _shown(request, submission, items, form, state=UNSAVED)


def _shown(
    request: HttpRequest,
    submission: Submission,
    items: list[ClarificationItem],
    form: SubmissionForm,
    **more: Any,
) -> dict[str, Any]:
    """The form with what its script needs to save it."""
    return {
        "form": form,
        "base": base_of(_saved(submission, items, form)),
        "others": submission.visits.beside(signed_in(request)),
        **more,
    }


def _saved(submission: Submission, items: list[ClarificationItem], form: SubmissionForm) -> Typed:
    """What is saved of what the form asks: the open fields, and an answer to each question."""
    said = submission.typed | {answer_name(item): [item.answer] for item in items}
    return {name: said.get(name, []) for name in _typed_names(form)}


def _typed_names(form: SubmissionForm) -> list[str]:
    return [name for name in form.fields if name not in form.file_fields()]


def _form(
    submission: Submission, items: list[ClarificationItem], *args: Any, **more: Any
) -> SubmissionForm:
    return answer_form(
        submission,
        items,
        submission.revisions.latest("number"),
        *args,
        initial={"logo": kept_logo(submission)},
        documents=present_documents(submission),
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
    typed = _typed(request.POST, form)
    kept = _settled_meanwhile(request.POST, submission, items, form)
    try:
        submission = _save(submission, form, items, typed, request=request, by=by)
        if "save" in request.POST:
            for words in cut_words(request.POST, form.fields):
                messages.warning(request, words)
            for text in form.errors.get("attachments", ()):
                messages.error(request, str(text))
            messages.success(request, _("Saved. Nothing is sent yet."))
            return _done(request, submission, kept)
        if is_valid:
            actions.send_back(submission, by=by, version=submission.version, answers=form.answers())
            messages.success(request, _("Sent back. The secretariat goes on with its review."))
            return _done(request, submission, kept)
    except actions.NewerVersionSaved as newer:
        items = list(newer.current.clarifications.open().get().items.all())
        both = _both(request, newer.current, items, request.POST, posted=form)
        return submission_page.show(request, newer.current, status=409, **both)
    except ActionRefused as refused:
        return _too_late(request, submission, newest, form, typed, refused=refused, by=by)
    _show_what_is_kept(form, submission)
    shown = _shown(request, submission, list(newest.items.all()), form)
    return submission_page.show(request, submission, status=422, kept=kept, **shown)


def _done(request: HttpRequest, submission: Submission, kept: list[Said]) -> HttpResponse:
    """On to the page as it is now; what was typed to a settled question is shown, to copy it."""
    if not kept:
        return redirect(submission)
    messages.warning(request, _("The secretariat has settled a question meanwhile."))
    submission = Submission.objects.select_related("organization", "saved_by").get(pk=submission.pk)
    rounds = rounds_of(submission)
    shown = present(request, submission, next(iter(rounds), None))
    return submission_page.show(request, submission, rounds=rounds, kept=kept, **shown)


@require_POST
def answers(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """Save the answers while somebody types; tells in JSON what `autosave` tells of a draft."""
    user = signed_in(request)
    visible = Submission.objects.visible_to(user).select_related("organization")
    submission = get_object_or_404(visible, uuid=submission_uuid)
    newest = submission.clarifications.first()
    if newest is None:
        return autosave.refused(_("This page is out of date. Please open it again."), status=404)
    items = list(newest.items.all())
    form = _form(submission, items, request.POST, request.FILES)
    form.is_valid()
    typed = _typed(request.POST, form)
    try:
        submission = _save(submission, form, items, typed, request=request, by=user)
    except actions.NewerVersionSaved as newer:
        items = list(newer.current.clarifications.open().get().items.all())
        saved = _saved(newer.current, items, _form(newer.current, items))
        return autosave.newer_version(newer.current, by=user, typed=saved, base=base_of(saved))
    except ActionRefused as refusal:
        return autosave.refused(refusal.message, status=403)
    return autosave.saved(
        submission,
        by=user,
        base=base_of(typed),
        address=submission.get_absolute_url(),
        documents=_documents(submission, form),
        cut=cut_words(request.POST, form.fields),
        not_kept=form.errors.get("attachments", ()),
    )


def _documents(submission: Submission, form: SubmissionForm) -> list[Attachment] | None:
    """The documents where the form asks about them, else nothing."""
    return present_documents(submission) if "attachments" in form.fields else None


def _show_what_is_kept(form: SubmissionForm, submission: Submission) -> None:
    """The files of a posted form are the submission's now, mistakes elsewhere or not."""
    form.documents = present_documents(submission)
    form.let_go({"logo": kept_logo(submission)})


def _typed(posted: QueryDict, form: SubmissionForm) -> Typed:
    """What was posted to the open fields and answers; a box unticked is an answer too."""
    names = _typed_names(form)
    return {name: [] for name in names} | typed_from(posted, names)


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


def _both(
    request: HttpRequest,
    submission: Submission,
    items: list[ClarificationItem],
    text: QueryDict,
    *,
    posted: SubmissionForm | None = None,
) -> dict[str, Any]:
    """What was typed on an earlier version, with what a colleague has saved since.

    Where both changed an answer, theirs stands beside it and a person chooses.
    """
    fresh = _form(submission, items)
    saved = _saved(submission, items, fresh)
    merged = merge(_typed(text, fresh), saved, text.get(BASE, ""), _typed_names(fresh))
    form = _form(submission, items, typed=merged.typed)
    if posted is not None:
        form.hold(posted)
    differing = [
        as_said(fresh[name], saved[name], _label(submission, items, fresh, name))
        for name in merged.differing
    ]
    state = CONFLICT if differing else UNSAVED
    more = {"state": state, "differing": differing, "is_merged": True}
    return _shown(request, submission, items, form, **more)


def _label(
    submission: Submission, items: list[ClarificationItem], form: SubmissionForm, name: str
) -> Text | None:
    for item in items:
        if name == answer_name(item):
            return _about(submission, item)
    return form.fields[name].label


def _about(submission: Submission, item: ClarificationItem) -> str:
    return _("Your answer: %(field)s") % {"field": about(submission.kind, item.field)}


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
        as_said(form[name], values, _label(submission, items, form, name))
        for name, values in typed.items()
        if "".join(values).strip()
    ]
    submission.refresh_from_db()
    return submission_page.show(request, submission, status=409, kept=kept)


def _settled_meanwhile(
    posted: QueryDict, submission: Submission, items: list[ClarificationItem], form: SubmissionForm
) -> list[Said]:
    """What was typed about questions that the secretariat has settled since the page was made."""
    settled = [item for item in items if item.is_settled]
    kept = [
        Said(_about(submission, item), said)
        for item in settled
        if (said := str(posted.get(answer_name(item), item.answer))) != item.answer
    ]
    whole = FORMS[submission.kind]()
    opened = {name for item in settled if item.field for name in whole.opened_by(item.field)}
    closed = (opened & whole.fields.keys()) - {*form.fields, *whole.file_fields()}
    return kept + [
        as_said(whole[name], values)
        for name, values in typed_from(posted, closed).items()
        if any(values) and values != submission.typed.get(name)
    ]
